"""Numbers and verification codes of papers, without a database."""

import secrets
from collections.abc import Mapping, Set
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code can be read aloud."""


CODE_LENGTH = 16


def new_verify_code() -> str:
    """Sixteen characters, 80 random bits: not guessable behind a throttled page."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """The code as it is printed: 7K3M-Q9TV-2XHD-84PW."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def clean_code(text: str) -> str:
    """What a person typed, as the stored code: upper case, no separators, look-alikes put right."""
    kept = "".join(character for character in text.upper() if character.isalnum())
    return kept.replace("O", "0").replace("I", "1").replace("L", "1")


def series_of(prefix: str, key: str, year: int) -> str:
    """The series a paper is numbered in: issuer and kind and year of the decision."""
    return f"{prefix}{key}-{year}"


_BRACKETS = str.maketrans("[](){}【】（）［］", "〔〕〔〕〔〕〔〕〔〕〔〕")


def printed_number(text: str) -> str:
    """A paper number as somebody types it, as it is printed: six-sided brackets, no white space, half-width digits."""
    kept = "".join(text.split()).translate(_BRACKETS)
    return "".join(chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one for one in kept)


FIXED = frozenset(
    f"head.{name}"
    for name in (
        "case_number",
        "document_title",
        "issued_on",
        "issuer_name",
        "number",
        "seal",
        "verify_code",
        "verify_url",
    )
)
"""Where no correction reaches: what the paper is, whose it is to issue, and how it is numbered and checked."""


def correct(value: Any, corrections: Mapping[str, str], *, open_paths: Set[str], path: str = "") -> Any:
    """The same JSON value, with each text at an open path that equals a key put as that key's value says."""
    if isinstance(value, Mapping):
        return {
            name: correct(inner, corrections, open_paths=open_paths, path=f"{path}.{name}".lstrip("."))
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [
            correct(inner, corrections, open_paths=open_paths, path=f"{path}.{place}")
            for place, inner in enumerate(value)
        ]
    return corrections.get(value, value) if isinstance(value, str) and path in open_paths else value

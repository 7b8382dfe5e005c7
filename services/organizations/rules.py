"""Checks on what an organization is called and numbered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from services.authority.rules import shared_digits
from services.errors import RowFault

LegalForm = Literal["association", "service_organization", "foundation"]

NAME_LENGTH = 60
PURCHASER = "purchaser"
"""The subtype of an office that buys services: a party to its purchases, none of the community's organizations."""
PRIORITY_CATEGORIES = ("SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB")
"""Kinds the policy wants first when places or money are short (一(二) 突出重点); by now nothing else is entered."""
"""The longest name of an organization, in characters."""

_CODE_LENGTH = 18
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—]")
_FORMS: dict[str, LegalForm] = {"51": "association", "52": "service_organization", "53": "foundation"}
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_FILING_NUMBER = re.compile(r"(?P<street>[0-9]{9})-(?P<year>20[0-9]{2})-(?P<serial>[0-9]{4,})")


# Unified social credit code -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreditCodeCheck:
    """What a typed unified social credit code comes to.

    `code` is the code as it would be stored; `reasons` are empty when it is sound; `suggestion` is a sound code that
    was probably meant (a letter O for a 0, a letter I for a 1), or None.
    """

    code: str
    reasons: tuple[str, ...]
    suggestion: str | None


def normalize_credit_code(text: str) -> str:
    """The code in half-width capitals without spaces or hyphens."""
    return _SEPARATORS.sub("", text.translate(_FULL_WIDTH)).upper()


def check_credit_code(text: str) -> CreditCodeCheck:
    """Check a unified social credit code by GB 32100-2015, and the organization code in it by GB 11714.

    Reason codes: `organization.credit_code_length`, `…_letter_i`, `…_letter_o`, `…_character`, `…_organization_code`
    (position 17), `…_check_digit` (position 18). A few early genuine codes fail: an override needs two people.
    """
    code = normalize_credit_code(text)
    if len(code) != _CODE_LENGTH:
        return CreditCodeCheck(code, ("organization.credit_code_length",), None)
    reasons = [f"organization.credit_code_letter_{letter.lower()}" for letter in "IO" if letter in code]
    if reasons:
        meant = code.replace("O", "0").replace("I", "1")
        return CreditCodeCheck(code, tuple(reasons), meant if not check_credit_code(meant).reasons else None)
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return CreditCodeCheck(code, ("organization.credit_code_character",), None)
    if organization_code_check(code[8:16]) != code[16]:
        reasons.append("organization.credit_code_organization_code")
    try:
        uscc.validate(code)
    except ValidationError:
        reasons.append("organization.credit_code_check_digit")
    return CreditCodeCheck(code, tuple(reasons), None)


def organization_code_check(body: str) -> str:
    """The check character (0-9 or X) of the eight characters of an organization code. Source: GB 11714.

    Refuses (ValueError) a body that is not eight digits or capitals.
    """
    if len(body) != len(_BODY_WEIGHTS):
        raise ValueError(f"an organization code has eight characters before its check character, not {len(body)}")
    total = sum(_BODY_ALPHABET.index(character) * weight for character, weight in zip(body, _BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def legal_form_of(code: str) -> LegalForm | None:
    """The legal form that a sound code of a civil affairs department stands for; None for any other code."""
    return _FORMS.get(code[:2])


# Filing number ------------------------------------------------------------------------------------


def filing_number(street_code: str, *, year: int, serial: int) -> str:
    """The filing number street code-year-serial, as 229902001-2026-0003.

    Refuses (ValueError) a street code that is not nine digits, a year outside 2000-2099 and a serial below one.
    """
    number = f"{street_code}-{year:04d}-{serial:04d}"
    if serial < 1 or not _FILING_NUMBER.fullmatch(number):
        raise ValueError(f"no filing number can be made of {street_code!r}, {year} and {serial}")
    return number


def check_filing_number(text: str, *, street_code: str | None = None) -> tuple[str, ...]:
    """Reason codes against a filing number; empty when it is sound. With `street_code` it must be that street's.

    Codes: `organization.filing_number_format`, `organization.filing_number_street`.
    """
    match = _FILING_NUMBER.fullmatch(text)
    if match is None or int(match["serial"]) < 1 or (len(match["serial"]) > 4 and match["serial"].startswith("0")):
        return ("organization.filing_number_format",)
    if street_code is not None and match["street"] != street_code:
        return ("organization.filing_number_street",)
    return ()


# Names --------------------------------------------------------------------------------------------


def normalize_name(text: str) -> str:
    """The name in Unicode's composed form (NFC), without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def check_name(text: str, *, forbidden: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Reason codes against the name of an organization, sorted; empty when it may be stored as it is.

    Codes: `organization.name_empty`, `…_not_normalized` (not what `normalize_name` makes of it), `…_too_long` (over
    60 characters), `…_invisible_character` (control, direction, zero-width, line break or unassigned character),
    `…_forbidden_word` (a word of `forbidden`, which a rule set gives).
    """
    reasons: set[str] = set()
    if not text.strip():
        reasons.add("organization.name_empty")
    if text != normalize_name(text):
        reasons.add("organization.name_not_normalized")
    if len(text) > NAME_LENGTH:
        reasons.add("organization.name_too_long")
    if any(_invisible(character) for character in text):
        reasons.add("organization.name_invisible_character")
    if any(word in text for word in forbidden):
        reasons.add("organization.name_forbidden_word")
    return tuple(sorted(reasons))


def _invisible(character: str) -> bool:
    """True for what prints nothing of its own, or turns the text around it, or has no meaning.

    Variation selectors pass: they choose the form of a rare character. So do the planes of rare Chinese characters,
    part of which an older Python does not know yet.
    """
    if character in "\u115f\u1160\u3164\uffa0\u2800":
        return True
    category = unicodedata.category(character)
    if category == "Cn":
        return not 0x20000 <= ord(character) < 0x3FFFE
    return category in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or (category == "Zs" and character != " ")


# Search -------------------------------------------------------------------------------------------

_DASHES = str.maketrans("‐‑‒–—―－", "-" * 7)


def fold(text: str) -> str:
    """The text as it is compared in searches: half width, small letters, one kind of hyphen, no white space."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold().split())


def search_text(*parts: str | None) -> str:
    """What an organization is found by: each part folded, on a line of its own, with a line break around all.

    A search for a line break and some text finds a beginning, one with a break on both sides a whole part.
    """
    return "\n" + "\n".join(dict.fromkeys(folded for part in parts if part and (folded := fold(part)))) + "\n"


# Divisions ----------------------------------------------------------------------------------------

LEVELS: dict[str, tuple[int, tuple[str, ...]]] = {
    "prefecture": (6, ("city",)),
    "county": (6, ("city", "county")),
    "street": (9, ("street", "town", "township")),
    "community": (12, ("urban", "rural")),
}
"""Level of a division to the length of its code and the kinds it may be of. Source: GB/T 2260, GB/T 10114."""


@dataclass(frozen=True, slots=True)
class Division:
    """One division as a file lists it; `parent_code` is None at the top of the tree."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None


def division_faults(rows: Sequence[tuple[int, Division]], *, known: Collection[str]) -> tuple[RowFault, ...]:
    """What is wrong with the lines of a file of divisions, every fault of every line, in the order of the lines.

    A parent may stand anywhere in the file or be `known` already. Codes: `division.code_malformed`, `…_twice`,
    `…_level_unknown`, `…_kind_unknown`, `…_name_malformed`, `…_parent_missing`, `…_parent_not_above`.
    """
    faults: list[RowFault] = []
    listed = {one.code for _, one in rows}
    seen: set[str] = set()
    for line, one in rows:
        codes = _faults_of(one, listed | set(known))
        if one.code in seen:
            codes.append("division.code_twice")
        seen.add(one.code)
        faults += [RowFault(line, code, {"division": one.code, "parent": one.parent_code}) for code in codes]
    return tuple(faults)


def _faults_of(one: Division, parents: Collection[str]) -> list[str]:
    faults = []
    if one.level not in LEVELS:
        faults.append("division.level_unknown")
    else:
        length, kinds = LEVELS[one.level]
        if not re.fullmatch(rf"[0-9]{{{length}}}", one.code):
            faults.append("division.code_malformed")
        if one.kind not in kinds:
            faults.append("division.kind_unknown")
    if check_name(one.name):
        faults.append("division.name_malformed")
    if one.parent_code is None:
        if one.level not in ("prefecture", "county"):
            faults.append("division.parent_missing")
    elif one.parent_code not in parents:
        faults.append("division.parent_missing")
    elif one.parent_code == one.code or not one.code.startswith(shared_digits(one.parent_code)):
        faults.append("division.parent_not_above")
    return faults


# Payee accounts -----------------------------------------------------------------------------------

ACCOUNT_DIGITS = (8, 25)
_PERSON = re.compile(r"[\u3400-\u9fff\U00020000-\U0003fffd]{2,4}|[\u3400-\u9fff]+[·•][\u3400-\u9fff]+")
_OFFICES = ("办事处", "人民政府", "居民委员会", "居委会", "村民委员会", "村委会", "社区服务中心", "财政所", "合作社")


def account_digits(text: str) -> str:
    """An account number as it is stored: half-width, without the blanks and hyphens it is printed with."""
    return _SEPARATORS.sub("", text.translate(_FULL_WIDTH))


def check_account_number(number: str) -> tuple[str, ...]:
    """Reason codes against an account number; it has 8 to 25 digits and nothing else."""
    least, most = ACCOUNT_DIGITS
    sound = number.isascii() and number.isdigit() and least <= len(number) <= most
    return () if sound else ("organization.account_number_malformed",)


def check_bank_code(code: str) -> tuple[str, ...]:
    """Reason codes against a bank's number in the national payment system (CNAPS): twelve digits, or left empty."""
    sound = not code or (code.isascii() and code.isdigit() and len(code) == 12)
    return () if sound else ("organization.bank_code_malformed",)


def is_a_person(holder: str, *, leader: str) -> bool:
    """Whether an account's holder reads like a person: the leader's own name, or two to four characters alone."""
    return holder == leader or _PERSON.fullmatch(holder) is not None


def holder_fits_division(holder: str, division: str) -> bool:
    """Whether a holder's name is that of an office of a street, township or community, as 望河街道办事处."""
    return division in holder and holder.endswith(_OFFICES)

"""Seals single fields of rows (AES-256-GCM, bound to table, row and field) and makes what equal values are found by."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.protection.keys import KeysUnreadable, derived, ring

ALGORITHM = "A1"
"""AES-256-GCM with a random nonce of 96 bits; another algorithm (SM4) gets another name and may stand beside it."""

_NONCE_BYTES = 12
_SEALING, _INDEX = b"chuke sealed field", b"chuke equality index"


def seal(table: str, row_id: str, field: str, text: str) -> str:
    """The text sealed for that one place under the current key: `A1.<key>.<nonce and ciphertext>`.

    Moved to another row, table or field it cannot be opened. The same text never seals to the same value twice.
    """
    keys = ring()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    bound = _place(table, row_id, field, keys.current)
    sealed = AESGCM(derived(keys.key(keys.current), _SEALING)).encrypt(nonce, text.encode(), bound)
    return f"{ALGORITHM}.{keys.current}.{urlsafe_b64encode(nonce + sealed).decode()}"


def seal_if_any(table: str, row_id: str, field: str, text: str | None) -> str | None:
    """As `seal`; None for nothing to seal."""
    return seal(table, row_id, field, text) if text else None


def unseal(table: str, row_id: str, field: str, sealed: str | None) -> str:
    """The text that was sealed for that place; empty for None.

    KeysUnreadable("protection.key_missing") when the key is not on the ring, ("protection.not_sealed_here") for a
    value that was altered, sealed for another place, or sealed under another key of that name.
    """
    if sealed is None:
        return ""
    algorithm, key_name, body = _parts(sealed, table, field)
    if algorithm != ALGORITHM:
        raise KeysUnreadable("protection.not_sealed_here", table=table, field=field)
    key = derived(ring().key(key_name), _SEALING)
    try:
        content = urlsafe_b64decode(body)
        bound = _place(table, row_id, field, key_name)
        return AESGCM(key).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], bound).decode()
    except (InvalidTag, ValueError) as error:
        raise KeysUnreadable("protection.not_sealed_here", table=table, field=field) from error


def _parts(sealed: str, table: str, field: str) -> tuple[str, str, str]:
    parts = sealed.split(".")
    if len(parts) != 3:
        raise KeysUnreadable("protection.not_sealed_here", table=table, field=field)
    return parts[0], parts[1], parts[2]


def _place(table: str, row_id: str, field: str, key_name: str) -> bytes:
    """What a value is bound to; the row's id is written as both databases give it back."""
    return "\x1f".join((ALGORITHM, key_name, table, str(row_id).lower(), field)).encode()


def blind_index(table: str, field: str, text: str) -> str:
    """What stands beside a sealed value so that an equal one is found: HMAC-SHA-256 under the current key.

    Tables and fields do not share values: the same number in two of them cannot be joined from outside.
    """
    return _index(ring().current, table, field, text)


def blind_index_if_any(table: str, field: str, text: str | None) -> str | None:
    """As `blind_index`; None for nothing."""
    return blind_index(table, field, text) if text else None


def blind_indexes(table: str, field: str, text: str) -> tuple[str, ...]:
    """The index under every key of the ring, to look a value up by (`in_`) while a rotation is under way."""
    return tuple(_index(name, table, field, text) for name in ring().newest_first)


def _index(key_name: str, table: str, field: str, text: str) -> str:
    message = f"{table}\x1f{field}\x1f{text}".encode()
    digest = hmac.new(derived(ring().key(key_name), _INDEX), message, hashlib.sha256).hexdigest()
    return f"{key_name}.{digest}"

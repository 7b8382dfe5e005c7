"""The decision receipt: what a paper says in few signed bytes, small enough for its QR code, checked anywhere.

The QR code of a paper reads `https://site/verify/CODE-TOKEN#RECEIPT`. What stands behind the `#` reaches no server:
it is for whoever has the issuer's public key and only the printed sheet.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

VERSION = 1
DOMAIN = b"chuke-receipt-1\n"
"""Stands before everything that is signed, so that a receipt can never pass for another statement of the same key."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 10
"""Characters that the QR code adds to the sixteen of the printed code: together 130 bits."""

SIGNATURE_LENGTH = 64
HASH_LENGTH = 24
LONGEST_HOLDER = 40
"""Bytes of a holder's name that are carried as they are; of a longer one its hash is."""

_EPOCH = date(2000, 1, 1)
_HASHED = 0xFF
_HOLDER_HASH_LENGTH = 12
_CODE = re.compile(r"D[0-5]\d[abc]?")
_KEY = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
_TEXT = re.compile(
    r"/verify/(?P<code>[0-9A-Za-z]{4}(?:-?[0-9A-Za-z]{4}){3})(?:-(?P<token>[0-9A-Za-z]{10}))?#(?P<body>[\w-]+={0,2})\s*$"
)


class ReceiptBroken(ValueError):
    """The text carries no receipt that can be read; says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is stated about one paper.

    code: the catalogue code ("D18"). verify_code: the sixteen characters without separators. holder: as printed.
    inputs_sha256: of the canonical data the paper was drawn from, which a file carries as data.json.
    edition: digest of the edition of the process that decided, empty for a paper outside of any process.
    """

    code: str
    number: str
    verify_code: str
    holder: str
    decided_on: date
    valid_to: date | None
    inputs_sha256: str
    edition: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A receipt as read, not yet believed; `holder` is empty where only `holder_hash` was carried.

    inputs_hash: the first 24 bytes of the SHA-256. edition: the first four of the digest, hexadecimal.
    """

    code: str
    number: str
    verify_code: str
    holder: str
    holder_hash: bytes
    decided_on: date
    valid_to: date | None
    inputs_hash: bytes
    edition: str
    key_id: bytes
    signed: bytes
    signature: bytes


def key_id_of(key: Ed25519PublicKey) -> bytes:
    """Four bytes by which a receipt names the key it was signed with."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).digest()[:4]


def keys_in(pem: str) -> dict[bytes, Ed25519PublicKey]:
    """The Ed25519 public keys of a PEM file by their short names; what else stands there (certificates) is passed by.

    Refuses (ValueError) a file without any.
    """
    found = {}
    for block in _KEY.findall(pem):
        key = load_pem_public_key(block.encode())
        if isinstance(key, Ed25519PublicKey):
            found[key_id_of(key)] = key
    if not found:
        raise ValueError("no Ed25519 public key in the file")
    return found


def make(statement: Statement, *, key_id: bytes, sign: Callable[[bytes], bytes]) -> str:
    """The receipt as it stands in the QR code behind the printed address: `-TOKEN#BODY`. The same statement and key
    always give the same text, since Ed25519 has no chance in it.

    Refuses (ReceiptBroken) a number over 100 bytes or a code that is none.
    """
    body = _body(statement, key_id)
    signature = sign(_signed(statement.verify_code, body))
    text = base64.urlsafe_b64encode(body + signature).rstrip(b"=").decode()
    return f"-{token_of(signature)}#{text}"


def token_of(signature: bytes) -> str:
    """What the address carries beside the printed code: fifty bits that nobody can guess who has not seen the paper."""
    value = int.from_bytes(hashlib.sha256(b"token\n" + signature).digest()[:7]) >> 6
    return "".join(ALPHABET[value >> shift & 31] for shift in range(45, -1, -5))


def token_in(receipt: str) -> str:
    """The token of a receipt that `make` gave; empty for a paper without one."""
    return receipt[1 : 1 + TOKEN_LENGTH] if receipt.startswith("-") else ""


def read(text: str) -> Receipt:
    """The receipt in the text of a QR code. Believe nothing of it before `check`.

    Refuses (ReceiptBroken) text without an address of ours, without a receipt, of another version, or cut short.
    """
    found = _TEXT.search(text.strip())
    if found is None:
        raise ReceiptBroken("no receipt in this text")
    code = clean(found["code"])
    try:
        raw = base64.urlsafe_b64decode(found["body"].rstrip("=") + "=" * (-len(found["body"].rstrip("=")) % 4))
        receipt = _read_body(code, raw[:-SIGNATURE_LENGTH], raw[-SIGNATURE_LENGTH:])
    except (binascii.Error, IndexError, UnicodeDecodeError, OverflowError) as failure:
        raise ReceiptBroken("the receipt is damaged or cut short") from failure
    if found["token"] and clean(found["token"]) != token_of(receipt.signature):
        raise ReceiptBroken("the address and the receipt do not belong together")
    return receipt


def check(receipt: Receipt, keys: Mapping[bytes, Ed25519PublicKey]) -> bool | None:
    """True when one of our keys signed it, False when it is forged or altered, None when its key is not among ours."""
    key = keys.get(receipt.key_id)
    if key is None:
        return None
    try:
        key.verify(receipt.signature, receipt.signed)
    except InvalidSignature:
        return False
    return True


def is_holder(receipt: Receipt, name: str) -> bool:
    """Whether the receipt is of that holder, as the name is printed."""
    return receipt.holder_hash == _holder_hash(name) if receipt.holder_hash else receipt.holder == name


def is_of_data(receipt: Receipt, data: bytes) -> bool:
    """Whether these canonical bytes (the data.json of a file) are what the paper was drawn from."""
    return hashlib.sha256(data).digest()[:HASH_LENGTH] == receipt.inputs_hash


def holder_of(inputs: Mapping[str, Any]) -> str:
    """Whose paper it is, as its head says: an organization, or the person a paper is made out to."""
    return str(inputs["head"]["organization_name"])


def clean(text: str) -> str:
    """A code as somebody typed it: upper case, no separators, look-alikes put right."""
    kept = "".join(character for character in text.upper() if character.isalnum())
    return kept.replace("O", "0").replace("I", "1").replace("L", "1")


def _signed(verify_code: str, body: bytes) -> bytes:
    return DOMAIN + clean(verify_code).encode() + b"\n" + body


def _body(statement: Statement, key_id: bytes) -> bytes:
    number = statement.number.encode("gb18030")
    if len(number) > 100 or not _CODE.fullmatch(statement.code) or len(key_id) != 4:
        raise ReceiptBroken(f"no receipt can be made of {statement.number}")
    edition = bytes.fromhex(statement.edition[:8]) if statement.edition else bytes(4)
    fixed = (
        bytes([VERSION, _code_byte(statement.code)]) + _day(statement.decided_on) + _day(statement.valid_to) + key_id
        + edition + bytes.fromhex(statement.inputs_sha256)[:HASH_LENGTH]
    )  # fmt: skip
    return fixed + bytes([len(number)]) + number + _holder(statement.holder)


def _code_byte(code: str) -> int:
    """The catalogue has 42 codes and a few beside one of them (D35a): the letter counts sixty-four."""
    return int(code[1:3]) + 64 * " abc".index(code[3:] or " ")


def _day(day: date | None) -> bytes:
    return ((day - _EPOCH).days if day else 0).to_bytes(2)


def _holder(name: str) -> bytes:
    written = name.encode("gb18030")
    if len(written) > LONGEST_HOLDER:
        return bytes([_HASHED]) + _holder_hash(name)
    return bytes([len(written)]) + written


def _holder_hash(name: str) -> bytes:
    return hashlib.sha256(b"holder\n" + name.encode()).digest()[:_HOLDER_HASH_LENGTH]


def _read_body(code: str, body: bytes, signature: bytes) -> Receipt:
    if body[0] != VERSION:
        raise ReceiptBroken(f"a receipt of another version ({body[0]})")
    at = 14 + HASH_LENGTH
    number, rest = _piece(body, at)
    hashed = body[rest] == _HASHED
    if hashed:
        holder, end = b"", rest + 1 + _HOLDER_HASH_LENGTH
    else:
        holder, end = _piece(body, rest)
    if end != len(body) or len(signature) != SIGNATURE_LENGTH:
        raise ReceiptBroken("the receipt is damaged or cut short")
    valid_to = int.from_bytes(body[4:6])
    return Receipt(
        code=f"D{body[1] % 64:02}{' abc'[body[1] // 64].strip()}",
        number=number.decode("gb18030"),
        verify_code=code,
        holder=holder.decode("gb18030"),
        holder_hash=body[rest + 1 : end] if hashed else b"",
        decided_on=_EPOCH + timedelta(int.from_bytes(body[2:4])),
        valid_to=_EPOCH + timedelta(valid_to) if valid_to else None,
        inputs_hash=body[14:at],
        edition=body[10:14].hex(),
        key_id=body[6:10],
        signed=_signed(code, body),
        signature=signature,
    )


def _piece(body: bytes, at: int) -> tuple[bytes, int]:
    end = at + 1 + body[at]
    return body[at + 1 : end], end

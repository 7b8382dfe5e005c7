"""The revocation list: a signed file that travels, by which a paper is checked where there is no network.

It names papers by their number and by a hash of their code: whoever has a paper finds it, nobody else learns a code.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from documents.receipt import clean

FORMAT = "chuke-revocations-1"
DOMAIN = FORMAT.encode() + b"\n"
OLD_AFTER = timedelta(days=7)
"""A list that is older than this says nothing about last week's revocations, and whoever uses it is told so."""

Standing = Literal["revoked", "replaced", "void"]


class ListBroken(ValueError):
    """The file is no revocation list, was altered, or was not signed by one of our keys; says which."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One paper that no longer holds. code_hash: see `hash_of`. replaced_by: the number of its successor, or empty."""

    number: str
    code_hash: str
    standing: Standing
    at: datetime
    replaced_by: str = ""


@dataclass(frozen=True, kw_only=True)
class RevocationList:
    """All papers of an issuer that no longer held at `as_of`, by the hash of their code."""

    issuer: str
    as_of: datetime
    entries: Mapping[str, Entry]

    def of(self, verify_code: str) -> Entry | None:
        """What the list says of the paper with that code; None when it says nothing."""
        return self.entries.get(hash_of(verify_code))

    def is_old(self, now: datetime) -> bool:
        """Whether a newer list should be fetched before anything is believed because of this one."""
        return now - self.as_of > OLD_AFTER


def hash_of(verify_code: str) -> str:
    """The hash under which a paper stands in the list; eighty random bits cannot be tried out."""
    return hashlib.sha256(b"revocation\n" + clean(verify_code).encode()).hexdigest()[:32]


def make(
    issuer: str, as_of: datetime, entries: Iterable[Entry], *, key_id: bytes, sign: Callable[[bytes], bytes]
) -> str:
    """The signed list as the text of a file, readable as JSON; the same entries, instant and key give the same text."""
    said = {
        "format": FORMAT, "issuer": issuer, "as_of": as_of.isoformat(), "key": key_id.hex(),
        "entries": rows_of(entries),
    }  # fmt: skip
    signature = base64.b64encode(sign(DOMAIN + _canonical(said))).decode()
    return json.dumps({**said, "signature": signature}, ensure_ascii=False, indent=1) + "\n"


def rows_of(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """The entries as they stand in the file, by number."""
    return [{**asdict(one), "at": one.at.isoformat()} for one in sorted(entries, key=lambda one: one.number)]


def read(text: str, keys: Mapping[bytes, Ed25519PublicKey]) -> RevocationList:
    """The list in the file, after its signature was checked. Refuses (ListBroken) anything else."""
    try:
        said = json.loads(text)
        signature = base64.b64decode(said.pop("signature"), validate=True)
        if said["format"] != FORMAT:
            raise ListBroken("a list of another format")
        key = keys.get(bytes.fromhex(said["key"]))
        if key is None:
            raise ListBroken("the list was signed with a key that is not in the key file")
        key.verify(signature, DOMAIN + _canonical(said))
        entries = [_entry(row) for row in said["entries"]]
        return RevocationList(
            issuer=str(said["issuer"]), as_of=datetime.fromisoformat(said["as_of"]),
            entries={one.code_hash: one for one in entries},
        )  # fmt: skip
    except ListBroken:
        raise
    except InvalidSignature as failure:
        raise ListBroken("the list was altered after it was signed") from failure
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as failure:
        raise ListBroken("the file is no revocation list") from failure


def _entry(row: Mapping[str, Any]) -> Entry:
    if row["standing"] not in get_args(Standing):
        raise ListBroken(f"an unknown standing {row['standing']!r}")
    return Entry(
        number=str(row["number"]), code_hash=str(row["code_hash"]), standing=row["standing"],
        at=datetime.fromisoformat(row["at"]), replaced_by=str(row["replaced_by"]),
    )  # fmt: skip


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

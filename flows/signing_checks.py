"""What the signing process asks of a statement before it signs: that the register says the same."""

import json
from datetime import datetime, timedelta

from documents import receipt, revocations
from services.database.work import Work
from services.issuance.queries import statement_about
from services.issuance.revoking import revoked_entries
from services.issuance.signatures import PublicKey, SealRefused, paper_of_code

AHEAD = timedelta(minutes=5)
"""How far the clock of whoever asks may run ahead."""


def demand_statement(work: Work, statement: bytes, keys: tuple[PublicKey, ...]) -> str:
    """What the statement is about, for the log. Refuses (SealRefused) one that the register does not bear out."""
    pem = next(key.pem for key in keys if key.purpose == "statement")
    key_id = next(iter(receipt.keys_in(pem)))
    if statement.startswith(receipt.DOMAIN):
        return _demand_receipt(work, statement, key_id)
    if statement.startswith(revocations.DOMAIN):
        return _demand_list(work, statement, key_id)
    raise SealRefused("seal.not_decided")


def _demand_list(work: Work, statement: bytes, key_id: bytes) -> str:
    """A revocation list: exactly the papers that the register says no longer hold, and no later than now."""
    said = json.loads(statement.removeprefix(revocations.DOMAIN))
    asked = said["key"], said["entries"], datetime.fromisoformat(said["as_of"]) <= work.now + AHEAD
    if asked != (key_id.hex(), revocations.rows_of(revoked_entries(work)), True):
        raise SealRefused("seal.other_contents", number=revocations.FORMAT)
    return revocations.FORMAT


def _demand_receipt(work: Work, statement: bytes, key_id: bytes) -> str:
    """A receipt of a decided paper: every byte as the register has it, but for the edition of its process.

    The edition follows from the tables in the code and is no claim about the paper, so any four bytes may stand there.
    """
    code = statement.removeprefix(receipt.DOMAIN).split(b"\n", 1)[0].decode("ascii", "replace")
    document_id = paper_of_code(work, code)
    lowest, highest = (
        _to_be_signed(statement_about(work, document_id, edition=edition), key_id) for edition in ("00" * 4, "ff" * 4)
    )
    alike = all(
        low == given or low != high for low, high, given in zip(lowest, highest, statement, strict=False)
    )  # fmt: skip
    if len(statement) != len(lowest) or not alike:
        raise SealRefused("seal.other_contents", number=code)
    return code


def _to_be_signed(about: receipt.Statement, key_id: bytes) -> bytes:
    """The bytes a receipt of this statement is signed over."""
    seen: list[bytes] = []

    def sign(content: bytes) -> bytes:
        seen.append(content)
        return bytes(receipt.SIGNATURE_LENGTH)

    receipt.make(about, key_id=key_id, sign=sign)
    return seen[0]

"""The other side's signature on an agreement as it is kept: how, by whom, on which day, and the file that shows it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import insert, select

from services.actors import Actor
from services.database.work import Work
from services.issuance.models import issued_documents, second_signatures

Way = Literal["electronic", "by_hand"]


@dataclass(frozen=True, slots=True)
class SecondSigned:
    """How the other side signed: electronic in the file itself, by_hand on paper, of which the scan is kept.

    signer: whom the certificate names, or who signed by hand. authority: who gave the certificate. fingerprint:
    SHA-256 of the certificate, hexadecimal; empty for what was signed by hand.
    """

    document_id: str
    way: Way
    signer: str
    signed_on: date
    sha256: str
    extension: str
    fingerprint: str
    authority: str
    recorded_by: str
    recorded_at: datetime


def second_signed(work: Work, document_ids: Collection[str]) -> dict[str, SecondSigned]:
    """How these agreements were signed by their other side, by id; those that were not are left out."""
    one = second_signatures.c
    rows = work.connection.execute(select(second_signatures).where(one.document_id.in_(sorted(document_ids))))
    return {row.document_id: SecondSigned(*row) for row in rows}


def lock_agreement(work: Work, document_id: str) -> str | None:
    """Let nobody else change the paper until this unit ends; answers the hash of the file its issuer signed."""
    asked = select(issued_documents.c.file_sha256).where(issued_documents.c.id == document_id)
    return work.connection.scalar(asked.with_for_update())


def keep_second_signature(
    work: Work, actor: Actor, *, document_id: str, way: Way, signer: str, signed_on: date, sha256: str, extension: str,
    fingerprint: str = "", authority: str = "",
) -> None:  # fmt: skip
    """Keep it; once there is one, another breaks the table's key."""
    work.connection.execute(
        insert(second_signatures).values(
            document_id=document_id, way=way, signer=signer[:200], signed_on=signed_on, sha256=sha256,
            extension=extension, fingerprint=fingerprint, authority=authority[:200], recorded_by=actor.id,
            recorded_at=work.now,
        )
    )  # fmt: skip

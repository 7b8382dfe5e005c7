"""Signs the story's agreements for their other side: electronically with a sample, one by hand, the last not yet."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from documents.identities import sample_identity
from documents.pades import Wish, sign_second
from documents.seal import seal_pdf
from services.actors import Actor
from services.applications.inspection import Upload
from services.applications.scanning import NoScanner
from services.cases import second_signing
from services.database.engine import Database
from services.database.work import OFFICE_TIME, reading
from services.issuance.queries import DocumentLine, document_bytes, document_line, other_side_of
from services.issuance.signatures import signature_of

MANAGER = "赵未央"
BY_HAND = "石桥村农技服务队"
"""It has no certificate: a filed team signs with a pen."""


def agree(
    database: Database, actor: Callable[[str], Actor], documents: Collection[str], told: datetime, *, scan: bytes
) -> tuple[str, ...]:
    """Let the other side sign those that are issued; answers the ids of those that are not yet.

    Where the office signs nothing, everybody signs by hand.
    """
    now = told + timedelta(minutes=2)
    waiting: list[str] = []
    for document_id in documents:
        with reading(database, now) as work:
            paper = document_line(work, document_id)
            party, sealed = other_side_of(work, document_id), signature_of(work, document_id) is not None
        if paper.standing != "issued":
            waiting.append(document_id)
        elif party["name"] == BY_HAND or not sealed:
            second_signing.record_by_hand(
                database, actor(MANAGER), document_id, signer=party["leader"], scan=Upload("协议.png", scan),
                signed_on=now.astimezone(OFFICE_TIME).date(), scanner=NoScanner(), now=now,
            )  # fmt: skip
        else:
            _with_a_sample(database, actor(MANAGER), paper, str(party["name"]), now)
    return tuple(waiting)


def _with_a_sample(database: Database, manager: Actor, paper: DocumentLine, name: str, now: datetime) -> None:
    with reading(database, now) as work:
        issued = document_bytes(work, paper.id)
    signed = sign_second(issued, sample_identity(name, now), Wish(at=now, seal=seal_pdf(name)))
    second_signing.sign_second(database, manager, paper.id, Upload(f"{paper.number}.pdf", signed), now=now)

"""Reads of delivery: what lies in whose drawer, how each paper was served or what was tried, and what still waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from services.actors import Actor
from services.calendar.queries import load_calendar
from services.database.work import Work
from services.delivery.models import delivery_tries, paper_deliveries, paper_openings
from services.delivery.rules import remedy_until, waits
from services.errors import NotFound
from services.issuance.models import deliveries, issued_documents, second_signatures
from services.issuance.queries import PAPERS, DocumentLine, line_of
from services.organizations.models import organizations
from services.people.queries import names_of
from statemachines.roles import Role


@dataclass(frozen=True, slots=True)
class Try:
    """One try to serve a paper; `outcome` None while it is on its way."""

    id: str
    mode: str
    begun_on: date
    place: str
    tracking: str
    reason: str
    proof_id: str | None
    proof_number: str
    begun_by: str
    outcome: str | None
    ended_on: date | None
    received_at: datetime | None
    receiver: str
    relation: str
    refusal: str
    witnesses: tuple[str, ...]
    scan_sha256: str | None
    scan_extension: str
    ended_by: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One paper in the drawer of one organization, and how its delivery stands.

    `remedy` is what the paper says may be asked for against it, `remedy_until` its last day (None before the paper is
    served). `opened_at` is when the person asking opened it, `confirmed_by` who confirmed its receipt by a click.
    """

    id: str
    paper: DocumentLine
    organization_id: str
    organization: str
    put_at: datetime
    standing: str
    due_on: date | None
    served_on: date | None
    served_at: datetime | None
    mode: str
    remedy: dict[str, Any] | None
    remedy_until: date | None
    replaced_by: str
    opened_at: datetime | None
    confirmed_by: str
    tries: tuple[Try, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether the paper must still be served: a paper that was revoked, replaced or made void need not."""
        return waits(self.standing) and self.paper.standing == "issued"


NOBODY = "00000000-0000-0000-0000-000000000000"
_WAITING = and_(
    paper_deliveries.c.standing.in_(("to_serve", "under_way", "returned")), issued_documents.c.standing == "issued"
)
_REPLACING = issued_documents.alias("replacing")


def _deliveries(person_id: str) -> Select[Any]:
    return (
        select(
            issued_documents, paper_deliveries.c.id.label("delivery_id"),
            paper_deliveries.c.organization_id.label("addressee_id"), paper_deliveries.c.put_at,
            paper_deliveries.c.standing.label("delivery_standing"), paper_deliveries.c.due_on,
            paper_deliveries.c.served_on, paper_deliveries.c.served_at, paper_deliveries.c.mode,
            organizations.c.name.label("addressee"), _REPLACING.c.number.label("replacing_number"),
            paper_openings.c.opened_at, second_signatures.c.signed_on.label("second_signed_on"),
        )
        .outerjoin(second_signatures, second_signatures.c.document_id == issued_documents.c.id)
        .join(paper_deliveries, paper_deliveries.c.document_id == issued_documents.c.id)
        .join(organizations, organizations.c.id == paper_deliveries.c.organization_id)
        .outerjoin(_REPLACING, _REPLACING.c.id == issued_documents.c.replaced_by_id)
        .outerjoin(
            paper_openings,
            and_(paper_openings.c.delivery_id == paper_deliveries.c.id, paper_openings.c.person_id == person_id),
        )
    )  # fmt: skip


def represented(actor: Actor) -> frozenset[str]:
    """The organizations this person acts for today; their drawers are open to the person, and to nobody else's."""
    return frozenset(
        one.organization_id for one in actor.grants if one.role is Role.APPLICANT and one.organization_id
    )  # fmt: skip


def drawer_of(work: Work, actor: Actor) -> frozenset[str]:
    """Ids of every paper in the person's own drawer and in the drawers of the organizations acted for."""
    own = select(deliveries.c.document_id).where(deliveries.c.person_id == actor.id)
    theirs = select(paper_deliveries.c.document_id).where(
        paper_deliveries.c.organization_id.in_(sorted(represented(actor)))
    )
    return frozenset(work.connection.execute(union(own, theirs)).scalars())


def papers_in_drawer(work: Work, actor: Actor) -> tuple[DocumentLine, ...]:
    """Every paper of `drawer_of`, the latest first."""
    found = sorted(drawer_of(work, actor))
    rows = work.connection.execute(
        PAPERS.where(issued_documents.c.id.in_(found)).order_by(
            issued_documents.c.decided_at.desc(), issued_documents.c.id.desc()
        )
    )
    return tuple(line_of(row) for row in rows)


def drawers(work: Work, actor: Actor, *, limit: int = 200) -> tuple[Delivery, ...]:
    """What lies in the drawers of the organizations acted for, the latest first, in a constant number of queries."""
    theirs = paper_deliveries.c.organization_id.in_(sorted(represented(actor)))
    asked = _deliveries(actor.id).where(theirs)
    order = (issued_documents.c.decided_at.desc(), issued_documents.c.id.desc())
    return _read(work, asked.order_by(*order).limit(limit))


def papers_for_person(work: Work, actor: Actor, *, limit: int = 200) -> tuple[DocumentLine, ...]:
    """What was put into the person's own drawer, as an expert, a donor or a colleague, the latest first."""
    rows = work.connection.execute(
        PAPERS.join(deliveries, deliveries.c.document_id == issued_documents.c.id)
        .where(deliveries.c.person_id == actor.id)
        .order_by(issued_documents.c.decided_at.desc(), issued_documents.c.id.desc())
        .limit(limit)
    )
    return tuple(line_of(row) for row in rows)


def deliveries_of(work: Work, document_ids: Collection[str], *, person_id: str = "") -> tuple[Delivery, ...]:
    """How the papers were served, or what was tried, the oldest first."""
    asked = _deliveries(person_id or NOBODY).where(issued_documents.c.id.in_(sorted(document_ids)))
    return _read(work, asked.order_by(issued_documents.c.decided_at, issued_documents.c.id))


def addressed_to(work: Work, document_ids: Collection[str], homes: ColumnElement[bool]) -> frozenset[str]:
    """Which of these papers were issued to such an organization, the proofs of their service with them; `homes` is a
    condition on organizations.
    """
    asked = (
        select(issued_documents.c.id)
        .join(organizations, organizations.c.id == issued_documents.c.organization_id)
        .where(issued_documents.c.id.in_(sorted(document_ids)), homes)
    )
    return frozenset(work.connection.execute(asked).scalars())


def delivery_of_try(work: Work, try_id: str) -> tuple[Delivery, Try]:
    """The delivery a try belongs to; NotFound for an unknown one."""
    asked = select(paper_deliveries.c.document_id).join(
        delivery_tries, delivery_tries.c.delivery_id == paper_deliveries.c.id
    )
    for (document_id,) in work.connection.execute(asked.where(delivery_tries.c.id == try_id)):
        for one in deliveries_of(work, (document_id,)):
            for made in one.tries:
                if made.id == try_id:
                    return one, made
    raise NotFound("delivery.try_not_found")


def waiting_deliveries(
    work: Work, *, standing: str, within: ColumnElement[bool], limit: int = 100
) -> tuple[Delivery, ...]:
    """Papers that must be served, `within` the SQL condition of what the person reaches, the nearest day first.

    standing: waiting (all that wait), over (those past their day), returned, under_way, served (the latest first).
    """
    narrowed = {
        "waiting": _WAITING, "over": and_(_WAITING, paper_deliveries.c.due_on < work.today),
        "served": paper_deliveries.c.standing == "served",
    }.get(standing, and_(_WAITING, paper_deliveries.c.standing == standing))  # fmt: skip
    order = [paper_deliveries.c.due_on, issued_documents.c.id]
    if standing == "served":
        order = [paper_deliveries.c.served_on.desc(), issued_documents.c.id.desc()]
    return _read(work, _deliveries(NOBODY).where(within, narrowed).order_by(*order).limit(limit))


def count_waiting(work: Work, within: ColumnElement[bool]) -> tuple[int, int]:
    """(how many papers must be served, how many of them past their day)."""
    tally = (
        select(func.count(), func.count().filter(paper_deliveries.c.due_on < work.today))
        .select_from(paper_deliveries)
        .join(issued_documents, issued_documents.c.id == paper_deliveries.c.document_id)
        .join(organizations, organizations.c.id == paper_deliveries.c.organization_id)
        .where(within, _WAITING)
    )
    total, over = work.connection.execute(tally).one()
    return int(total), int(over)


def served_on(work: Work, document_id: str) -> date | None:
    """The day the paper was served on its organization; None while it is not."""
    return work.connection.scalar(
        select(func.min(paper_deliveries.c.served_on)).where(paper_deliveries.c.document_id == document_id)
    )


def last_served(work: Work, *, case_id: str, code: str) -> date | None:
    """The day on which the latest served paper of that code on the case was served; None when none was."""
    return work.connection.scalar(
        select(func.max(paper_deliveries.c.served_on))
        .join(issued_documents, issued_documents.c.id == paper_deliveries.c.document_id)
        .where(issued_documents.c.case_id == case_id, issued_documents.c.code == code)
    )


def unserved(work: Work, *, case_id: str, code: str) -> DocumentLine | None:
    """The latest paper of that code on the case, when it holds and was not served yet; None when nothing waits."""
    row = work.connection.execute(
        select(issued_documents, paper_deliveries.c.standing.label("delivery_standing"))
        .outerjoin(paper_deliveries, paper_deliveries.c.document_id == issued_documents.c.id)
        .where(
            issued_documents.c.case_id == case_id, issued_documents.c.code == code,
            or_(issued_documents.c.standing == "issued", issued_documents.c.standing == "decided"),
        )
        .order_by(issued_documents.c.decided_at.desc(), issued_documents.c.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    if row is None or row.delivery_standing in ("served", "kept"):
        return None
    return line_of(row)


def _read(work: Work, asked: Select[Any]) -> tuple[Delivery, ...]:
    rows = work.connection.execute(asked).all()
    if not rows:
        return ()
    ids = [row.delivery_id for row in rows]
    tries, confirmed = _tries(work, ids), _confirmed(work, ids)
    calendar = load_calendar(work)
    return tuple(
        Delivery(
            row.delivery_id, line_of(row), row.addressee_id, row.addressee, row.put_at, row.delivery_standing,
            row.due_on, row.served_on, row.served_at, row.mode, row.inputs.get("remedy"),
            remedy_until(calendar, row.inputs.get("remedy"), row.served_on), row.replacing_number or "", row.opened_at,
            confirmed.get(row.delivery_id, ""), tries.get(row.delivery_id, ()),
        )
        for row in rows
    )  # fmt: skip


def _confirmed(work: Work, ids: list[str]) -> dict[str, str]:
    rows = work.connection.execute(
        select(paper_openings.c.delivery_id, paper_openings.c.person_id)
        .where(paper_openings.c.delivery_id.in_(ids), paper_openings.c.confirmed_at.is_not(None))
        .order_by(paper_openings.c.confirmed_at)
    ).all()
    names = names_of(work, {row.person_id for row in rows})
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row.delivery_id, names.get(row.person_id, ""))
    return found


def _tries(work: Work, ids: list[str]) -> dict[str, tuple[Try, ...]]:
    proof = issued_documents.alias("proof")
    rows = work.connection.execute(
        select(delivery_tries, proof.c.number.label("proof_number"))
        .outerjoin(proof, proof.c.id == delivery_tries.c.proof_id)
        .where(delivery_tries.c.delivery_id.in_(ids))
        .order_by(delivery_tries.c.begun_at, delivery_tries.c.id)
    ).all()
    names = names_of(work, {one for row in rows for one in (row.begun_by, row.ended_by) if one})
    found: dict[str, tuple[Try, ...]] = {}
    for row in rows:
        made = Try(
            row.id, row.mode, row.begun_on, row.place, row.tracking, row.reason, row.proof_id, row.proof_number or "",
            names.get(row.begun_by, ""), row.outcome, row.ended_on, row.received_at, row.receiver, row.relation,
            row.refusal, tuple(row.witnesses or ()), row.scan_sha256, row.scan_extension,
            names.get(row.ended_by or "", ""),
        )  # fmt: skip
        found[row.delivery_id] = (*found.get(row.delivery_id, ()), made)
    return found

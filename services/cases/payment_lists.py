"""Lists of payments: each with its case, organization and part, in a constant number of queries; and what is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from services.actors import Actor
from services.authority.rules import demand
from services.cases.models import case_moves, cases
from services.database.work import Work
from services.funding.models import awards, instalments
from services.issuance.models import issued_documents
from services.organizations.models import organizations
from services.payments.models import bank_instructions
from services.people.models import persons
from services.reconciliation.models import statement_items
from statemachines.registry import CURRENT
from statemachines.roles import Role

READ = "payment:read"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One attempt to pay, as lists show it: the account by its last four digits only.

    `issued`: its disbursement notice is drawn. `absent`: a statement that covers the day does not show it. `proposed`:
    that it be paid again waits for the checker. `why`: what was said when its outcome was recorded.
    """

    reference: str
    attempt: int
    case_number: str
    state: str
    organization: str
    project: str
    number: int
    of: int
    amount_fen: int
    holder_name: str
    bank: str
    account_tail: str
    since: datetime
    sent_at: datetime | None
    outcome: str
    bank_serial: str | None
    value_date: date | None
    why: str
    issued: bool
    absent: bool
    proposed: bool

    @property
    def next(self) -> str:
        """What an unknown outcome waits for: a statement, the payer's proposal, or the checker."""
        if self.proposed:
            return "agree"
        return "propose" if self.absent else "statement"


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held instalment: why, since when, by whom (None: by the rules), and who can lift it."""

    case_number: str
    organization: str
    project: str
    number: int
    amount_fen: int
    reason: str
    since: datetime
    held_by: str | None
    due_on: date | None
    lifters: tuple[Role, ...]
    incubation: str
    incubation_state: str


def lines(
    work: Work, *, batch_id: str | None = None, ids: Sequence[str] | None = None, outcome: str = "",
    unbatched: bool = False,
) -> tuple[PaymentLine, ...]:  # fmt: skip
    """The attempts of a batch, of these ids, of an outcome, or those that wait for a batch; by reference."""
    one = bank_instructions.c
    asked: list[ColumnElement[bool]] = []
    if batch_id is not None:
        asked.append(one.batch_id == batch_id)
    if ids is not None:
        asked.append(one.id.in_(tuple(ids)))
    if outcome:
        asked.append(one.outcome == outcome)
    if unbatched:
        asked.append(one.batch_id.is_(None) & (one.outcome == "open"))
    rows = work.connection.execute(_statement().where(*asked).order_by(one.reference).limit(500))
    return tuple(_line(row) for row in rows)


def _statement() -> Select[Any]:
    one, part = bank_instructions.c, instalments.alias("part")
    paper, item = issued_documents.c, statement_items.c
    last = (
        select(case_moves.c.trigger)
        .where(case_moves.c.case_id == one.case_id)
        .order_by(case_moves.c.sequence.desc())
        .limit(1)
    )
    missing = exists().where(item.instruction_id == one.id, item.kind == "missing", item.closed_at.is_(None))
    return (
        select(
            bank_instructions, cases.c.number.label("case_number"), cases.c.state, organizations.c.name,
            awards.c.project, instalments.c.number,
            select(func.count()).select_from(part).where(part.c.award_id == instalments.c.award_id)
            .scalar_subquery().label("of"),
            exists().where(
                paper.case_id == one.case_id, paper.kind == "disbursement_notice", paper.standing == "issued"
            ).label("issued"),
            missing.label("missing"), last.scalar_subquery().label("last_trigger"),
        )
        .join(cases, cases.c.id == one.case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(instalments, instalments.c.case_id == one.case_id)
        .join(awards, awards.c.case_id == instalments.c.award_id)
    )  # fmt: skip


def _line(row: Row[Any]) -> PaymentLine:
    return PaymentLine(
        row.reference, row.attempt, row.case_number, row.state, row.name, row.project, row.number, row.of,
        row.amount_fen, row.holder_name, row.bank, row.account_tail, row.decided_at or row.made_at, row.sent_at,
        row.outcome, row.bank_serial, row.value_date, row.reason, bool(row.issued), bool(row.missing),
        row.last_trigger == "propose_resend",
    )  # fmt: skip


def waiting(work: Work, actor: Actor) -> tuple[PaymentLine, ...]:
    """What is instructed and in no batch yet. Forbidden for who may not read payments, as the two below."""
    demand(actor, READ)
    return lines(work, unbatched=True)


def unknown(work: Work, actor: Actor) -> tuple[PaymentLine, ...]:
    """What nobody can say of whether it was paid."""
    demand(actor, READ)
    return lines(work, outcome="unknown")


def numbers_of(work: Work, batch_id: str) -> tuple[tuple[str, str], ...]:
    """(reference, case number) of every attempt in a batch, by reference."""
    rows = work.connection.execute(
        select(bank_instructions.c.reference, cases.c.number)
        .join(cases, cases.c.id == bank_instructions.c.case_id)
        .where(bank_instructions.c.batch_id == batch_id)
        .order_by(bank_instructions.c.reference)
    )
    return tuple((row.reference, row.number) for row in rows)


def held(work: Work, actor: Actor) -> tuple[HeldLine, ...]:
    """Every held instalment, the longest held first."""
    demand(actor, READ)
    incubation, move = cases.alias("incubation"), case_moves.alias("held")
    last = (
        select(func.max(case_moves.c.sequence))
        .where(case_moves.c.case_id == cases.c.id, case_moves.c.dest == "HELD")
        .scalar_subquery()
    )
    rows = work.connection.execute(
        select(
            cases.c.number.label("case_number"), cases.c.due_on, organizations.c.name, awards.c.project,
            instalments.c.number, instalments.c.amount_fen, move.c.details, move.c.at, move.c.role,
            persons.c.name.label("person"), incubation.c.number.label("incubation"),
            incubation.c.state.label("incubation_state"),
        )
        .join(instalments, instalments.c.case_id == cases.c.id)
        .join(awards, awards.c.case_id == instalments.c.award_id)
        .outerjoin(incubation, incubation.c.id == awards.c.incubation_case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(move, (move.c.case_id == cases.c.id) & (move.c.sequence == last))
        .join(persons, persons.c.id == move.c.actor_id)
        .where(cases.c.kind == "instalment", cases.c.state == "HELD")
        .order_by(move.c.at, cases.c.number)
        .limit(500)
    ).all()  # fmt: skip
    return tuple(_held_line(row) for row in rows)


def _held_line(row: Any) -> HeldLine:
    by = next(move.by for move in CURRENT["instalment"].moves if move.trigger == "lift_hold")
    system = row.role == Role.SYSTEM.value
    return HeldLine(
        row.case_number, row.name, row.project, row.number, row.amount_fen, str(row.details.get("reason", "")), row.at,
        None if system else row.person, row.due_on, tuple(one for one in by if one is not Role.SYSTEM),
        row.incubation or "", row.incubation_state or "",
    )  # fmt: skip

"""Reads cases a few hundred at a time with all that belongs to them, so that memory stays flat."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Row, Select, null, select

from services.assessments.models import assessments, score_sheets, seats
from services.audit.models import audit_entries
from services.cases.involvement import parts_taken
from services.cases.models import case_clocks, case_moves, cases
from services.database.work import Work
from services.desk.models import absences, acted_for
from services.funding.models import instalments
from services.issuance.models import issued_documents
from services.ledger.models import ledger_entries
from services.organizations.models import organization_posts, organizations
from services.outbox.models import errands
from services.people.models import role_grants
from services.reviews.models import review_members

SIZE = 200

Rows = dict[str, list[Row[Any]]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some cases, each with its moves, audit entries, errands, papers, clocks, vouchers, and the people around it."""

    cases: tuple[Row[Any], ...]
    moves: Rows
    entries: Rows
    errands: Rows
    documents: Rows
    clocks: Rows
    vouchers: Rows
    earned: Rows
    seats: Rows
    posts: Rows
    grants: Rows
    acted_for: dict[str, str]
    absences: Rows
    parts: dict[str, dict[str, frozenset[str]]]
    """Of each review: who took which part in the case it is about."""


def batches(work: Work, *, size: int = SIZE) -> Iterator[Batch]:
    """Every case once, ordered by id."""
    statement = select(cases, organizations.c.home_division).join(
        organizations, organizations.c.id == cases.c.organization_id
    )
    statement = statement.order_by(cases.c.id).limit(size)
    last: str | None = None
    while True:
        rows = work.connection.execute(statement if last is None else statement.where(cases.c.id > last)).all()
        if not rows:
            return
        last = rows[-1].id
        yield _with_belongings(work, tuple(rows))


def _with_belongings(work: Work, rows: tuple[Row[Any], ...]) -> Batch:
    ids = [row.id for row in rows]
    moves = _grouped(work, select(case_moves).order_by(case_moves.c.sequence), case_moves.c.case_id, ids)
    organizations_of = sorted({row.organization_id for row in rows})
    acted = {
        row.move_id: row.person_id
        for row in work.connection.execute(select(acted_for).where(acted_for.c.case_id.in_(ids)))
    }
    people = sorted({move.actor_id for found in moves.values() for move in found} | set(acted.values()))
    entries = (
        select(
            audit_entries.c.stream, audit_entries.c.sequence, audit_entries.c.at, audit_entries.c.actor_id,
            audit_entries.c.role, audit_entries.c.action, audit_entries.c.result, audit_entries.c.request_id,
            audit_entries.c.details,
        ).order_by(audit_entries.c.sequence)
    )  # fmt: skip
    papers = select(
        issued_documents.c.id, issued_documents.c.case_id, issued_documents.c.move_sequence, issued_documents.c.kind,
        issued_documents.c.number, issued_documents.c.file_sha256, issued_documents.c.standing,
    )  # fmt: skip
    seated = (
        select(assessments.c.case_id, seats.c.person_id, score_sheets.c.locked_at)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .outerjoin(score_sheets, score_sheets.c.seat_id == seats.c.id)
    )
    members = select(review_members.c.case_id, review_members.c.person_id, null().label("locked_at"))
    return Batch(
        cases=rows,
        moves=moves,
        entries=_grouped(work, entries, audit_entries.c.stream, ids),
        errands=_grouped(work, select(errands).order_by(errands.c.key), errands.c.case_id, ids),
        documents=_grouped(work, papers, issued_documents.c.case_id, ids),
        clocks=_grouped(work, select(case_clocks), case_clocks.c.case_id, ids),
        vouchers=_grouped(work, select(ledger_entries), ledger_entries.c.case_id, ids),
        earned=_grouped(work, select(instalments), instalments.c.earned_by_case_id, ids),
        seats=_grouped(work, seated, assessments.c.case_id, ids)
        | _grouped(work, members, review_members.c.case_id, ids),
        posts=_grouped(work, select(organization_posts), organization_posts.c.organization_id, organizations_of),
        grants=_grouped(work, select(role_grants), role_grants.c.person_id, people),
        acted_for=acted,
        absences=_grouped(work, select(absences), absences.c.substitute_id, people) if acted else {},
        parts={row.id: parts_taken(work, row.parent_id) for row in rows if row.kind == "review"},
    )  # fmt: skip


def _grouped(work: Work, statement: Select[*tuple[Any, ...]], key: Column[Any], values: list[str]) -> Rows:
    found: Rows = {}
    if values:
        for row in work.connection.execute(statement.where(key.in_(values))):
            found.setdefault(getattr(row, key.name), []).append(row)
    return found

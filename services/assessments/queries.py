"""Reads of assessments: how a round stands, what an evaluator has to do, what may be shown to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select

from services.assessments.models import assessments, score_sheets, seats
from services.database.work import Work
from services.errors import NotFound
from services.people.models import persons


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat of a panel and how far its sheet is; totals only where they may be seen."""

    seat_id: str
    person_id: str
    name: str
    part: str
    interest: str
    vacated: bool
    locked_at: datetime | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Round:
    """One assessment round: form, panel, outcome. `mean` is out of 100, rounded to 0.01."""

    id: str
    case_id: str
    form: str
    number: int
    form_copy: dict[str, Any]
    appointed_at: datetime | None
    opened_at: datetime | None
    concluded_at: datetime | None
    mean: Decimal | None
    arbitration_open: bool
    outcome: dict[str, Any] | None
    seats: tuple[SeatLine, ...]

    @property
    def sitting(self) -> tuple[SeatLine, ...]:
        """The seats that were not vacated."""
        return tuple(seat for seat in self.seats if not seat.vacated)


@dataclass(frozen=True, slots=True)
class SheetToScore:
    """What one evaluator sees of the own sheet: the form copy, the draft so far, never anyone else's."""

    assessment_id: str
    seat_id: str
    case_id: str
    form_copy: dict[str, Any]
    open: bool
    interest: str
    items: dict[str, str]
    comments: dict[str, str]
    veto: list[str]
    locked_at: datetime | None
    total: Decimal | None
    part: str = "member"


_OF_CASE = select(assessments).where(assessments.c.case_id == bindparam("wanted")).order_by(assessments.c.id)
_SEATS = (
    select(seats, persons.c.name, score_sheets.c.locked_at, score_sheets.c.total_hundredths)
    .join(persons, persons.c.id == seats.c.person_id)
    .outerjoin(score_sheets, score_sheets.c.seat_id == seats.c.id)
    .where(seats.c.assessment_id.in_(bindparam("wanted", expanding=True)))
    .order_by(seats.c.id)
)
"""Statements made once, since making one costs more than running it."""


def hundredths(value: int | None) -> Decimal | None:
    """Stored hundredths of a point as points."""
    return None if value is None else Decimal(value) / 100


def latest_round(work: Work, case_id: str, form: str) -> Round | None:
    """The latest round of that form on the case, with every seat and total; None when there is none.

    Totals of unlocked sheets are absent; whoever shows them must ask for the permission to read scores.
    """
    row = work.connection.execute(
        select(assessments)
        .where(assessments.c.case_id == case_id, assessments.c.form == form)
        .order_by(assessments.c.round.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _round(work, row)


def rounds_of(work: Work, case_id: str) -> tuple[Round, ...]:
    """Every round of the case, oldest first."""
    rows = work.connection.execute(_OF_CASE, {"wanted": case_id}).all()
    return _rounds(work, rows)


def round_by_id(work: Work, assessment_id: str) -> Round:
    """The round of that id; NotFound when there is none."""
    row = work.connection.execute(select(assessments).where(assessments.c.id == assessment_id)).one_or_none()
    if row is None:
        raise NotFound("assessment.not_found")
    return _round(work, row)


def _round(work: Work, row: Any) -> Round:
    return _rounds(work, [row])[0]


def _rounds(work: Work, rows: Sequence[Any]) -> tuple[Round, ...]:
    """The rounds of these rows with every seat, in one question for all of them."""
    found: dict[str, list[SeatLine]] = {row.id: [] for row in rows}
    for line in work.connection.execute(_SEATS, {"wanted": list(found)}) if found else ():
        found[line.assessment_id].append(
            SeatLine(line.id, line.person_id, line.name, line.part, line.interest, line.vacated_at is not None,
                     line.locked_at, hundredths(line.total_hundredths) if line.locked_at else None)
        )  # fmt: skip
    return tuple(
        Round(
            row.id, row.case_id, row.form, row.round, row.form_copy, row.appointed_at, row.opened_at,
            row.concluded_at, hundredths(row.mean_hundredths), row.arbitration_open, row.outcome, tuple(found[row.id]),
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LockedSheet:
    """A sheet as its evaluator locked it: points and comments by item, and what was held against the organization."""

    seat_id: str
    items: dict[str, str]
    comments: dict[str, str]
    veto: list[str]


def locked_sheets(work: Work, assessment_id: str) -> dict[str, LockedSheet]:
    """Every locked sheet of the round by its seat, also those of seats vacated since.

    Whoever shows them must ask for the permission to read scores.
    """
    rows = work.connection.execute(
        select(score_sheets).where(score_sheets.c.assessment_id == assessment_id, score_sheets.c.locked_at.is_not(None))
    )
    return {row.seat_id: LockedSheet(row.seat_id, row.items, row.comments, row.veto) for row in rows}


def sheet_to_score(work: Work, *, person_id: str, assessment_id: str) -> SheetToScore:
    """The evaluator's own sheet; NotFound, as for no such round, when the person holds no seat there."""
    row = work.connection.execute(
        select(seats, assessments.c.form_copy, assessments.c.case_id, assessments.c.opened_at,
               assessments.c.concluded_at, score_sheets.c["items"], score_sheets.c.comments, score_sheets.c.veto,
               score_sheets.c.locked_at, score_sheets.c.total_hundredths)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .outerjoin(score_sheets, score_sheets.c.seat_id == seats.c.id)
        .where(seats.c.assessment_id == assessment_id, seats.c.person_id == person_id, seats.c.vacated_at.is_(None))
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound("assessment.not_found")
    is_open = row.opened_at is not None and row.locked_at is None
    return SheetToScore(
        assessment_id, row.id, row.case_id, row.form_copy, is_open, row.interest, row.items or {}, row.comments or {},
        row.veto or [], row.locked_at, hundredths(row.total_hundredths), row.part,
    )  # fmt: skip


def sheets_waiting_for(work: Work, person_id: str) -> tuple[tuple[str, str], ...]:
    """(assessment id, case id) of every open sheet this evaluator has not locked, oldest first."""
    rows = work.connection.execute(
        select(assessments.c.id, assessments.c.case_id)
        .join(seats, seats.c.assessment_id == assessments.c.id)
        .outerjoin(score_sheets, score_sheets.c.seat_id == seats.c.id)
        .where(
            seats.c.person_id == person_id,
            seats.c.vacated_at.is_(None),
            assessments.c.opened_at.is_not(None),
            score_sheets.c.locked_at.is_(None),
        )
        .order_by(assessments.c.id)
    ).all()
    return tuple((row.id, row.case_id) for row in rows)


def seats_held(work: Work) -> dict[str, int]:
    """How many seats each evaluator holds on rounds that are not concluded."""
    rows = work.connection.execute(
        select(seats.c.person_id, func.count())
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .where(seats.c.vacated_at.is_(None), assessments.c.concluded_at.is_(None))
        .group_by(seats.c.person_id)
    )
    return {row[0]: row[1] for row in rows}

"""Sheets voided for a conflict found after they were locked, with the outcome that was and the one without them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.assessments.models import assessments, seats
from services.database.work import Work
from services.evaluators.models import voided_sheets
from services.people.models import persons


@dataclass(frozen=True, slots=True)
class VoidedLine:
    """One voided sheet: whose, on which ground and evidence, the outcome that was, and what it is without the sheet.

    `before` is None when the round was not concluded, `without` when fewer sheets remain than a panel needs.
    """

    assessment_id: str
    form: str
    round: int
    evaluator: str
    ground: str
    evidence: str
    before: dict[str, Any] | None
    without: dict[str, Any] | None
    state: str
    voided_at: datetime
    voided_by: str


_BY = persons.alias()
_OF_CASE = (
    select(voided_sheets, assessments.c.form, assessments.c.round, persons.c.name.label("evaluator"),
           _BY.c.name.label("by_name"))
    .join(assessments, assessments.c.id == voided_sheets.c.assessment_id)
    .join(seats, seats.c.id == voided_sheets.c.seat_id)
    .join(persons, persons.c.id == seats.c.person_id)
    .join(_BY, _BY.c.id == voided_sheets.c.voided_by)
    .where(voided_sheets.c.case_id == bindparam("wanted"))
    .order_by(voided_sheets.c.id)
)  # fmt: skip


def voided_of(work: Work, case_id: str) -> tuple[VoidedLine, ...]:
    """Every voided sheet of the case, oldest first."""
    return tuple(
        VoidedLine(
            row.assessment_id, row.form, row.round, row.evaluator, row.ground, row.evidence, row.before, row.without,
            row.state, row.voided_at, row.by_name,
        )
        for row in work.connection.execute(_OF_CASE, {"wanted": case_id})
    )  # fmt: skip

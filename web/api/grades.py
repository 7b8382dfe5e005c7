"""National grades: the register, recording one, and what became of it later."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.grades import acts
from services.grades.acts import NewGrade
from services.grades.queries import Grade as Line
from services.grades.queries import grades
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["grades"], route_class=RepeatableRoute)
Reason = Annotated[str, Field(min_length=1, max_length=1000), Clean]


class GradeEntry(Body):
    """A grade as it was announced; its validity is computed from the day."""

    organization_id: Identity
    grade: Annotated[int, Field(ge=1, le=5)]
    announced_on: Day
    level: Literal["national", "province", "prefecture", "county"]
    assessor: Annotated[str, Field(min_length=1, max_length=80), Clean]
    basis: Annotated[str, Field(min_length=1, max_length=200), Clean]


class Measure(Body):
    """That a held grade was cancelled on a day."""

    on: Day
    reason: Reason


class Lowering(Measure):
    """That a held grade was lowered on a day, and to which one."""

    to: Annotated[int, Field(ge=1, le=4)]


class Returned(Body):
    """The day certificate and plaque came back."""

    on: Day


class Grade(Reply):
    """A recorded grade; standing is coming, held, over, lowered or cancelled."""

    id: str
    organization_id: str
    organization: str
    grade: str
    announced_on: date
    valid_from: date
    valid_to: date
    scheme: str
    standing: str
    level: str
    assessor: str
    basis: str
    plaque: list[str]
    reapply_from: date
    reapply_to: date | None
    barred_to: date | None
    return_by: date | None
    returned_on: date | None


class Grades(Reply):
    """The grades within reach, the ones that end first before the others."""

    grades: list[Grade]


def _grade(one: Line, today: date) -> Grade:
    return Grade(
        id=one.id, organization_id=one.organization_id, organization=one.organization, grade=one.called,
        announced_on=one.announced_on, valid_from=one.valid_from, valid_to=one.valid_to, scheme=one.scheme.key,
        standing=one.on(today), level=one.level, assessor=one.assessor, basis=one.basis, plaque=list(one.plaque),
        reapply_from=one.reapply_from, reapply_to=one.reapply_to, barred_to=one.barred_to, return_by=one.return_by,
        returned_on=one.returned_on,
    )  # fmt: skip


@router.get("/grades", summary="National grades")
def register(visitor: Visitor = Depends(visiting)) -> Grades:
    """Of the organizations this person may know of."""
    with visitor.reading() as work:
        found = grades(work, visitor.person)
    return Grades(grades=[_grade(one, visitor.today) for one in found])


@router.post("/grades", status_code=201, summary="Record a national grade", dependencies=[repeatable])
def record(body: GradeEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """Of a registered organization; refused while a bar runs and for one recorded already."""
    new = NewGrade(body.organization_id, body.grade, body.announced_on, body.level, body.assessor, body.basis)
    return Identified(id=acts.record_grade(visitor.database, visitor.person, new, now=visitor.now))


@router.post("/grades/{grade_id}/lowering", status_code=201, summary="Record that a grade was lowered")
def lower(grade_id: Identity, body: Lowering, visitor: Visitor = Depends(visiting)) -> Identified:
    """The lower one holds for what is left; answers its id."""
    identity = acts.lower_grade(
        visitor.database, visitor.person, grade_id=grade_id, to=body.to, on=body.on, reason=body.reason,
        now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.post("/grades/{grade_id}/cancellation", status_code=204, summary="Record that a grade was cancelled")
def cancel(grade_id: Identity, body: Measure, visitor: Visitor = Depends(visiting)) -> None:
    """It bars a new application for years; the certificate comes back within days."""
    acts.cancel_grade(
        visitor.database, visitor.person, grade_id=grade_id, on=body.on, reason=body.reason, now=visitor.now
    )


@router.post("/grades/{grade_id}/return", status_code=204, summary="Record that certificate and plaque came back")
def returned(grade_id: Identity, body: Returned, visitor: Visitor = Depends(visiting)) -> None:
    """Only where they are waited for."""
    acts.note_returned(visitor.database, visitor.person, grade_id=grade_id, on=body.on, now=visitor.now)

"""Panels and score sheets: appointing and completing a panel, and the own sheet only."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, WithJsonSchema

from services.assessments.form_files import from_json
from services.assessments.queries import SheetToScore, sheet_to_score, sheets_waiting_for
from services.cases import commands
from services.cases.queries import case_number_of
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Number, Reply, Username
from web.interface.versions import demand_visible
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["assessments"], route_class=RepeatableRoute)
Key = Annotated[str, Field(min_length=1, max_length=20), Clean]
Comment = Annotated[str, Field(max_length=2000), Clean]
Mark = Annotated[
    str, Field(max_length=8, pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$"),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,2})?$", "maxLength": 8}),
]  # fmt: skip


class Panel(Body):
    """Who assesses; `lead` is the first one when it is not said."""

    form: Annotated[str, Field(max_length=40), Clean]
    usernames: Annotated[list[Username], Field(min_length=1, max_length=20)]
    lead: Annotated[str, Field(max_length=60), Clean] = ""
    by_hand: Annotated[str, Field(max_length=400), Clean] = ""


class Replacement(Body):
    """Who leaves the panel, and who comes instead; both as usernames. Nobody named: by lot. Named: why by hand."""

    leaving: Username
    coming: Annotated[str, Field(max_length=60), Clean] = ""
    by_hand: Annotated[str, Field(max_length=400), Clean] = ""


class Extra(Body):
    """One more evaluator after the panel's discussion, and its minutes. Nobody named: by lot. Named: why by hand."""

    username: Annotated[str, Field(max_length=60), Clean] = ""
    minutes: Annotated[str, Field(max_length=4000), Clean]
    by_hand: Annotated[str, Field(max_length=400), Clean] = ""


class Interest(Body):
    """Whether there is a conflict of interest; with one the seat is given up at once."""

    conflict: bool
    note: Annotated[str, Field(max_length=500), Clean] = ""


class Draft(Body):
    """The own sheet so far: marks and comments by criterion (`total` for the overall comment), claimed vetoes."""

    items: Annotated[dict[Key, Mark], Field(max_length=50)] = {}
    comments: Annotated[dict[Key, Comment], Field(max_length=50)] = {}
    veto: Annotated[list[Key], Field(max_length=20)] = []


class WaitingSheet(Reply):
    """An open sheet that waits for this person."""

    assessment: str
    case: str


class WaitingSheets(Reply):
    """Every open sheet of this person, the oldest first."""

    sheets: list[WaitingSheet]


class Criterion(Reply):
    """A criterion of the form."""

    id: str
    label: str
    most: str


class Sheet(Reply):
    """The own sheet: the criteria, the draft, and once it is locked its total."""

    assessment: str
    case: str
    open: bool
    interest: str
    criteria: list[Criterion]
    items: dict[str, str]
    comments: dict[str, str]
    veto: list[str]
    locked_at: datetime | None
    total: Decimal | None


class Locked(Reply):
    """The round after a sheet was locked."""

    assessment: str
    concluded: bool


@router.post("/cases/{number}/panels", status_code=201, summary="Appoint a panel", dependencies=[repeatable])
def appoint(number: Number, body: Panel, visitor: Visitor = Depends(visiting)) -> Identified:
    """Refused for too few, for people with a conflict, and for those who manage, decide or applied on the case."""
    demand_visible(visitor, number)
    lead = body.lead if body.lead in body.usernames else ""
    identity = commands.appoint_panel(
        visitor.database, visitor.person, number=number, form=body.form, usernames=body.usernames, lead=lead,
        by_hand=body.by_hand, now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.post("/assessments/{assessment_id}/replacement", status_code=204, summary="Replace an evaluator")
def replace(assessment_id: Identity, body: Replacement, visitor: Visitor = Depends(visiting)) -> None:
    """Seat another evaluator in place of one who is recused."""
    commands.replace_evaluator(
        visitor.database, visitor.person, assessment_id=assessment_id, leaving=body.leaving, coming=body.coming,
        by_hand=body.by_hand, now=visitor.now,
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/extra", status_code=204, summary="Seat one more evaluator")
def extra(assessment_id: Identity, body: Extra, visitor: Visitor = Depends(visiting)) -> None:
    """Arbitration: one more evaluator after the panel's recorded discussion."""
    commands.add_extra_evaluator(
        visitor.database, visitor.person, assessment_id=assessment_id, username=body.username, minutes=body.minutes,
        by_hand=body.by_hand, now=visitor.now,
    )  # fmt: skip


@router.get("/sheets", summary="Score sheets that wait for this person")
def sheets(visitor: Visitor = Depends(visiting)) -> WaitingSheets:
    """Open and not locked, the oldest first."""
    with visitor.reading() as work:
        found = [(one, case_number_of(work, case)) for one, case in sheets_waiting_for(work, visitor.person.id)]
    return WaitingSheets(sheets=[WaitingSheet(assessment=one, case=number) for one, number in found])


@router.get("/assessments/{assessment_id}/sheet", summary="The own score sheet")
def sheet(assessment_id: Identity, visitor: Visitor = Depends(visiting)) -> Sheet:
    """Nobody's but the own one; 404 without a seat."""
    with visitor.reading() as work:
        found = sheet_to_score(work, person_id=visitor.person.id, assessment_id=assessment_id)
        number = case_number_of(work, found.case_id)
    return _sheet(found, number, visitor.lang)


def _sheet(found: SheetToScore, number: str, lang: str) -> Sheet:
    form = from_json(found.form_copy)
    return Sheet(
        assessment=found.assessment_id, case=number, open=found.open, interest=found.interest,
        criteria=[
            Criterion(id=one.id, label=one.label_zh if lang == "zh" else one.label_en, most=format(one.maximum, "f"))
            for one in form.criteria
        ],
        items=found.items, comments=found.comments, veto=found.veto, locked_at=found.locked_at, total=found.total,
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/interest", status_code=204, summary="Declare whether there is an interest")
def interest(assessment_id: Identity, body: Interest, visitor: Visitor = Depends(visiting)) -> None:
    """Before anything is scored."""
    commands.declare_interest(
        visitor.database, visitor.person, assessment_id=assessment_id, conflict=body.conflict, note=body.note,
        now=visitor.now,
    )  # fmt: skip


@router.put("/assessments/{assessment_id}/sheet", status_code=204, summary="Keep the draft of the own sheet")
def save(assessment_id: Identity, body: Draft, visitor: Visitor = Depends(visiting)) -> None:
    """The whole draft takes the place of the one before."""
    commands.save_sheet(
        visitor.database, visitor.person, assessment_id=assessment_id, items=dict(body.items),
        comments=dict(body.comments), veto=body.veto, now=visitor.now,
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/lock", summary="Lock the own sheet for good")
def lock(assessment_id: Identity, visitor: Visitor = Depends(visiting)) -> Locked:
    """It cannot be undone; the last sheet concludes the round."""
    found = commands.lock_sheet(visitor.database, visitor.person, assessment_id=assessment_id, now=visitor.now)
    return Locked(assessment=found.id, concluded=found.concluded_at is not None)

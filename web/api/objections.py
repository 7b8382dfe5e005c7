"""Publicity and objections: anyone lodges one with name and contact, the centre manager rules on it."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases.objections import (
    Objection,
    enter_objection,
    lodge_objection,
    open_objections,
    publicity_of,
    rule_on_objection,
    running_publicities,
)
from services.cases.objections import Publicity as Published
from services.cases.queries import case_page
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Number, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["objections"], route_class=RepeatableRoute)


class Objecting(Body):
    """An objection with name and contact of who raises it."""

    by_name: Annotated[str, Field(min_length=1, max_length=60), Clean]
    contact: Annotated[str, Field(min_length=1, max_length=60), Clean]
    text: Annotated[str, Field(min_length=1, max_length=4000), Clean]


class Letter(Objecting):
    """An objection that came as a letter or by word of mouth, with the day it came."""

    received_on: Day


class Ruling(Body):
    """How the centre rules on an objection, and why."""

    ruling: Literal["upheld", "dismissed"]
    reason: Annotated[str, Field(min_length=1, max_length=4000), Clean]


class Publicity(Reply):
    """What is published."""

    number: str
    organization: str
    centre: str
    state: str
    begun_on: date
    ends_on: date | None


class Publicities(Reply):
    """Everything that is published today."""

    publicities: list[Publicity]


class Lodged(Reply):
    """An objection as the centre sees it."""

    id: str
    by_name: str
    text: str
    lodged_on: date
    ruling: str | None
    channel: str
    due_on: date | None
    late: bool
    ruling_reason: str
    ruled_on: date | None


class Waiting(Reply):
    """An objection nobody has ruled on, with its case."""

    id: str
    number: str
    organization: str
    channel: str
    lodged_on: date
    due_on: date | None
    late: bool


class OpenObjections(Reply):
    """Every objection nobody has ruled on, the nearest limit first."""

    objections: list[Waiting]


class Objections(Reply):
    """The objections to a case's publicity."""

    objections: list[Lodged]


@router.get("/publicity", summary="What is published today")
def publicities(visitor: Visitor = Depends(visiting)) -> Publicities:
    """For anybody; it needs no token."""
    with visitor.reading() as work:
        found = running_publicities(work)
    return Publicities(publicities=[_published(one) for one in found])


@router.get("/publicity/{number}", summary="What is published")
def publicity(number: Number, visitor: Visitor = Depends(visiting)) -> Publicity:
    """A case that is not published is not known here."""
    with visitor.reading() as work:
        return _published(publicity_of(work, number))


def _published(one: Published) -> Publicity:
    return Publicity(
        number=one.number, organization=one.organization, centre=one.centre, state=one.state.name,
        begun_on=one.begun_on, ends_on=one.ends_on,
    )  # fmt: skip


@router.post("/publicity/{number}/objections", status_code=201, summary="Object", dependencies=[repeatable])
def lodge(number: Number, body: Objecting, visitor: Visitor = Depends(visiting)) -> Identified:
    """Anyone may; it needs no token."""
    objection = Objection(body.by_name, body.contact, body.text)
    identity = lodge_objection(
        visitor.database, number=number, objection=objection, address=visitor.origin.address, now=visitor.now
    )
    return Identified(id=identity)


@router.post(
    "/cases/{number}/objections", status_code=201, summary="Enter an objection that came as a letter",
    dependencies=[repeatable],
)  # fmt: skip
def enter(number: Number, body: Letter, visitor: Visitor = Depends(visiting)) -> Identified:
    """It must have come while the publicity ran."""
    identity = enter_objection(
        visitor.database, visitor.person, number=number, received_on=body.received_on,
        objection=Objection(body.by_name, body.contact, body.text), now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.get("/cases/{number}/objections", summary="Objections to a case's publicity")
def objections(number: Number, visitor: Visitor = Depends(visiting)) -> Objections:
    """For the centre; others see none."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    return Objections(
        objections=[
            Lodged(
                id=one.id,
                by_name=one.by_name,
                text=one.text,
                lodged_on=one.lodged_on,
                ruling=one.ruling,
                channel=one.channel,
                due_on=one.due_on,
                late=one.late,
                ruling_reason=one.ruling_reason,
                ruled_on=one.ruled_on,
            )
            for one in page.objections
        ]
    )


@router.get("/objections", summary="Objections that wait for a ruling")
def waiting(visitor: Visitor = Depends(visiting)) -> OpenObjections:
    """The nearest limit first; for whoever may rule."""
    with visitor.reading() as work:
        found = open_objections(work, visitor.person)
    return OpenObjections(
        objections=[
            Waiting(
                id=one.id,
                number=one.number,
                organization=one.organization,
                channel=one.channel,
                lodged_on=one.lodged_on,
                due_on=one.due_on,
                late=one.late,
            )
            for one in found
        ]
    )


@router.post("/objections/{objection_id}/ruling", status_code=204, summary="Rule on an objection")
def rule(objection_id: Identity, body: Ruling, visitor: Visitor = Depends(visiting)) -> None:
    """Upheld or dismissed, with the reason; once."""
    rule_on_objection(
        visitor.database, visitor.person, objection_id=objection_id, upheld=body.ruling == "upheld",
        reason=body.reason, now=visitor.now,
    )  # fmt: skip

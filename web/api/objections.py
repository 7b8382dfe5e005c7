"""Publicity and objections: anyone lodges one with name and contact, the centre manager rules on it."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases import commands
from services.cases.queries import case_page
from services.cases.turn import load_subject
from services.errors import NotFound
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Number, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["objections"], route_class=RepeatableRoute)


class Objection(Body):
    """An objection with name and contact of who raises it."""

    by_name: Annotated[str, Field(min_length=1, max_length=60), Clean]
    contact: Annotated[str, Field(min_length=1, max_length=60), Clean]
    text: Annotated[str, Field(min_length=1, max_length=4000), Clean]


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
    ends_on: date | None


class Lodged(Reply):
    """An objection as the centre sees it."""

    id: str
    by_name: str
    text: str
    lodged_on: date
    ruling: str | None


class Objections(Reply):
    """The objections to a case's publicity."""

    objections: list[Lodged]


@router.get("/publicity/{number}", summary="What is published")
def publicity(number: Number, visitor: Visitor = Depends(visiting)) -> Publicity:
    """A case that is not published is not known here."""
    with visitor.reading() as work:
        subject = load_subject(work, number=number)
    if "PUBLICITY" not in subject.case.state:
        raise NotFound("access.not_found")
    clock = subject.clocks.get("publicity")
    return Publicity(
        number=number, organization=subject.organization.name, centre=subject.centre.name, state=subject.case.state,
        ends_on=clock.due_on if clock else None,
    )  # fmt: skip


@router.post("/publicity/{number}/objections", status_code=201, summary="Object", dependencies=[repeatable])
def lodge(number: Number, body: Objection, visitor: Visitor = Depends(visiting)) -> Identified:
    """Anyone may; it needs no token."""
    identity = commands.lodge_objection(
        visitor.database, number=number, by_name=body.by_name, contact=body.contact, text=body.text, now=visitor.now
    )
    return Identified(id=identity)


@router.get("/cases/{number}/objections", summary="Objections to a case's publicity")
def objections(number: Number, visitor: Visitor = Depends(visiting)) -> Objections:
    """For the centre; others see none."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    return Objections(
        objections=[
            Lodged(id=one.id, by_name=one.by_name, text=one.text, lodged_on=one.lodged_on, ruling=one.ruling)
            for one in page.objections
        ]
    )


@router.post("/objections/{objection_id}/ruling", status_code=204, summary="Rule on an objection")
def rule(objection_id: Identity, body: Ruling, visitor: Visitor = Depends(visiting)) -> None:
    """Upheld or dismissed, with the reason; once."""
    commands.rule_on_objection(
        visitor.database, visitor.person, objection_id=objection_id, upheld=body.ruling == "upheld",
        reason=body.reason, now=visitor.now,
    )  # fmt: skip

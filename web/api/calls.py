"""Calls for awards, the order of those scored, and who operates a centre."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.authority.rules import demand
from services.awards.acts import open_call
from services.awards.commands import NewCall
from services.awards.queries import call_by_id, calls
from services.cases.award_order import order_of
from services.organizations.operators import name_operator
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["funds"], route_class=RepeatableRoute)
Category = Literal["SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"]


class CallEntry(Body):
    """A call of a programme; no categories means every kind of organization."""

    program_id: Identity
    title: Annotated[str, Field(min_length=1, max_length=80), Clean]
    asked_for: Annotated[str, Field(min_length=1, max_length=1000), Clean]
    opens_on: Day
    closes_on: Day
    ceiling_fen: Annotated[int, Field(gt=0, le=10**13)]
    categories: Annotated[list[Category], Field(max_length=4)] = []
    rolling: bool = False


class Call(Reply):
    """A call as it stands today."""

    id: str
    program: str
    year: int
    title: str
    asked_for: str
    categories: list[str]
    opens_on: date
    closes_on: date
    ceiling_fen: int
    rolling: bool
    applications: int
    standing: str


class Calls(Reply):
    """Every call, the latest to close first."""

    calls: list[Call]


class Place(Reply):
    """One scored application in the order of its budget line."""

    place: int
    case: str
    organization: str
    score: Decimal
    requested_fen: int
    advised_fen: int
    funded: bool
    before_next: str


class Order(Reply):
    """The scored applications that wait to be proposed."""

    places: list[Place]


class Operator(Body):
    """Which organization operates a centre, from which day on."""

    organization_id: Identity
    operates_from: Day


@router.get("/calls", summary="Calls for awards")
def every(visitor: Visitor = Depends(visiting)) -> Calls:
    """With their window, their ceiling and how many applied."""
    demand(visitor.person, "call:read")
    with visitor.reading() as work:
        found = calls(work)
        today = work.today
    return Calls(
        calls=[
            Call(id=one.id, program=one.program, year=one.year, title=one.title, asked_for=one.asked_for,
                 categories=list(one.categories), opens_on=one.opens_on, closes_on=one.closes_on,
                 ceiling_fen=one.ceiling_fen, rolling=one.rolling, applications=one.applications,
                 standing=one.standing(today))
            for one in found
        ]
    )  # fmt: skip


@router.post("/calls", status_code=201, summary="Open a call", dependencies=[repeatable])
def opened(body: CallEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """Awards of the programme are applied for within its window only."""
    new = NewCall(
        body.program_id, body.title, body.asked_for, body.opens_on, body.closes_on, body.ceiling_fen,
        tuple(body.categories), body.rolling,
    )  # fmt: skip
    return Identified(id=open_call(visitor.database, visitor.person, new, now=visitor.now))


@router.get("/calls/{call_id}/order", summary="Order of a call")
def order(call_id: Identity, visitor: Visitor = Depends(visiting)) -> Order:
    """By score until the budget ends."""
    with visitor.reading() as work:
        found = order_of(work, visitor.person, call_by_id(work, call_id).id)
    return Order(
        places=[
            Place(place=one.ranked.place, case=one.ranked.applied.number, organization=one.organization,
                  score=one.ranked.applied.score, requested_fen=one.requested_fen,
                  advised_fen=one.ranked.applied.advised_fen, funded=one.ranked.funded,
                  before_next=one.ranked.before_next)
            for one in found
        ]
    )  # fmt: skip


@router.post(
    "/centres/{centre_id}/operator", status_code=201, summary="Name a centre's operator", dependencies=[repeatable]
)
def operator(centre_id: Identity, body: Operator, visitor: Visitor = Depends(visiting)) -> Identified:
    """Whoever operated it before ends with the day before; an operator can be awarded nothing by the centre."""
    identity = name_operator(
        visitor.database, visitor.person, centre_id=centre_id, organization_id=body.organization_id,
        operates_from=body.operates_from, now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)

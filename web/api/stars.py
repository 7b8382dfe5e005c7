"""Star rounds: announcing one, the applications of a round, and applying with own scores."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.authority.rules import demand
from services.cases.starring import READ, RoundEntry, StarApplication, apply_for_star, entries_of
from services.stars.acts import NewRound, announce_round
from services.stars.queries import RoundLine, round_line, rounds
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.interface.versions import tag
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["stars"], route_class=RepeatableRoute)
Key = Annotated[str, Field(min_length=1, max_length=20), Clean]
Mark = Annotated[str, Field(max_length=8, pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$")]
Ground = Annotated[str, Field(max_length=200), Clean]


class RoundEntryForm(Body):
    """A round of one county and year; without a last day its window is counted by the rules."""

    division_code: Annotated[str, Field(pattern=r"^[0-9]{6,12}$")]
    centre_id: Identity
    year: Annotated[int, Field(ge=2000, le=2100)]
    title: Annotated[str, Field(min_length=1, max_length=80), Clean]
    rules_text: Annotated[str, Field(min_length=1, max_length=2000), Clean]
    opens_on: Day
    closes_on: Day | None = None


class Round(Reply):
    """An announced round; standing is coming, open or closed."""

    id: str
    division_code: str
    county: str
    centre: str
    year: int
    title: str
    rules_text: str
    opens_on: date
    closes_on: date
    standing: str


class Rounds(Reply):
    """Every round, the latest first."""

    rounds: list[Round]


class Rated(Reply):
    """An application and what it came to; `self_total` counts for nothing; results stand where they may be known."""

    case: str
    organization_id: str
    organization: str
    category: str
    state: str
    due_on: date | None
    self_total: Decimal
    survey_points: Decimal | None
    total: Decimal | None
    stars: int | None
    caps: list[str]
    valid_from: date | None
    valid_to: date | None


class RoundPage(Round):
    """A round with the applications this person may see."""

    applications: list[Rated]


class StarWish(Body):
    """What an organization says when it applies: an own score for each criterion, and the materials it hands in."""

    organization_id: Identity
    self_scores: Annotated[dict[Key, Mark], Field(max_length=30)]
    evidence: Annotated[dict[Key, Ground], Field(max_length=30)] = {}
    materials: Annotated[list[Annotated[str, Field(max_length=60), Clean]], Field(max_length=30)]
    statement: Annotated[str, Field(max_length=4000), Clean] = ""
    commitments_accepted: bool


class Applied(Reply):
    """The case of a fresh application."""

    number: str
    state: str
    version: int


def _fields(one: RoundLine, today: date) -> dict[str, object]:
    return {
        "id": one.id, "division_code": one.division_code, "county": one.county, "centre": one.centre, "year": one.year,
        "title": one.title, "rules_text": one.rules_text, "opens_on": one.opens_on, "closes_on": one.closes_on,
        "standing": one.standing(today),
    }  # fmt: skip


def _rated(one: RoundEntry) -> Rated:
    return Rated(
        case=one.number, organization_id=one.organization_id, organization=one.organization, category=one.category,
        state=one.state.name, due_on=one.due_on, self_total=one.self_total, survey_points=one.survey_points,
        total=one.total, stars=one.stars, caps=list(one.caps), valid_from=one.valid_from, valid_to=one.valid_to,
    )  # fmt: skip


@router.get("/star-rounds", summary="The star rounds")
def register(visitor: Visitor = Depends(visiting)) -> Rounds:
    """The latest first."""
    demand(visitor.person, READ)
    with visitor.reading() as work:
        found = rounds(work)
    return Rounds(rounds=[Round.model_validate(_fields(one, visitor.today)) for one in found])


@router.post("/star-rounds", status_code=201, summary="Announce a star round", dependencies=[repeatable])
def announce(body: RoundEntryForm, visitor: Visitor = Depends(visiting)) -> Identified:
    """By civil affairs of the county, once a year."""
    new = NewRound(
        body.division_code, body.centre_id, body.year, body.title, body.rules_text, body.opens_on, body.closes_on
    )
    return Identified(id=announce_round(visitor.database, visitor.person, new, now=visitor.now))


@router.get("/star-rounds/{round_id}", summary="One star round with its applications")
def one_round(round_id: Identity, visitor: Visitor = Depends(visiting)) -> RoundPage:
    """Totals and stars only where this person may know them."""
    with visitor.reading() as work:
        entries = entries_of(work, visitor.person, round_id)
        present = round_line(work, round_id)
    told = _fields(present, visitor.today) | {"applications": [_rated(one) for one in entries]}
    return RoundPage.model_validate(told)


@router.post(
    "/star-rounds/{round_id}/application", status_code=201, summary="Apply for a star", dependencies=[repeatable]
)
def hand_in(round_id: Identity, body: StarWish, response: Response, visitor: Visitor = Depends(visiting)) -> Applied:
    """The case is opened and handed in at once; every further step is a move of it."""
    wish = StarApplication(
        round_id, body.organization_id, dict(body.self_scores), dict(body.evidence), tuple(body.materials),
        body.statement, body.commitments_accepted,
    )  # fmt: skip
    found = apply_for_star(visitor.database, visitor.person, wish, now=visitor.now)
    response.headers["Location"] = f"/api/v1/cases/{found.case_number}"
    response.headers["ETag"] = tag(found.version)
    return Applied(number=found.case_number, state=found.state, version=found.version)

"""The pool of evaluators: terms, contacts that are only compared, recorded ties; and draws of panels from it."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.assessments.queries import seats_held
from services.cases.appointing import appoint, dismiss
from services.cases.commands import appoint_panel
from services.cases.panels import DrawPage, draw_page, draws_of
from services.evaluators import acts
from services.evaluators.acts import NewTerm, NewTie
from services.evaluators.queries import pool_lines, tie_lines
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Number, Reply, Username
from web.interface.versions import demand_visible
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["evaluators"], route_class=RepeatableRoute)
Said = Annotated[str, Field(min_length=1, max_length=200), Clean]
Named = Annotated[str, Field(max_length=60), Clean]
ServiceField = Literal["SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"]


class Term(Reply):
    """One term of the pool; `load` is how many seats the person holds on rounds that are not concluded."""

    id: str
    username: str
    name: str
    fields: list[str]
    body: str
    appointment: str
    term_from: date
    term_to: date
    most_seats: int
    load: int
    standing: Literal["running", "coming", "over", "ended"]
    ended_on: date | None
    ended_reason: str
    compared_by: list[str]


class RecordedTie(Reply):
    """One recorded tie between people and organizations."""

    id: str
    kind: str
    one: str
    other: str
    held_to: date | None
    source: str


class Pool(Reply):
    """The pool and the recorded ties."""

    terms: list[Term]
    ties: list[RecordedTie]


class Appointed(Body):
    """A term to be added."""

    username: Username
    fields: Annotated[list[ServiceField], Field(min_length=1, max_length=4)]
    term_from: Day
    term_to: Day
    most_seats: Annotated[int, Field(ge=1, le=50)] = 5
    body: Annotated[str, Field(max_length=80), Clean] = ""
    appointment: Annotated[str, Field(max_length=40), Clean] = ""
    centre: Annotated[str, Field(max_length=36), Clean] = ""


class Ending(Body):
    """Why a term ends."""

    reason: Said


class Contact(Body):
    """A telephone, address or account of a person (username) or an organization; kept sealed and only compared."""

    kind: Literal["phone", "address", "account"]
    value: Said
    username: Named = ""
    organization: Named = ""
    held_to: Day | None = None


class NewRecordedTie(Body):
    """A tie: `username` or `body` is one end, `relative` or `organization` the other."""

    kind: Literal["family", "founder", "donor", "supplier", "paid", "rival"]
    source: Said
    username: Named = ""
    body: Named = ""
    relative: Named = ""
    organization: Named = ""
    held_to: Day | None = None


class TieEnd(Body):
    """When a tie ended."""

    held_to: Day


class DrawAsked(Body):
    """For which form a panel is drawn."""

    form: Annotated[str, Field(max_length=40), Clean]


class Considered(Reply):
    """One candidate of a draw: the lot the seed gave, the seat it led to, or why the person was left out."""

    name: str
    fields: list[str]
    load: int
    most: int
    lot: str
    seat: int | None
    lead: bool
    left_out: list[str]


class Draw(Reply):
    """How the people of a panel were found; `holds` when the record derives the same panel again."""

    id: str
    case: str
    form: str
    assessment: str
    purpose: Literal["panel", "replacement", "extra"]
    drawn_at: datetime
    drawn_by: str
    by_hand: str
    seed: str
    digest: str
    holds: bool
    candidates: list[Considered]
    panel: list[str]


class Draws(Reply):
    """Every draw of a case, oldest first."""

    draws: list[Draw]


@router.get("/evaluators", summary="The pool of evaluators")
def pool(visitor: Visitor = Depends(visiting)) -> Pool:
    """Running terms first; contacts are named by their kind alone."""
    with visitor.reading() as work:
        lines, ties = pool_lines(work, visitor.person), tie_lines(work, visitor.person)
        loads = seats_held(work)
    terms = [
        Term(
            id=one.id, username=one.username, name=one.name, fields=list(one.fields), body=one.body,
            appointment=one.appointment, term_from=one.term_from, term_to=one.term_to, most_seats=one.most_seats,
            load=loads.get(one.person_id, 0), standing=one.standing(visitor.today), ended_on=one.ended_on,
            ended_reason=one.ended_reason, compared_by=list(one.contacts),
        )
        for one in lines
    ]  # fmt: skip
    recorded = [
        RecordedTie(id=one.id, kind=one.kind, one=one.one, other=one.other, held_to=one.held_to, source=one.source)
        for one in ties
    ]
    return Pool(terms=terms, ties=recorded)


@router.post("/evaluators", status_code=201, summary="Add a term to the pool", dependencies=[repeatable])
def add(body: Appointed, visitor: Visitor = Depends(visiting)) -> Identified:
    """Refused for one who is no evaluator today, and for a term that meets another of the same person. Where no number
    of a letter is given, one is issued into the evaluator's drawer.
    """
    new = NewTerm(
        body.username, tuple(body.fields), body.term_from, body.term_to, body.most_seats, body.body, body.appointment
    )
    return Identified(id=appoint(visitor.database, visitor.person, new, now=visitor.now, centre=body.centre))


@router.post("/evaluators/{term_id}/end", status_code=204, summary="End a term")
def end(term_id: Identity, body: Ending, visitor: Visitor = Depends(visiting)) -> None:
    """Ends today, and its letter is revoked; seats already held stay."""
    dismiss(visitor.database, visitor.person, term_id=term_id, reason=body.reason, now=visitor.now)


@router.post("/evaluators/contacts", status_code=201, summary="Keep a contact to compare", dependencies=[repeatable])
def contact(body: Contact, visitor: Visitor = Depends(visiting)) -> Identified:
    """Sealed at once and never shown again."""
    identity = acts.note_contact(
        visitor.database, visitor.person, username=body.username, organization=body.organization, kind=body.kind,
        value=body.value, held_to=body.held_to, now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.post("/evaluators/ties", status_code=201, summary="Record a tie", dependencies=[repeatable])
def tie(body: NewRecordedTie, visitor: Visitor = Depends(visiting)) -> Identified:
    """Conflicts of interest are found by it from now on."""
    new = NewTie(body.kind, body.source, body.username, body.body, body.relative, body.organization, body.held_to)
    return Identified(id=acts.record_tie(visitor.database, visitor.person, new, now=visitor.now))


@router.post("/evaluators/ties/{tie_id}/end", status_code=204, summary="Note when a tie ended")
def end_tie(tie_id: Identity, body: TieEnd, visitor: Visitor = Depends(visiting)) -> None:
    """It counts for two years more."""
    acts.end_tie(visitor.database, visitor.person, tie_id=tie_id, held_to=body.held_to, now=visitor.now)


@router.post("/cases/{number}/draws", status_code=201, summary="Draw a panel", dependencies=[repeatable])
def draw(number: Number, body: DrawAsked, visitor: Visitor = Depends(visiting)) -> Identified:
    """From the pool by lot, seed and candidates kept; answers the round."""
    demand_visible(visitor, number)
    return Identified(
        id=appoint_panel(visitor.database, visitor.person, number=number, form=body.form, now=visitor.now)
    )


@router.get("/cases/{number}/draws", summary="How the panels of a case were found")
def draws(number: Number, visitor: Visitor = Depends(visiting)) -> Draws:
    """Each derived again from its record."""
    demand_visible(visitor, number)
    with visitor.reading() as work:
        return Draws(draws=[_draw(one) for one in draws_of(work, visitor.person, number)])


@router.get("/draws/{draw_id}", summary="One draw")
def one_draw(draw_id: Identity, visitor: Visitor = Depends(visiting)) -> Draw:
    """With every candidate, and why anyone was left out."""
    with visitor.reading() as work:
        return _draw(draw_page(work, visitor.person, draw_id))


def _draw(found: DrawPage) -> Draw:
    considered = [
        Considered(
            name=one.name, fields=list(one.fields), load=one.load, most=one.most, lot=one.lot, seat=one.place,
            lead=one.lead, left_out=list(one.left_out),
        )
        for one in found.candidates
    ]  # fmt: skip
    return Draw(
        id=found.id, case=found.case_number, form=found.form, assessment=found.assessment_id,
        purpose=found.purpose, drawn_at=found.drawn_at, drawn_by=found.drawn_by,  # type: ignore[arg-type]
        by_hand=found.by_hand, seed=found.seed, digest=found.digest, holds=found.holds, candidates=considered,
        panel=list(found.panel),
    )  # fmt: skip

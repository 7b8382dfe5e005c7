"""What people at their desks do with a case besides moving it: claim, hand over, ask, answer, nudge, copy."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases import desk, letters
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Number, Reply, Username
from web.interface.versions import demand_visible
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["desk"], route_class=RepeatableRoute)
Note = Annotated[str, Field(min_length=1, max_length=500), Clean]


class ToOne(Body):
    """A colleague by username, and what is asked."""

    to: Username
    note: Note


class ToSeveral(Body):
    """Colleagues by username, and what is asked or told."""

    to: Annotated[list[Username], Field(min_length=1, max_length=10)]
    note: Annotated[str, Field(max_length=500), Clean] = ""


class Answer(Body):
    """A hand-over or delegation is done or declined, an opinion is agree or disagree."""

    opinion: Literal["agree", "disagree", "done", "declined"]
    answer: Annotated[str, Field(max_length=500), Clean] = ""


class Asked(Reply):
    """The requests that were made."""

    ids: list[str]


class Kept(Reply):
    """How many papers and notices were kept back, or sent."""

    letters: int


class Nudged(Reply):
    """How many people were reminded."""

    told: int


@router.post("/cases/{number}/letters/withdraw", summary="Keep the letters of the own decision back")
def withhold(number: Number, visitor: Visitor = Depends(visiting)) -> Kept:
    """撤回送出: for some seconds after a decision, by whoever decided. The case waits until they are sent."""
    demand_visible(visitor, number)
    return Kept(letters=letters.withhold_letters(visitor.database, visitor.person, number=number, now=visitor.now))


@router.post("/cases/{number}/letters/send", summary="Send the letters that were kept back")
def send(number: Number, visitor: Visitor = Depends(visiting)) -> Kept:
    """送出."""
    demand_visible(visitor, number)
    return Kept(letters=letters.send_letters(visitor.database, visitor.person, number=number, now=visitor.now))


@router.post("/cases/{number}/claim", status_code=204, summary="Claim a case")
def claim(number: Number, visitor: Visitor = Depends(visiting)) -> None:
    """签收: others see who holds it."""
    demand_visible(visitor, number)
    desk.claim_case(visitor.database, visitor.person, number=number, now=visitor.now)


@router.post("/cases/{number}/release", status_code=204, summary="Release a case")
def release(number: Number, visitor: Visitor = Depends(visiting)) -> None:
    """The own claim, or (whom the policy lets) another's."""
    demand_visible(visitor, number)
    desk.release_case(visitor.database, visitor.person, number=number, now=visitor.now)


@router.post("/cases/{number}/hand-over", status_code=201, summary="Hand a case over", dependencies=[repeatable])
def hand_over(number: Number, body: ToOne, visitor: Visitor = Depends(visiting)) -> Identified:
    """转办: to a colleague who may do what this person may do here."""
    demand_visible(visitor, number)
    identity = desk.hand_over(
        visitor.database, visitor.person, number=number, to=body.to, note=body.note, now=visitor.now
    )
    return Identified(id=identity)


@router.post("/cases/{number}/delegate", status_code=201, summary="Have a case prepared", dependencies=[repeatable])
def delegate(number: Number, body: ToOne, visitor: Visitor = Depends(visiting)) -> Identified:
    """委派: with the answer it comes back."""
    demand_visible(visitor, number)
    identity = desk.delegate(
        visitor.database, visitor.person, number=number, to=body.to, note=body.note, now=visitor.now
    )
    return Identified(id=identity)


@router.post("/cases/{number}/opinions", status_code=201, summary="Ask for opinions", dependencies=[repeatable])
def opinions(number: Number, body: ToSeveral, visitor: Visitor = Depends(visiting)) -> Asked:
    """加签: until all answered nobody can decide the case."""
    demand_visible(visitor, number)
    ids = desk.ask_opinions(
        visitor.database, visitor.person, number=number, to=body.to, note=body.note, now=visitor.now
    )
    return Asked(ids=list(ids))


@router.post("/cases/{number}/nudge", summary="Remind whoever is waited for")
def nudge(number: Number, visitor: Visitor = Depends(visiting)) -> Nudged:
    """催办: at most once a day and case."""
    demand_visible(visitor, number)
    return Nudged(told=desk.nudge_case(visitor.database, visitor.person, number=number, now=visitor.now))


@router.post("/cases/{number}/copies", status_code=204, summary="Tell people of a case")
def copies(number: Number, body: ToSeveral, visitor: Visitor = Depends(visiting)) -> None:
    """抄送: it lets nobody see more than before."""
    demand_visible(visitor, number)
    desk.copy_case(visitor.database, visitor.person, number=number, to=body.to, note=body.note, now=visitor.now)


@router.post("/desk-requests/{request_id}/answer", status_code=204, summary="Answer what one was asked")
def answer(request_id: Identity, body: Answer, visitor: Visitor = Depends(visiting)) -> None:
    """What was delegated, and what was declined, goes back to the one who asked."""
    desk.answer_request(
        visitor.database, visitor.person, request_id=request_id, opinion=body.opinion, answer=body.answer,
        now=visitor.now,
    )  # fmt: skip


@router.post("/desk-requests/{request_id}/take-back", status_code=204, summary="Take an own request back")
def take_back(request_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """撤回, 减签: while nobody answered it."""
    desk.take_back(visitor.database, visitor.person, request_id=request_id, now=visitor.now)

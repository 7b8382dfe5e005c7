"""Messages on a case, each to one audience."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases.rating import rate
from services.cases.remarks import LONGEST, conversation, write_remark
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Number, Reply
from web.interface.versions import demand_visible
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["remarks"], route_class=RepeatableRoute)


class Message(Body):
    """A message and who may read it besides the offices."""

    audience: Literal["offices", "applicant", "evaluators"]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST), Clean]


class Remark(Reply):
    """A message as this person may read it."""

    id: str
    author: str
    audience: str
    text: str
    at: datetime
    own: bool
    unread: bool


class Remarks(Reply):
    """The messages, oldest first, and to whom this person may write."""

    remarks: list[Remark]
    audiences: list[str]


class Rating(Body):
    """How satisfied one is, from 1 (not at all) to 5, with reasons of the list and a few words."""

    level: Annotated[int, Field(ge=1, le=5)]
    reasons: Annotated[list[Annotated[str, Field(max_length=40), Clean]], Field(max_length=10)] = []
    text: Annotated[str, Field(max_length=500), Clean] = ""


@router.get("/cases/{number}/remarks", summary="Messages on a case")
def remarks(number: Number, visitor: Visitor = Depends(visiting)) -> Remarks:
    """Reading them here does not count as having looked."""
    with visitor.reading() as work:
        talk = conversation(work, visitor.person, number)
    return Remarks(
        remarks=[
            Remark(id=one.id, author=one.author, audience=one.audience, text=one.text, at=one.at, own=one.own,
                   unread=one.unread)
            for one in talk.remarks
        ],
        audiences=list(talk.audiences),
    )  # fmt: skip


@router.post("/cases/{number}/remarks", status_code=204, summary="Write a message", dependencies=[repeatable])
def write(number: Number, body: Message, visitor: Visitor = Depends(visiting)) -> None:
    """To one audience, kept to afterwards."""
    demand_visible(visitor, number)
    write_remark(
        visitor.database, visitor.person, number=number, audience=body.audience, text=body.text,
        request_id=uuid4().hex, now=visitor.now,
    )  # fmt: skip


@router.post("/cases/{number}/ratings/{topic}", status_code=204, summary="Rate a part that is over")
def give_rating(
    number: Number, topic: Annotated[str, Field(max_length=40)], body: Rating, visitor: Visitor = Depends(visiting)
) -> None:
    """好差评: by an applicant of the case, once; nothing says who did."""
    rate(
        visitor.database, visitor.person, number=number, topic=topic, level=body.level, reasons=tuple(body.reasons),
        text=body.text, now=visitor.now,
    )  # fmt: skip

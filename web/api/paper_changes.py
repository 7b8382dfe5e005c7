"""Papers made void or issued anew: proposed, agreed to by a second person where one is needed, listed."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases.paper_change_lines import ChangeLine, change_page, changes
from services.cases.paper_changes import confirm_change, propose_reissue, propose_void, refuse_change
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["documents"], route_class=RepeatableRoute)
Reason = Annotated[str, Field(min_length=1, max_length=400), Clean]
Words = Annotated[str, Field(min_length=1, max_length=4000), Clean]


class Wish(Body):
    """Why."""

    reason: Reason


class Correction(Body):
    """A text as the paper says it, and as it should."""

    text: Words
    correct: Words


class Reissue(Body):
    """Why, and what is put right; every place where the text stands by itself."""

    reason: Reason
    corrections: Annotated[list[Correction], Field(min_length=1, max_length=200)]


class PaperChange(Reply):
    """One change of a paper; standing is waiting, done or refused, `successor` the number of the paper in its place."""

    id: str
    document_id: str
    kind: str
    number: str
    act: Literal["void", "reissue"]
    reason: str
    corrections: list[Correction]
    two_people: bool
    proposed_by: str
    proposed_at: datetime
    standing: str
    decided_by: str
    decided_at: datetime | None
    decided_because: str
    successor: str


class PaperChanges(Reply):
    """Changes, those that wait first, then the latest."""

    changes: list[PaperChange]


class Correctable(Reply):
    """The changes of one paper, and the texts a correction may put right."""

    two_people: bool
    texts: list[str]
    changes: list[PaperChange]


def _change(line: ChangeLine) -> PaperChange:
    names = PaperChange.model_fields.keys() - {"corrections"}
    corrections = [Correction(text=text, correct=correct) for text, correct in line.corrections]
    return PaperChange(corrections=corrections, **{name: getattr(line, name) for name in names})


@router.get("/paper-changes", summary="Changes of papers")
def register(visitor: Visitor = Depends(visiting)) -> PaperChanges:
    """Of papers this person may read; at most two hundred."""
    with visitor.reading() as work:
        return PaperChanges(changes=[_change(one) for one in changes(work, visitor.person)])


@router.get("/papers/{document_id}/changes", summary="The changes of a paper")
def of_paper(document_id: Identity, visitor: Visitor = Depends(visiting)) -> Correctable:
    """And what could be corrected in it."""
    with visitor.reading() as work:
        found = change_page(work, visitor.person, document_id)
    return Correctable(
        two_people=found.two_people, texts=list(found.texts), changes=[_change(one) for one in found.lines]
    )


@router.post(
    "/papers/{document_id}/void", status_code=201, summary="Make a paper void", dependencies=[repeatable]
)  # fmt: skip
def void(document_id: Identity, body: Wish, visitor: Visitor = Depends(visiting)) -> Identified:
    """At once, or once a second person agrees (certificates and decisions)."""
    made = propose_void(
        visitor.database, visitor.person, document_id=document_id, reason=body.reason, now=visitor.now
    )  # fmt: skip
    return Identified(id=made)


@router.post(
    "/papers/{document_id}/reissue", status_code=201, summary="Issue a paper anew", dependencies=[repeatable]
)  # fmt: skip
def reissue(document_id: Identity, body: Reissue, visitor: Visitor = Depends(visiting)) -> Identified:
    """Under the next number, with the corrections; the old one is replaced. At once, or once a second person agrees."""
    made = propose_reissue(
        visitor.database, visitor.person, document_id=document_id, reason=body.reason,
        corrections={one.text: one.correct for one in body.corrections}, now=visitor.now,
    )  # fmt: skip
    return Identified(id=made)


@router.post("/paper-changes/{change_id}/confirm", status_code=204, summary="Agree to a change of a paper")
def confirm(change_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """As somebody else proposed it; never the own one."""
    confirm_change(visitor.database, visitor.person, change_id=change_id, now=visitor.now)


@router.post("/paper-changes/{change_id}/refusal", status_code=204, summary="Refuse a change of a paper")
def refuse(change_id: Identity, body: Wish, visitor: Visitor = Depends(visiting)) -> None:
    """The paper stands; whoever proposed may take the change back so too."""
    refuse_change(visitor.database, visitor.person, change_id=change_id, reason=body.reason, now=visitor.now)

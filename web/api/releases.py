"""结果批量发布: results prepared case by case and made known at one moment."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import Field

from services.cases import releases
from services.cases.advance import AdvanceCase
from web.interface.case_shapes import Reason
from web.interface.describing import also
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Details, Identified, Identity, Number, Reply
from web.interface.versions import demand_visible, version_in
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/api/v1", tags=["releases"], route_class=RepeatableRoute)


class Preparation(Body):
    """What is said with the decision."""

    details: Details = {}


class Leaving(Reply):
    """What leaves with a result: a paper (its kind) or a notice (its words), and to which roles."""

    document: str | None
    title: str | None
    body: str | None
    to: list[str]


class Result(Reply):
    """One prepared result: the state the case would come into (or came into), or (`state` null) why it stays."""

    id: str
    number: str
    organization: str
    trigger: str
    details: dict[str, Any]
    standing: str
    state: str | None
    reasons: list[Reason]
    leaving: list[Leaving]


class BatchLine(Reply):
    """One batch in the list; `left` results are still to be made known."""

    id: str
    standing: str
    prepared_by: str
    prepared_at: datetime
    released_at: datetime | None
    left: int


class Batches(Reply):
    """Every batch, the latest first."""

    releases: list[BatchLine]


class Batch(BatchLine):
    """One batch with its results, each rehearsed now."""

    results: list[Result]


@router.post(
    "/cases/{number}/preparations/{trigger}", status_code=201, summary="Prepare a result", dependencies=[repeatable],
    responses=also(412),
)  # fmt: skip
def prepare(
    number: Number, trigger: Annotated[str, Field(max_length=40)], body: Preparation,
    visitor: Visitor = Depends(visiting), if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Identified:  # fmt: skip
    """As the transition, but made known with the others of the batch. Nobody else learns of it before."""
    demand_visible(visitor, number)
    command = AdvanceCase(number, trigger, version_in(if_match), body.details)
    return Identified(id=releases.prepare(visitor.database, visitor.person, command, now=visitor.now))


@router.get("/releases", summary="Batches of results")
def batches(visitor: Visitor = Depends(visiting)) -> Batches:
    """The latest first."""
    with visitor.reading() as work:
        found = releases.batches(work, visitor.person)
    return Batches(releases=[BatchLine(**_head(one)) for one in found])


@router.get("/releases/{release_id}", summary="One batch of results")
def batch(release_id: Identity, visitor: Visitor = Depends(visiting)) -> Batch:
    """Each result rehearsed: what would leave, or why it would be refused; nothing is changed."""
    found = releases.batch_page(visitor.database, visitor.person, batch=release_id, now=visitor.now)
    return _batch(found, visitor.lang)


@router.post("/releases/{release_id}/publication", summary="Make a batch known")
def publish(release_id: Identity, visitor: Visitor = Depends(visiting)) -> Batch:
    """All at once, each case in its own transaction; asked again it goes on where it was cut off."""
    found = releases.release(visitor.database, visitor.person, batch=release_id, now=visitor.now)
    return _batch(found, visitor.lang)


@router.delete("/releases/lines/{line_id}", status_code=204, summary="Take a prepared result out")
def remove(line_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Before it is made known."""
    releases.remove_line(visitor.database, visitor.person, line_id=line_id, now=visitor.now)


def _head(one: releases.Batch) -> dict[str, Any]:
    return {
        "id": one.id, "standing": one.standing, "prepared_by": one.prepared_by, "prepared_at": one.prepared_at,
        "released_at": one.released_at, "left": one.left,
    }  # fmt: skip


def _batch(found: releases.Batch, lang: str) -> Batch:
    return Batch(**_head(found), results=[_result(one, lang) for one in found.lines])


def _result(one: releases.Line, lang: str) -> Result:
    refused = one.refused
    reasons = (
        []
        if refused is None
        else [Reason(code=code, sentence=said(code, lang, **refused.facts)) for code in refused.codes]
    )
    leaving = [
        Leaving(
            document=letter.document or None,
            title=letter.title or None,
            body=letter.body or None,
            to=[role.value for role in letter.to],
        )
        for letter in one.letters
    ]
    return Result(
        id=one.id, number=one.number, organization=one.organization, trigger=one.move.trigger, details=one.details,
        standing=one.standing, state=one.state or None, reasons=reasons, leaving=leaving,
    )  # fmt: skip

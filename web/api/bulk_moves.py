"""Many cases at once: rehearsed first, then each moved for itself, with what became of each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from services.cases.bulk import MOST, BulkMove, BulkRow, move_many
from services.cases.bulk import rehearse as rehearse_many
from services.errors import ServiceError
from web.interface.case_shapes import Reason
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Details, Number, Reply
from web.requests import request_key
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/api/v1/bulk-moves", tags=["bulk-moves"], route_class=RepeatableRoute)


class SeenCase(Body):
    """A case with the version it was seen in."""

    number: Number
    version: Annotated[int, Field(ge=0, le=999_999_999)]


class BulkWish(Body):
    """One trigger that is open for many, the cases, and the details that go for all of them."""

    trigger: Annotated[str, Field(min_length=1, max_length=40), Clean]
    cases: Annotated[list[SeenCase], Field(min_length=1, max_length=MOST)]
    details: Details = {}


class BulkOutcome(Reply):
    """What becomes of one case: the state it goes to, or (`state` null) why it stays."""

    number: str
    version: int
    state: str | None
    reasons: list[Reason]


class BulkOutcomes(Reply):
    """One row a case, in the order they were asked for."""

    rows: list[BulkOutcome]


@router.post("/rehearsal", summary="Try a bulk move out")
def rehearse(body: BulkWish, visitor: Visitor = Depends(visiting)) -> BulkOutcomes:
    """What would be moved and what refused, and why; nothing is changed."""
    return _rows(rehearse_many(visitor.database, visitor.person, _wish(body, ""), now=visitor.now), visitor.lang)


@router.post("", summary="Move many cases", dependencies=[repeatable])
def move(request: Request, body: BulkWish, visitor: Visitor = Depends(visiting)) -> BulkOutcomes:
    """Each for itself: one that is refused stops no other. Never for scoring, payment or graduation."""
    key = request_key(visitor.person, request.headers.get("idempotency-key", ""))
    return _rows(move_many(visitor.database, visitor.person, _wish(body, key), now=visitor.now), visitor.lang)


def _wish(body: BulkWish, key: str) -> BulkMove:
    seen = dict.fromkeys((one.number, one.version) for one in body.cases)
    return BulkMove(body.trigger, tuple(seen), body.details, key)


def _rows(rows: tuple[BulkRow, ...], lang: str) -> BulkOutcomes:
    return BulkOutcomes(
        rows=[
            BulkOutcome(
                number=one.number, version=one.version, state=one.state or None,
                reasons=_reasons(one.refused, lang),
            )
            for one in rows
        ]
    )  # fmt: skip


def _reasons(refused: ServiceError | None, lang: str) -> list[Reason]:
    if refused is None:
        return []
    return [Reason(code=code, sentence=said(code, lang, **refused.facts)) for code in refused.codes]

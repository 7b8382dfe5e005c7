"""Filters of the work list that a person keeps: the own ones, and those shared with an own role."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases.filters import choose_filter, forget_filter, keep_filter
from services.desk.queries import filters_of
from services.desk.rules import LONGEST_NAME
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identified, Identity, Reply
from web.visitor import Visitor, visiting
from web.work_view import KEPT

router = APIRouter(prefix="/api/v1/filters", tags=["filters"], route_class=RepeatableRoute)


class Filter(Reply):
    """A kept filter; `role` is the role it is shared with, `default` says that the list opens with it."""

    id: str
    name: str
    query: str
    own: bool
    role: str | None
    default: bool


class Filters(Reply):
    """The own ones first, then those shared with one of the roles, by name."""

    filters: list[Filter]


class Kept(Body):
    """A name and the filters as they stand in the address of the list; with `role` everybody of it sees them."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), Clean]
    query: Annotated[str, Field(max_length=400, examples=["tab=waiting&due=overdue"]), Clean]
    role: Annotated[str, Field(max_length=40), Clean] = ""


class Default(Body):
    """Whether the list opens with it from now on."""

    on: bool


@router.get("", summary="Kept filters")
def filters(visitor: Visitor = Depends(visiting)) -> Filters:
    """Those this person may choose."""
    actor = visitor.person
    with visitor.reading() as work:
        lines = filters_of(work, actor.id, {one.value for one in actor.roles})
    return Filters(
        filters=[
            Filter(id=one.id, name=one.name, query=one.query, own=one.own, role=one.role, default=one.default)
            for one in lines
        ]
    )


@router.post("", status_code=201, summary="Keep a filter", dependencies=[repeatable])
def keep(body: Kept, visitor: Visitor = Depends(visiting)) -> Identified:
    """In place of the own one of that name; what is no filter of the list is left out of `query`."""
    query = urlencode([(name, value) for name, value in parse_qsl(body.query) if name in KEPT])
    kept = keep_filter(
        visitor.database, visitor.person, name=body.name, query=query, role=body.role, now=visitor.now
    )  # fmt: skip
    return Identified(id=kept)


@router.put("/{filter_id}/default", status_code=204, summary="Open the list with a filter")
def default(filter_id: Identity, body: Default, visitor: Visitor = Depends(visiting)) -> None:
    """Or, with `on` false, with none again."""
    chosen = filter_id if body.on else None
    choose_filter(visitor.database, visitor.person, filter_id=chosen, now=visitor.now)


@router.delete("/{filter_id}", status_code=204, summary="Forget an own filter")
def remove(filter_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Somebody else's stays as it is."""
    forget_filter(visitor.database, visitor.person, filter_id=filter_id, now=visitor.now)

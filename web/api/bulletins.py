"""Bulletins of indicators (D42): the list, and issuing the one of a month."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from services.reports.bulletins import bulletins, issue_bulletin
from web.interface.case_shapes import Paper, paper_of
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["reports"], route_class=RepeatableRoute)


class Month(Body):
    """Of which month (2026-11), and by which centre where there are several."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    centre: Annotated[str, Field(max_length=36), Clean] = ""


class Bulletins(Reply):
    """The bulletins issued so far, the latest first."""

    documents: list[Paper]


class IssuedBulletin(Reply):
    """The number of the bulletin; its file follows when it is drawn."""

    number: str


@router.get("/bulletins", summary="Bulletins of indicators")
def listed(visitor: Visitor = Depends(visiting)) -> Bulletins:
    """The latest first."""
    with visitor.reading() as work:
        return Bulletins(documents=[paper_of(one) for one in bulletins(work, visitor.person)])


@router.post("/bulletins", status_code=201, summary="Issue the bulletin of a month", dependencies=[repeatable])
def issue(body: Month, visitor: Visitor = Depends(visiting)) -> IssuedBulletin:
    """With the figures of this instant; refused for other months than this and the last, and when it was issued."""
    number = issue_bulletin(visitor.database, visitor.person, body.month, now=visitor.now, centre=body.centre)
    return IssuedBulletin(number=number)

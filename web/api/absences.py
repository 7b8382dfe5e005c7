"""Absences with a substitute: declared with dates and roles, listed, ended at once."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.authority.rules import scopes
from services.desk.absences import NewAbsence, absences_of, declare_absence, revoke_absence
from web.interface.portions import Cursor, Limit, link_next, portion
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply, Username
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/absences", tags=["absences"], route_class=RepeatableRoute)


class Absence(Reply):
    """Who is represented by whom, in which roles, from when until when, and how that stands today."""

    id: str
    person_id: str
    person: str
    substitute_id: str
    substitute: str
    roles: list[str]
    starts_on: date
    ends_on: date
    reason: str
    standing: Literal["revoked", "over", "coming", "running"]


class Absences(Reply):
    """A portion of the absences, newest first."""

    absences: list[Absence]
    next: str | None


class Declared(Body):
    """By whom (username) one is represented, in which roles, when and why; `absent` names somebody else."""

    substitute: Username
    roles: Annotated[list[Annotated[str, Field(max_length=40), Clean]], Field(min_length=1, max_length=20)]
    starts_on: Day
    ends_on: Day
    reason: Annotated[str, Field(min_length=1, max_length=200), Clean]
    absent: Annotated[str, Field(max_length=60), Clean] = ""


@router.get("", summary="Absences and representations")
def absences(
    request: Request, response: Response, visitor: Visitor = Depends(visiting), limit: Limit = 50, cursor: Cursor = ""
) -> Absences:
    """The own ones; everybody's for who manages them."""
    actor = visitor.person
    with visitor.reading() as work:
        lines = absences_of(work, None if scopes(actor, "absence:manage") else actor.id)
    shown, more = portion(lines, cursor, limit)
    link_next(request, response, more)
    return Absences(
        absences=[
            Absence(
                id=one.id, person_id=one.person_id, person=one.person, substitute_id=one.substitute_id,
                substitute=one.substitute, roles=list(one.roles), starts_on=one.starts_on, ends_on=one.ends_on,
                reason=one.reason, standing=one.standing(visitor.today),  # type: ignore[arg-type]
            )
            for one in shown
        ],
        next=more,
    )  # fmt: skip


@router.post("", status_code=201, summary="Declare an absence", dependencies=[repeatable])
def declare(body: Declared, visitor: Visitor = Depends(visiting)) -> Identified:
    """The substitute is told. Never a right more than the substitute could hold beside the own ones."""
    new = NewAbsence(body.substitute, tuple(body.roles), body.starts_on, body.ends_on, body.reason, body.absent)
    return Identified(id=declare_absence(visitor.database, visitor.person, new, now=visitor.now))


@router.post("/{absence_id}/revocation", status_code=204, summary="End an absence at once")
def revoke(absence_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """The own one, or (who manages absences) anybody's."""
    revoke_absence(visitor.database, visitor.person, absence_id=absence_id, now=visitor.now)

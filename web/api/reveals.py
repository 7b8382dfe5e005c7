"""One field of personal data in full, for a written reason; and for auditors, who saw what and why."""

import re
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.cases.reveals import LONGEST_REASON, Kind, reveal, reveals_in
from web.interface.shapes import Body, Clean, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/reveals", tags=["reveals"])
Month = Annotated[
    str, Query(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$", description="As 2026-11; this one if left out")
]


class RevealWish(Body):
    """Which field of which row (an account, an organization, an objection), and why it is needed in full."""

    kind: Kind
    of: Identity
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON), Clean]


class ShownOnce(Reply):
    """The field in full, in this answer and nowhere else."""

    kind: str
    of: str
    whose: str
    value: str


class RevealEntry(Reply):
    """Who looked, when, at what, and why; `refused` when it was not shown."""

    at: datetime
    by: str
    role: str
    field: str
    of: str
    whose: str
    reason: str
    refused: bool


class Reveals(Reply):
    """The month's looks, the latest first."""

    month: str
    reveals: list[RevealEntry]


@router.get("", summary="Who saw what in full")
def reveals(visitor: Visitor = Depends(visiting), month: Month = "") -> Reveals:
    """One month (UTC) at a time."""
    year, number = (int(one) for one in re.findall(r"\d+", month or f"{visitor.today:%Y-%m}"))
    with visitor.reading() as work:
        entries = reveals_in(work, visitor.person, month=date(year, number, 1))
    return Reveals(
        month=f"{year:04}-{number:02}",
        reveals=[
            RevealEntry(
                at=one.at, by=one.actor_name, role=one.role, field=str(one.details.get("field", "")), of=one.object,
                whose=str(one.details.get("whose", "")), reason=str(one.details.get("reason", "")),
                refused=bool(one.reasons),
            )
            for one in entries
        ],
    )  # fmt: skip


@router.post("", summary="See one field in full")
def show_once(body: RevealWish, visitor: Visitor = Depends(visiting)) -> ShownOnce:
    """Noted with the reason under the person's name before it is answered; 404 where the roles do not reach."""
    found = reveal(
        visitor.database, visitor.person, kind=body.kind, of=body.of, reason=body.reason, now=visitor.now
    )  # fmt: skip
    return ShownOnce(kind=found.kind, of=found.id, whose=found.whose, value=found.text)

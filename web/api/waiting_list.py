"""The waiting list of each centre in the order in which places are offered."""

from datetime import date, datetime

from fastapi import APIRouter, Depends

from services.cases.waiting import waiting_lists
from web.interface.shapes import Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["board"])


class Waiting(Reply):
    """One waiting case: its place within its centre, what places it there, and why it comes before the next one.

    `before_next` is priority, result, rural, need, accepted or number; empty for the last. Some are `barred` now.
    """

    case: str
    centre_id: str
    centre: str
    organization: str
    place: int
    result: str
    priority: bool
    rural: bool
    need: str
    accepted_at: datetime
    before_next: str
    ends_on: date | None
    barred: bool


class WaitingList(Reply):
    """Every waiting case one may see, centre by centre, from first to last."""

    waiting: list[Waiting]


@router.get("/waiting-list", summary="Who waits for a place, in order")
def waiting_list(visitor: Visitor = Depends(visiting)) -> WaitingList:
    """The order that offering a place is held to."""
    with visitor.reading() as work:
        lines = waiting_lists(work, visitor.person)
    return WaitingList(
        waiting=[
            Waiting(
                case=one.ranked.candidate.number, centre_id=one.centre_id, centre=one.centre,
                organization=one.organization, place=one.ranked.place, result=f"{one.ranked.candidate.result:.2f}",
                priority=one.ranked.candidate.priority, rural=one.ranked.candidate.rural,
                need=f"{one.ranked.candidate.need:.2f}", accepted_at=one.ranked.candidate.accepted_at,
                before_next=one.ranked.before_next, ends_on=one.ends_on, barred=one.barred,
            )
            for one in lines
        ]
    )  # fmt: skip

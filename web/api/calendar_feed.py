"""The person's own calendar address."""

from datetime import datetime

from fastapi import APIRouter, Depends

from services.feeds.acts import end_own_feed, open_own_feed
from services.feeds.queries import feed_since
from services.settings import settings
from web.interface.shapes import Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["calendar"])


class Feed(Reply):
    """Since when there is an address; the address itself is shown once."""

    since: datetime | None


class Address(Reply):
    """The secret address, for a calendar to read."""

    address: str


@router.get("/me/calendar-feed", summary="Whether there is a calendar address")
def feed(visitor: Visitor = Depends(visiting)) -> Feed:
    """Null when there is none."""
    with visitor.reading() as work:
        return Feed(since=feed_since(work, visitor.person.id))


@router.post("/me/calendar-feed", status_code=201, summary="Get a calendar address")
def open_feed(visitor: Visitor = Depends(visiting)) -> Address:
    """The address before is dead from now on."""
    secret = open_own_feed(visitor.database, visitor.person, now=visitor.now)
    return Address(address=f"{settings().site}/calendar/{secret}.ics")


@router.delete("/me/calendar-feed", status_code=204, summary="End the calendar address")
def end_feed(visitor: Visitor = Depends(visiting)) -> None:
    """Whoever has it reads nothing any more."""
    end_own_feed(visitor.database, visitor.person, now=visitor.now)

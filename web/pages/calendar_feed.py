"""The due days of what waits for a person, as a calendar reads them at a secret address, and the page that gives it."""

from datetime import timedelta

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from icalendar import Calendar, Event

from services.cases.due_days import due_days
from services.cases.queries import CaseLine
from services.errors import NotFound
from services.feeds.acts import end_own_feed, open_own_feed
from services.feeds.queries import feed_since, person_behind
from services.people.queries import actor_by_id
from services.settings import settings
from web.rendering import go, show
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()


@router.get("/calendar/{secret}.ics")
def feed(secret: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The calendar of whoever holds the address; nothing in it but organizations, case numbers, states and days."""
    with visitor.reading() as work:
        person = person_behind(work, secret)
        if person is None:
            raise NotFound("access.not_found")
        actor = actor_by_id(work, person)
        days = due_days(work, actor)
    calendar = Calendar()
    calendar.add("prodid", "-//chuke//due days//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say("calendar_feed.name", actor.language))
    for line, provisional in days:
        calendar.add_component(_event(line, visitor, lang=actor.language, provisional=provisional))
    return Response(calendar.to_ical(), media_type="text/calendar; charset=utf-8")


def _event(line: CaseLine, visitor: Visitor, *, lang: str, provisional: bool) -> Event:
    assert line.due_on is not None
    event = Event()
    facts = {"organization": line.organization, "number": line.number}
    due, unsure = say("calendar_feed.due", lang, **facts), say("calendar_feed.provisional", lang, **facts)
    event.add("uid", f"{line.id}@chuke")
    event.add("dtstamp", visitor.now)
    event.add("dtstart", line.due_on)
    event.add("dtend", line.due_on + timedelta(days=1))
    event.add("summary", unsure if provisional else due)
    event.add("description", line.state_zh if lang == "zh" else line.state_en)
    event.add("url", f"{settings().site}/cases/{line.number}")
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if provisional else "CONFIRMED")
    return event


@router.get("/calendar")
def page(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Whether this person has an address, and the buttons to get a new one or end it."""
    return _page(request, visitor, done=done)


def _page(request: Request, visitor: Visitor, *, done: str = "", address: str = "") -> Response:
    with visitor.reading() as work:
        since = feed_since(work, visitor.person.id)
    return show(request, visitor, "calendar_feed/page.html", since=since, address=address, done=done)


@router.post("/calendar")
def open_feed(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Give a new address and show it, this once."""
    secret = open_own_feed(visitor.database, visitor.person, now=visitor.now)
    return _page(request, visitor, address=f"{settings().site}/calendar/{secret}.ics")


@router.post("/calendar/end")
def end(visitor: Visitor = Depends(visiting)) -> Response:
    """End the address."""
    end_own_feed(visitor.database, visitor.person, now=visitor.now)
    return go("/calendar", note="calendar_ended")

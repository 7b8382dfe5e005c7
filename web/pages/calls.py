"""Calls for awards: which are open, who applied, and in which order the scored applications come."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.format import money
from services.authority.rules import demand, scopes
from services.awards.acts import CATEGORIES, open_call
from services.awards.commands import NewCall
from services.awards.queries import CallLine, call_by_id, calls
from services.cases.award_order import order_of
from services.database.work import Work
from services.errors import Refused
from services.funding.queries import programs
from services.funding.rules import MAXIMUM_FEN
from web.forms.plain import Act, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import go, points
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
CEILING = ("单项资助上限", "ceiling of an award")
OPENS, CLOSES = ("开始日期", "opening day"), ("截止日期", "closing day")


@router.get("/calls")
def page(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every call with its window, its ceiling and how many applied."""
    return plain_page(request, visitor, "nav.calls", _calls(visitor), done=done)


def _calls(visitor: Visitor) -> Callable[[Work], Parts]:
    lang = visitor.lang

    def parts(work: Work) -> Parts:
        demand(visitor.person, "call:read")
        reads = bool(scopes(visitor.person, "assessment:read_scores"))
        rows = tuple(_row(one, work, lang, reads=reads) for one in calls(work))
        columns = ("call", "programme", "asked_for", "for_whom", "window", "ceiling", "applications", "call_standing")
        listing = Listing("", columns, rows, frozenset({"ceiling"}))
        if not scopes(visitor.person, "call:manage"):
            return (listing,), ()
        known = [(one, f"{name} {year}") for one, name, year, _ in programs(work)]
        whom = [
            ("", say("set_up.everybody", lang)),
            *((one, say(f"organization.category_{one}", lang)) for one in CATEGORIES),
        ]
        modes = [("rolling", say("set_up.rolling", lang)), ("together", say("set_up.together", lang))]
        inputs = (
            Input("program_id", options=known), Input("call_title", longest=80),
            Input("asked_for", "lines", longest=1000), Input("category", options=whom, needed=False),
            Input("opens_on", "date"), Input("closes_on", "date"),
            Input("ceiling", "number", longest=20), Input("call_mode", options=modes),
        )  # fmt: skip
        return (listing,), (Sheet("open_call", "/calls", inputs),)

    return parts


def _row(one: CallLine, work: Work, lang: str, *, reads: bool) -> Row:
    whom = "、".join(say(f"organization.category_{kind}", lang) for kind in one.categories) or say(
        "set_up.everybody", lang
    )
    ceiling = say("set_up.no_ceiling", lang) if one.ceiling_fen >= MAXIMUM_FEN else money(one.ceiling_fen)
    cells = (
        one.title, f"{one.program} {one.year}", one.asked_for, whom, f"{one.opens_on} – {one.closes_on}",
        ceiling, str(one.applications), say(f"set_up.{one.standing(work.today)}", lang),
    )  # fmt: skip
    return Row(cells, link=Act(f"/calls/{one.id}/order", "set_up.see_order") if reads else None)


@router.post("/calls")
def open_one(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Open a call of a programme."""
    try:
        new = NewCall(
            known_id(form.text("program_id")), form.text("call_title"), form.text("asked_for"),
            form.day("opens_on", OPENS), form.day("closes_on", CLOSES), form.fen("ceiling", CEILING),
            form.all("category"),
            form.text("call_mode") == "rolling",
        )  # fmt: skip
        open_call(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.calls", _calls(visitor), error=error, form=form)
    return go("/calls", note="call_opened")


@router.get("/calls/{call_id}/order")
def order(request: Request, call_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The scored applications that wait to be proposed, by score until the budget ends."""
    return plain_page(request, visitor, "set_up.call_order", _order(visitor, call_id))


def _order(visitor: Visitor, call_id: str) -> Callable[[Work], Parts]:
    lang = visitor.lang

    def parts(work: Work) -> Parts:
        found = order_of(work, visitor.person, call_by_id(work, known_id(call_id)).id)
        rows = tuple(
            Row((str(one.ranked.place), one.organization, one.ranked.applied.number, say(f"source.{one.source}", lang),
                 points(one.ranked.applied.score), money(one.requested_fen), money(one.ranked.applied.advised_fen),
                 say("set_up.reached" if one.ranked.funded else "set_up.not_reached", lang),
                 say(f"award_order.{one.ranked.before_next}", lang) if one.ranked.before_next else ""))
            for one in found
        )  # fmt: skip
        columns = ("place", "organization", "award", "source", "score", "requested", "advised", "funded", "before_next")
        return (Listing("", columns, rows, frozenset({"score", "requested", "advised"})),), ()

    return parts

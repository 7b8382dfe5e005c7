"""Star rounds: announcing one, the applications of a round with what they came to, and applying."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.starring import (
    StarApplication,
    apply_for_star,
    entries_of,
    form_for,
    materials_wanted,
    may_apply_in,
    own_organizations,
)
from services.database.work import Work
from services.errors import NotFound, Refused
from services.organizations.queries import centre_lines, division_lines
from services.people.acts import told
from services.stars.acts import ANNOUNCE, NewRound, announce_round
from services.stars.queries import round_line, rounds
from services.stars.rules import GLYPH
from web.exporting import Cell, Column, Sheet
from web.forms.plain import Act, Input, Listing, Row
from web.forms.plain import Sheet as PlainSheet
from web.forms.posted import Posted, fresh_request_id, posted
from web.leaving import Going, leave, taken
from web.leaving import ask as ask_why
from web.pages.set_up import Parts, plain_page
from web.rendering import day, go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import label, said, say

router = APIRouter(prefix="/star-rounds")
OPENS, CLOSES, YEAR = ("开始日期", "first day"), ("截止日期", "last day"), ("年度", "year")


@router.get("")
def register(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every announced round, and the form for a new one where the person may announce."""
    return plain_page(request, visitor, "nav.star_rounds", _rounds(visitor), done=done)


def _rounds(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        lines = tuple(
            Row((one.title, one.county, day(one.opens_on, visitor.lang), day(one.closes_on, visitor.lang),
                 say(f"star.standing_{one.standing(visitor.today)}", visitor.lang)),
                link=Act(f"/star-rounds/{one.id}", "star.applications"))
            for one in rounds(work)
        )  # fmt: skip
        listing = Listing("", ("round_title", "county", "opens_on", "closes_on", "standing"), lines)
        return (listing,), (_announcement(work, visitor),) if scopes(visitor.person, ANNOUNCE) else ()

    return parts


def _announcement(work: Work, visitor: Visitor) -> PlainSheet:
    counties = [(one.code, one.name) for one in division_lines(work) if one.level == "county"]
    centres = [(one.id, one.name) for one in centre_lines(work)]
    inputs = (
        Input("county", options=counties, value=counties[0][0] if len(counties) == 1 else ""),
        Input("centre", options=centres, value=centres[0][0] if len(centres) == 1 else ""),
        Input("year", "number", value=str(visitor.today.year), longest=4), Input("round_title", longest=80),
        Input("opens_on", "date", value=visitor.today.isoformat()), Input("closes_on", "date", needed=False),
        Input("rating_rules", "lines", longest=2000),
    )  # fmt: skip
    return PlainSheet("announce_round", "/star-rounds", inputs, submit="announce")


@router.post("")
def announce(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Announce the round of a county and year."""
    try:
        new = NewRound(
            form.text("county"), known_id(form.text("centre")), form.whole("year", YEAR), form.text("round_title"),
            form.text("rating_rules"), form.day("opens_on", OPENS), form.optional_day("closes_on", CLOSES),
        )  # fmt: skip
        identity = announce_round(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.star_rounds", _rounds(visitor), error=error, form=form)
    return go(f"/star-rounds/{identity}", note="round_announced")


@router.get("/{round_id}")
def one_round(request: Request, round_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The round with its applications: how far each is and, for whom it is meant, what it came to."""
    with visitor.reading() as work:
        present = round_line(work, known_id(round_id))
        entries = entries_of(work, visitor.person, present.id)
        own = own_organizations(work, visitor.person)
    return show(
        request, visitor, "stars/round.html", present=present, entries=entries, done=done, glyph=GLYPH,
        standing=present.standing(visitor.today), reads=bool(scopes(visitor.person, "assessment:read_scores")),
        applies=may_apply_in(present, visitor.today, own),
    )  # fmt: skip


@router.get("/{round_id}/export.xlsx")
def why_xlsx(request: Request, round_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the table of the round is taken along as an Excel file."""
    return ask_why(request, visitor, _going(visitor, round_id, "xlsx"))


@router.get("/{round_id}/export.csv")
def why_csv(request: Request, round_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the table of the round is taken along as a CSV file."""
    return ask_why(request, visitor, _going(visitor, round_id, "csv"))


@router.post("/{round_id}/export.xlsx")
def xlsx(
    request: Request, round_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The table of the round as an Excel file."""
    return leave(request, visitor, _going(visitor, round_id, "xlsx"), form, _table(visitor, round_id), kind="xlsx")


@router.post("/{round_id}/export.csv")
def csv(
    request: Request, round_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The table of the round as a CSV file."""
    return leave(request, visitor, _going(visitor, round_id, "csv"), form, _table(visitor, round_id), kind="csv")


def _going(visitor: Visitor, round_id: str, kind: str) -> Going:
    with visitor.reading() as work:
        present = round_line(work, known_id(round_id))
        count = len(entries_of(work, visitor.person, present.id))
    path = f"/star-rounds/{present.id}"
    return Going("stars", count, f"{path}/export.{kind}", f"stars-{present.year}", path, {"round": present.title[:100]})


def _table(visitor: Visitor, round_id: str) -> Callable[[Work, bool], Sheet]:
    def build(work: Work, _unmasked: bool) -> Sheet:
        present, entries = round_line(work, round_id), entries_of(work, visitor.person, round_id)
        lang = visitor.lang
        rows: list[tuple[Cell, ...]] = [
            (one.organization, one.number, say(f"organization.category_{one.category}", lang), label(one.state, lang),
             str(one.self_total), str(one.survey_points or ""), "" if one.total is None else str(one.total), one.stars,
             one.valid_to, "；".join(said(cap, lang) for cap in one.caps))
            for one in entries
        ]  # fmt: skip
        return Sheet(present.title, _columns(lang), rows, taken(visitor, len(rows)))

    return build


def _columns(lang: str) -> tuple[Column, ...]:
    return (
        Column(say("case.organization", lang), 34), Column(say("case.number", lang), 20),
        Column(say("star.category", lang), 12), Column(say("case.state", lang), 16),
        Column(say("star.self_total", lang), 10), Column(say("star.survey", lang), 10),
        Column(say("star.total", lang), 10), Column(say("star.stars", lang), 8),
        Column(say("star.valid_to", lang), 12), Column(say("star.caps", lang), 40),
    )  # fmt: skip


@router.get("/{round_id}/application")
def ask(request: Request, round_id: str, organization: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The form for one of the own organizations: its own score for each item, and the materials."""
    return _form(request, visitor, round_id, organization, form=Posted({}))


def _form(
    request: Request, visitor: Visitor, round_id: str, organization: str, *, form: Posted, error: Refused | None = None
) -> Response:
    with visitor.reading() as work:
        present = round_line(work, known_id(round_id))
        own = own_organizations(work, visitor.person)
        materials = materials_wanted(work)
    chosen = next((one for one in own if one[0] == organization), own[0] if own else None)
    if chosen is None:
        raise NotFound("access.not_found")
    return show(
        request, visitor, "stars/apply.html", status=error.http_status if error else 200, present=present, own=own,
        chosen=chosen, rating_form=form_for(chosen[2]), materials=materials, form=form,
        standing=present.standing(visitor.today), problems=refusal(error, visitor) if error else (),
        form_request_id=form.text("request_id") or fresh_request_id(),
    )  # fmt: skip


@router.post("/{round_id}/application")
def hand_in(
    request: Request, round_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Apply: the case is opened and handed in at once; refused, the form comes back with what was typed."""
    organization = form.text("organization")
    try:
        wish = _wish(visitor, known_id(round_id), known_id(organization), form)
        opened = apply_for_star(visitor.database, visitor.person, wish, now=visitor.now)
    except Refused as error:
        return _form(request, visitor, round_id, organization, form=form, error=error)
    return go(f"/cases/{opened.case_number}", note="star_applied")


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


def _wish(visitor: Visitor, round_id: str, organization: str, form: Posted) -> StarApplication:
    with visitor.reading() as work:
        category = next((one[2] for one in own_organizations(work, visitor.person) if one[0] == organization), "")
    keys = [one.id for one in form_for(category).criteria]
    grounds = {
        key: told(("自评依据", "grounds"), form.text(f"ground.{key}"), longest=200, needed=False) for key in keys
    }
    return StarApplication(
        round_id=round_id, organization_id=organization,
        self_scores={key: form.text(f"score.{key}").translate(_FULL_WIDTH) for key in keys}, evidence=grounds,
        materials=form.all("materials"), statement=form.text("statement"),
        commitments_accepted=form.text("commitments_accepted") == "yes", request_id=form.text("request_id")[:64],
    )  # fmt: skip

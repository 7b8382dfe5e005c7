"""The budget as two people make it: programmes, lines, adjustments, closings, ceilings, and what waits for approval."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.format import money
from services.authority.rules import scopes
from services.database.work import Work
from services.errors import Refused
from services.funding import acts, budgeting
from services.funding.acts import FUNDING_TYPES
from services.funding.budgeting import ADJUSTING, CEILINGS, Adjustment, NewBudgetLine, NewCeiling
from services.funding.queries import BudgetLineFigures, ProposalLine, budget_position, programs, proposals
from services.funding.sources import SOURCES
from web.forms.plain import Act, Choices, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import go
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
AMOUNT, YEAR = ("金额", "amount"), ("年度", "year")
GROUND = Input("ground", "lines", longest=400)


@router.get("/budget")
def budget(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What waits for a second person, the lines with what is left of them, and the forms."""
    return plain_page(request, visitor, "nav.budget", _budget(visitor), done=done)


def _again(request: Request, visitor: Visitor, error: Refused, form: Posted) -> Response:
    return plain_page(request, visitor, "nav.budget", _budget(visitor), error=error, form=form)


def _budget(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        lines, waiting = budget_position(work), proposals(work, waiting=True)
        decided = proposals(work, waiting=False, limit=20)
        listings = [_waiting(visitor, waiting), _lines(visitor.lang, lines)]
        if decided:
            listings.append(_decided(visitor.lang, decided))
        return tuple(listings), _sheets(visitor, work, lines, waiting)

    return parts


def _waiting(visitor: Visitor, waiting: tuple[ProposalLine, ...]) -> Listing:
    may = bool(scopes(visitor.person, "budget:approve"))
    rows = tuple(
        Row((*_about(one, visitor.lang), one.proposed_by, one.reason),
            act=Act(f"/budget/proposals/{one.id}/approve", "approve_proposal")
            if may and one.proposed_by_id != visitor.person.id else None)
        for one in waiting
    )  # fmt: skip
    return Listing("budget_waiting", ("budget_act", "about", "amount", "proposed_by", "ground"), rows, _AMOUNTS)


_AMOUNTS = frozenset({"amount", "appropriated", "available"})


def _about(one: ProposalLine, lang: str) -> tuple[str, str, str]:
    source = say(f"source.{one.source}", lang) if one.source else ""
    said = (one.program, str(one.year or ""), source, one.purpose, one.office)
    kind = say(f"set_up.ceiling_{one.ceiling}" if one.act == "ceiling" else f"set_up.budget_{one.act}", lang)
    amount = say("set_up.lifted", lang) if one.amount_fen is None and one.act == "ceiling" else ""
    return kind, " ".join(part for part in said if part), amount if one.amount_fen is None else money(one.amount_fen)


def _decided(lang: str, decided: tuple[ProposalLine, ...]) -> Listing:
    rows = tuple(
        Row((*_about(one, lang), one.proposed_by, f"{say(f'set_up.proposal_{one.standing}', lang)} {one.decided_by}",
             one.decided_because))
        for one in decided
    )  # fmt: skip
    columns = ("budget_act", "about", "amount", "proposed_by", "decided", "ground")
    return Listing("budget_decided", columns, rows, _AMOUNTS)


def _lines(lang: str, lines: tuple[BudgetLineFigures, ...]) -> Listing:
    rows = tuple(
        Row((one.program, str(one.year), say(f"source.{one.source}", lang), one.purpose, one.office,
             say("set_up.line_closed" if one.closed_on else "set_up.line_open", lang), money(one.appropriated),
             money(one.available)))
        for one in lines
    )  # fmt: skip
    columns = ("program", "year", "source", "purpose", "office", "standing", "appropriated", "available")
    return Listing("budget_lines", columns, rows, _AMOUNTS)


def _sheets(
    visitor: Visitor, work: Work, lines: tuple[BudgetLineFigures, ...], waiting: tuple[ProposalLine, ...]
) -> tuple[Sheet, ...]:
    lang, year, sheets = visitor.lang, str(work.today.year), list[Sheet]()
    sources = [(one, say(f"source.{one}", lang)) for one in SOURCES]
    known = [(one, f"{name} {of}") for one, name, of, _ in programs(work)]
    if scopes(visitor.person, "budget:propose"):
        sheets += _proposing(lang, year, lines=_named(lines, lang), sources=sources, known=known)
    if waiting and scopes(visitor.person, "budget:propose") | scopes(visitor.person, "budget:approve"):
        choices = [(one.id, " ".join(part for part in _about(one, lang) if part)) for one in waiting]
        sheets.append(Sheet("refuse_proposal", "/budget/refusals", (Input("proposal", options=choices), GROUND)))
    if scopes(visitor.person, "budget:manage"):
        kinds = [(one, say(f"funding.{one}", lang)) for one in FUNDING_TYPES]
        inputs = (
            Input("program", longest=80), Input("year", "number", value=year, longest=4),
            Input("funding", options=kinds),
        )  # fmt: skip
        sheets.append(Sheet("open_program", "/budget/programs", inputs))
    return tuple(sheets)


def _named(lines: tuple[BudgetLineFigures, ...], lang: str) -> Choices:
    return [
        (one.id, f"{one.program} {one.year} {say(f'source.{one.source}', lang)} {one.purpose}".strip())
        for one in lines
        if one.closed_on is None
    ]


def _proposing(lang: str, year: str, *, lines: Choices, sources: Choices, known: Choices) -> list[Sheet]:
    line = (
        Input("program_id", options=known), Input("source", options=sources), Input("office", longest=60),
        Input("yuan", "number", longest=20), Input("purpose", needed=False, longest=20),
    )  # fmt: skip
    directions = [(one, say(f"set_up.budget_{one}", lang)) for one in ADJUSTING]
    kinds = [(one, say(f"set_up.ceiling_{one}", lang)) for one in CEILINGS]
    ceiling = (
        Input("ceiling_kind", options=kinds), Input("year", "number", value=year, longest=4),
        Input("program_id", options=known, needed=False), Input("source", options=sources, needed=False),
        Input("office", longest=60, needed=False), Input("ceiling_yuan", "number", longest=20, needed=False), GROUND,
    )  # fmt: skip
    chosen = Input("budget_line", options=lines)
    adjust = (chosen, Input("direction", options=directions), Input("yuan", "number", longest=20), GROUND)
    sheets = [Sheet("open_line", "/budget/lines", line, submit="propose_budget")]
    if lines:
        sheets.append(Sheet("adjust_line", "/budget/adjustments", adjust, submit="propose_budget"))
        sheets.append(Sheet("close_line", "/budget/closings", (chosen, GROUND), submit="propose_budget"))
    return [*sheets, Sheet("set_ceiling", "/budget/ceilings", ceiling, submit="propose_budget")]


@router.post("/budget/programs")
def open_program(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Open a programme of one year."""
    try:
        acts.open_program(
            visitor.database, visitor.person, name=form.text("program"), year=form.whole("year", YEAR),
            funding_type=form.text("funding"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="program_opened")


@router.post("/budget/lines")
def propose_line(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Propose a line of one source; it counts once a second person approved it."""
    try:
        new = NewBudgetLine(
            known_id(form.text("program_id")), form.text("source"), form.text("office"), form.fen("yuan", AMOUNT),
            form.text("purpose"),
        )  # fmt: skip
        budgeting.propose_line(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="budget_proposed")


@router.post("/budget/adjustments")
def propose_adjustment(
    request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Propose to raise or lower a line."""
    try:
        wanted = Adjustment(
            known_id(form.text("budget_line")), form.text("direction"), form.fen("yuan", AMOUNT), form.text("ground")
        )
        budgeting.propose_adjustment(visitor.database, visitor.person, wanted, now=visitor.now)
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="budget_proposed")


@router.post("/budget/closings")
def propose_closing(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Propose to close a line whose year is over."""
    try:
        budgeting.propose_closing(
            visitor.database, visitor.person, budget_line_id=known_id(form.text("budget_line")),
            reason=form.text("ground"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="budget_proposed")


@router.post("/budget/ceilings")
def propose_ceiling(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Propose the ceiling of a programme, a year, or an office and source; no amount lifts it."""
    try:
        limit = form.fen("ceiling_yuan", AMOUNT) if form.text("ceiling_yuan") else None
        new = NewCeiling(
            form.text("ceiling_kind"), form.text("ground"), limit, form.text("program_id") or None,
            form.whole("year", YEAR), form.text("source"), form.text("office"),
        )  # fmt: skip
        budgeting.propose_ceiling(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="budget_proposed")


@router.post("/budget/proposals/{proposal_id}/approve")
def approve(
    request: Request, proposal_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Approve what somebody else proposed; from then on it counts."""
    try:
        budgeting.approve(visitor.database, visitor.person, proposal_id=known_id(proposal_id), now=visitor.now)
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="budget_approved")


@router.post("/budget/refusals")
def refuse(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Refuse a proposal, or take one's own back, with the reason."""
    try:
        budgeting.refuse(
            visitor.database, visitor.person, proposal_id=known_id(form.text("proposal")), reason=form.text("ground"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/budget", note="budget_refused")

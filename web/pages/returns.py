"""Money that comes back: recoveries under way, refunds of unspent money, and what nobody used up for two years."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.format import money
from services.authority.rules import scopes
from services.cases.awarding import PaidAward, paid_awards
from services.cases.recovering import find_recovery, recovery_lines
from services.cases.unspent import unspent
from services.database.work import Work
from services.errors import Refused
from services.funding import acts
from services.funding.acts import MoneyBack
from statemachines.check import CAUSES
from web.forms.plain import Act, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import go
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
SEE = "recovery.see_case"
"""What leads from a row to its case."""

AMOUNT, RECEIVED = ("金额", "amount"), ("到账日期", "day received")


@router.get("/money/returns")
def returns(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Recoveries with what is owed, awards with what was kept, money unused for two years, and the forms."""
    return plain_page(request, visitor, "nav.returns", lambda work: _returns(work, visitor), done=done)


def _returns(work: Work, visitor: Visitor) -> Parts:
    found = paid_awards(work)
    return (_recoveries(work, visitor), _awards(found), _unspent(work, visitor.lang)), _sheets(found, visitor)


def _recoveries(work: Work, visitor: Visitor) -> Listing:
    lang = visitor.lang
    rows = tuple(
        Row(
            (
                one.number, one.organization, say(f"cause.{one.cause}", lang),
                one.state_zh if lang == "zh" else one.state_en, _sum(one.decided_fen or one.asked_fen),
                _sum(one.repaid_fen), one.due_on.isoformat() if one.due_on and one.live else "",
            ),
            link=Act(f"/cases/{one.number}", SEE),
        )
        for one in recovery_lines(work, visitor.person)
    )  # fmt: skip
    columns = ("recovery", "organization", "cause", "state", "to_recover", "repaid", "repay_by")
    return Listing("recoveries", columns, rows, frozenset({"to_recover", "repaid"}))


def _sum(fen: int | None) -> str:
    return money(fen) if fen else ""


def _awards(found: tuple[PaidAward, ...]) -> Listing:
    rows = tuple(
        Row(
            (one.number, one.organization, one.project, money(one.amount_fen), _sum(one.paid_fen), _sum(one.back_fen)),
            link=Act(f"/cases/{one.number}", SEE),
        )
        for one in found
    )
    columns = ("award", "organization", "project", "approved", "paid", "came_back")
    return Listing("paid_awards", columns, rows, frozenset({"approved", "paid", "came_back"}))


def _unspent(work: Work, lang: str) -> Listing:
    rows = tuple(
        Row((one.program, str(one.year), say(f"source.{one.source}", lang), one.organization, one.since.isoformat(),
             money(one.amount_fen)))
        for one in unspent(work)
    )  # fmt: skip
    columns = ("program", "year", "source", "kept_by", "unused_since", "unused")
    return Listing("unspent", columns, rows, frozenset({"unused"}))


def _sheets(found: tuple[PaidAward, ...], visitor: Visitor) -> tuple[Sheet, ...]:
    kept = [one for one in found if one.kept_fen > 0]
    sheets: list[Sheet] = []
    if scopes(visitor.person, "money:record_refund") and kept:
        options = [(one.award_id, f"{one.number} {one.organization}") for one in kept]
        back = (Input("yuan", "number", longest=20), Input("serial", longest=60), Input("received", "date"))
        sheets.append(Sheet("record_refund", "/money/refunds", (Input("award", options=options), *back)))
    if scopes(visitor.person, "recovery:find") and kept:
        options = [(one.number, f"{one.number} {one.organization}") for one in kept]
        causes = [(one, say(f"cause.{one}", visitor.lang)) for one in CAUSES]
        inputs = (Input("award", options=options), Input("cause", options=causes))
        sheets.append(Sheet("find_recovery", "/money/recoveries", inputs))
    return tuple(sheets)


@router.post("/money/refunds")
def refund(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Unspent money of an award came back."""
    try:
        back = MoneyBack(form.fen("yuan", AMOUNT), form.text("serial"), form.day("received", RECEIVED))
        award = known_id(form.text("award"))
        acts.record_refund(visitor.database, visitor.person, back, award_id=award, now=visitor.now)
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/money/returns", note="refund_recorded")


@router.post("/money/recoveries")
def find(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Enter that money of an award may be owed back; every further step is a move of the case it opens."""
    try:
        opened = find_recovery(
            visitor.database, visitor.person, award_number=form.text("award"), cause=form.text("cause"), now=visitor.now
        )
    except Refused as error:
        return _again(request, visitor, error, form)
    return go(f"/cases/{opened.number}", note="recovery_found")


def _again(request: Request, visitor: Visitor, error: Refused, form: Posted) -> Response:
    return plain_page(request, visitor, "nav.returns", lambda work: _returns(work, visitor), error=error, form=form)

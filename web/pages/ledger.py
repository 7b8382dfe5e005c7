"""The book: trial balance, the vouchers behind every figure, one voucher whole, months that close, reversals."""

from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.database.work import Work
from services.errors import Refused
from services.exports.rules import MOST_EVER
from services.funding import bookkeeping
from services.funding.bookkeeping import Correction
from services.funding.queries import budget_position
from services.ledger.chart import ACCOUNTS, account_name, kind_name
from services.ledger.trial import Posted as Line
from services.ledger.trial import VoucherLine, vouchers, whole_vouchers
from web.exporting import Cell, Column, Sheet
from web.forms.posted import Posted, posted
from web.leaving import Going, ask, leave, taken
from web.ledger_view import WORDS, Wanted, book, span_of, wanted, whole_voucher
from web.rendering import go, query, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/ledger")
MOST_LINES = 100
BOOKED_ON = ("入账日期", "day it belongs to")


@router.get("")
def page(
    request: Request, period: str = "", source: str = "", done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """The trial balance of a month or a year, by account, by source and by line; the months and what waits."""
    return _book(request, visitor, wanted(period, source, visitor.today), done=done)


def _book(
    request: Request, visitor: Visitor, asked: Wanted, *, done: str = "", error: Refused | None = None
) -> Response:
    with visitor.reading() as work:
        context = book(work, asked)
    return show(
        request, visitor, "ledger/page.html", status=error.http_status if error else 200, done=done,
        problems=refusal(error, visitor) if error else (), **WORDS, **context,
    )  # fmt: skip


@router.get("/vouchers")
def voucher_list(
    request: Request, period: str = "", source: str = "", account: str = "", line: str = "", begin: str = "",
    page: str = "", visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """The vouchers behind a figure: of a period (or all up to its end), a source or a line, and an account."""
    asked, place = wanted(period, source, visitor.today), _place(page)
    with visitor.reading() as work:
        span = span_of(work, asked)
        if line:
            span = replace(span, lines=frozenset({known_id(line)}))
        if begin:
            span = replace(span, first=date.min)
        of = {one.id: one for one in budget_position(work)}
        chosen = account if account in ACCOUNTS else ""
        found = vouchers(work, span, account=chosen, limit=MOST_LINES + 1, offset=(place - 1) * MOST_LINES)
    filters = {"period": asked.period, "source": asked.source, "account": chosen, "line": line, "begin": begin[:3]}
    return show(
        request, visitor, "ledger/vouchers.html", found=found[:MOST_LINES], more=len(found) > MOST_LINES,
        number=place, filters=filters, line=of.get(line), **WORDS,
    )  # fmt: skip


def _place(page: str) -> int:
    return max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 5 else 1


@router.get("/vouchers/{number}")
def one_voucher(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One voucher: its lines, who posted it and when, its reversal, its case and papers."""
    return _voucher(request, visitor, number, done=done)


def _voucher(
    request: Request, visitor: Visitor, number: str, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        context = whole_voucher(work, visitor, number)
    return show(
        request, visitor, "ledger/voucher.html", status=error.http_status if error else 200, done=done,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}),
        correctable=context["one"].kind in bookkeeping.CORRECTED, **WORDS, **context,
    )  # fmt: skip


@router.post("/vouchers/{number}/reversal")
def propose_reversal(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Propose that the voucher be reversed; somebody else approves."""
    try:
        correction = Correction(number, form.text("reason"), form.optional_day("booked_on", BOOKED_ON))
        bookkeeping.propose_reversal(visitor.database, visitor.person, correction, now=visitor.now)
    except Refused as error:
        return _voucher(request, visitor, number, error=error, form=form)
    return go(f"/ledger/vouchers/{number}", note="ledger_proposed")


@router.post("/periods/{month}/closing")
def propose_closing(request: Request, month: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Propose that the month be closed; somebody else closes it."""
    try:
        bookkeeping.propose_closing(visitor.database, visitor.person, month=month, now=visitor.now)
    except Refused as error:
        return _book(request, visitor, wanted(month, "", visitor.today), error=error)
    return go(f"/ledger?period={month}", note="ledger_proposed")


@router.post("/periods/{month}/reopening")
def propose_reopening(
    request: Request, month: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Propose that a closed month be opened again, with a reason; somebody else does it."""
    try:
        bookkeeping.propose_reopening(
            visitor.database, visitor.person, month=month, reason=form.text("reason"), now=visitor.now
        )
    except Refused as error:
        return _book(request, visitor, wanted(month, "", visitor.today), error=error)
    return go(f"/ledger?period={month}", note="ledger_proposed")


@router.post("/proposals/{proposal_id}/confirmation")
def confirm(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Do what was proposed."""
    try:
        bookkeeping.confirm(visitor.database, visitor.person, proposal_id=known_id(proposal_id), now=visitor.now)
    except Refused as error:
        return _book(request, visitor, wanted("", "", visitor.today), error=error)
    return go("/ledger", note="ledger_confirmed")


@router.post("/proposals/{proposal_id}/refusal")
def turn_down(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Refuse what was proposed."""
    try:
        bookkeeping.turn_down(visitor.database, visitor.person, proposal_id=known_id(proposal_id), now=visitor.now)
    except Refused as error:
        return _book(request, visitor, wanted("", "", visitor.today), error=error)
    return go("/ledger", note="ledger_refused")


# The vouchers of a period as a file ---------------------------------------------------------------


@router.get("/export.xlsx")
def why_xlsx(request: Request, period: str = "", source: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why every line of every voucher is taken along as an Excel file."""
    return ask(request, visitor, _going(visitor, wanted(period, source, visitor.today), "xlsx"))


@router.get("/export.csv")
def why_csv(request: Request, period: str = "", source: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why every line of every voucher is taken along as a CSV file."""
    return ask(request, visitor, _going(visitor, wanted(period, source, visitor.today), "csv"))


@router.post("/export.xlsx")
def xlsx(
    request: Request, period: str = "", source: str = "", form: Posted = Depends(posted),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """Every line of every voucher as an Excel file."""
    return _file(request, visitor, wanted(period, source, visitor.today), form, "xlsx")


@router.post("/export.csv")
def csv(
    request: Request, period: str = "", source: str = "", form: Posted = Depends(posted),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """Every line of every voucher as a CSV file."""
    return _file(request, visitor, wanted(period, source, visitor.today), form, "csv")


def _going(visitor: Visitor, asked: Wanted, kind: str) -> Going:
    with visitor.reading() as work:
        count = len(whole_vouchers(work, span_of(work, asked), limit=MOST_EVER + 1))
    typed = {"period": asked.period, "source": asked.source}
    return Going(
        "vouchers", count, f"/ledger/export.{kind}?{query(**typed)}", f"vouchers-{asked.period}",
        f"/ledger?{query(**typed)}", {key: value for key, value in typed.items() if value},
    )  # fmt: skip


def _file(request: Request, visitor: Visitor, asked: Wanted, form: Posted, kind: str) -> Response:
    def build(work: Work, _unmasked: bool) -> Sheet:
        found, lang = whole_vouchers(work, span_of(work, asked), limit=MOST_EVER), visitor.lang
        of = {one.id: one for one in budget_position(work)}
        rows = [_cells(entry, line, of, lang) for entry, line in found]
        return Sheet(say("ledger.vouchers", lang), _columns(lang), rows, taken(visitor, len(rows)))

    return leave(request, visitor, _going(visitor, asked, kind), form, build, kind=kind)


def _columns(lang: str) -> tuple[Column, ...]:
    widths = {
        "voucher": 16, "posted_on": 12, "kind": 14, "memo": 30, "account_number": 10, "account": 16, "program": 30,
        "source": 18, "debit": 16, "credit": 16, "fen": 16,
    }  # fmt: skip
    return tuple(Column(say(f"ledger.{name}", lang), width) for name, width in widths.items())


def _cells(entry: VoucherLine, line: Line, of: dict[str, Any], lang: str) -> tuple[Cell, ...]:
    budget, fen = of[line.budget_line_id], line.amount_fen
    yuan = f"{abs(fen) // 100}.{abs(fen) % 100:02d}"
    return (
        entry.voucher, entry.posted_on, kind_name(entry.kind, lang), entry.memo, ACCOUNTS[line.account].number,
        account_name(line.account, lang), f"{budget.program} {budget.year}", say(f"source.{budget.source}", lang),
        yuan if fen > 0 else "", yuan if fen < 0 else "", fen,
    )  # fmt: skip

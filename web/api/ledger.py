"""The book: its trial balance, every voucher whole, months that close, reversals that two people make."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from services.cases.queries import case_number_of
from services.funding import bookkeeping
from services.funding.bookkeeping import Correction
from services.ledger.chart import ACCOUNTS
from services.ledger.periods import periods, proposals
from services.ledger.queries import carried_forward
from services.ledger.trial import trial_balance, voucher, vouchers
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.ledger_view import span_of, wanted
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/ledger", tags=["ledger"], route_class=RepeatableRoute)
Month = Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])]
Period = Annotated[str, Query(pattern=r"^([0-9]{4}(-(0[1-9]|1[0-2]))?)?$", description="2026 or 2026-11; this month")]
Source = Annotated[str, Query(max_length=30)]
VoucherNumber = Annotated[str, Path(min_length=1, max_length=40), Clean]
Reason = Annotated[str, Field(min_length=1, max_length=400), Clean]


class TrialLine(Reply):
    """An account over the period, in fen; balances are signed, a debit is positive."""

    account: str
    number: str
    name_zh: str
    name_en: str
    kind: str
    side: str
    opening_fen: int
    debit_fen: int
    credit_fen: int
    closing_fen: int


class TrialBalance(Reply):
    """The trial balance; the totals of debit and credit are the same."""

    first: date
    last: date
    accounts: list[TrialLine]
    debit_fen: int
    credit_fen: int


class PeriodLine(Reply):
    """A month of the book."""

    month: str
    standing: str
    vouchers: int
    debits_fen: int
    closed_by: str
    closed_at: datetime | None


class Periods(Reply):
    """Every month, the latest first."""

    periods: list[PeriodLine]


class ProposalLine(Reply):
    """What one person proposed: `act` is close, reopen or reverse."""

    id: str
    act: str
    month: str
    voucher: str
    booked_on: date | None
    reason: str
    proposed_by: str
    proposed_at: datetime


class Proposals(Reply):
    """What waits for the second person, the oldest first."""

    proposals: list[ProposalLine]


class VoucherListed(Reply):
    """A voucher in a list."""

    voucher: str
    posted_on: date
    kind: str
    memo: str
    amount_fen: int


class Vouchers(Reply):
    """A portion of the vouchers."""

    vouchers: list[VoucherListed]
    next: str | None


class VoucherPosting(Reply):
    """One line of a voucher; a debit is positive."""

    account: str
    budget_line_id: str
    award_id: str | None
    amount_fen: int


class VoucherWhole(Reply):
    """One voucher: who posted it, its lines, its case, what it reverses and what reversed it."""

    voucher: str
    posted_on: date
    posted_at: datetime
    posted_by: str
    kind: str
    memo: str
    case: str | None
    lines: list[VoucherPosting]
    reverses: str | None
    reversed_by: str | None
    reason: str
    reversal_waits: bool


class CarriedLine(Reply):
    """What a budget line takes into the next year: account to signed balance, in fen."""

    budget_line_id: str
    balances: dict[str, int]


class Carried(Reply):
    """The balances on the last day of the year."""

    year: int
    lines: list[CarriedLine]


class Reopening(Body):
    """Why a closed month is to be opened again."""

    reason: Reason


class Reversal(Body):
    """Why a voucher is to be reversed, and the day the reversal belongs to (today when left out)."""

    reason: Reason
    booked_on: Day | None = None


@router.get("/trial-balance", summary="The trial balance")
def trial(period: Period = "", source: Source = "", visitor: Visitor = Depends(visiting)) -> TrialBalance:
    """Of a year or a month, of all sources or one; every account of the chart in its order."""
    with visitor.reading() as work:
        span = span_of(work, wanted(period, source, visitor.today))
        rows = trial_balance(work, span)
    return TrialBalance(
        first=span.first, last=span.last, debit_fen=sum(row.debit for row in rows),
        credit_fen=sum(row.credit for row in rows),
        accounts=[
            TrialLine(
                account=row.account, number=of.number, name_zh=of.zh, name_en=of.en, kind=of.kind, side=of.side,
                opening_fen=row.opening, debit_fen=row.debit, credit_fen=row.credit, closing_fen=row.closing,
            )
            for row in rows
            for of in [ACCOUNTS[row.account]]
        ],
    )  # fmt: skip


@router.get("/periods", summary="Months of the book")
def months(visitor: Visitor = Depends(visiting)) -> Periods:
    """How many vouchers each holds, and who closed it."""
    with visitor.reading() as work:
        found = periods(work)
    return Periods(
        periods=[
            PeriodLine(month=one.month, standing=one.standing, vouchers=one.vouchers, debits_fen=one.debits_fen,
                       closed_by=one.closed_by, closed_at=one.closed_at)
            for one in found
        ]
    )  # fmt: skip


@router.get("/proposals", summary="What waits for the second person")
def waiting(visitor: Visitor = Depends(visiting)) -> Proposals:
    """Closings, reopenings and reversals."""
    with visitor.reading() as work:
        found = proposals(work)
    return Proposals(
        proposals=[
            ProposalLine(id=one.id, act=one.act, month=one.month, voucher=one.voucher, booked_on=one.booked_on,
                         reason=one.reason, proposed_by=one.proposed_by, proposed_at=one.proposed_at)
            for one in found
        ]
    )  # fmt: skip


@router.get("/vouchers", summary="Vouchers")
def listed(
    request: Request, response: Response, period: Period = "", source: Source = "",
    account: Annotated[str, Query(max_length=20)] = "", visitor: Visitor = Depends(visiting), limit: Limit = 50,
    cursor: Cursor = "",
) -> Vouchers:  # fmt: skip
    """Of a period, a source and an account, the latest first, up to the last thousand."""
    with visitor.reading() as work:
        span = span_of(work, wanted(period, source, visitor.today))
        chosen = account if account in ACCOUNTS else ""
        shown, more = portion(vouchers(work, span, account=chosen, limit=10 * MOST_LINES), cursor, limit)
    link_next(request, response, more)
    return Vouchers(
        vouchers=[
            VoucherListed(voucher=one.voucher, posted_on=one.posted_on, kind=one.kind, memo=one.memo,
                          amount_fen=one.amount_fen)
            for one in shown
        ],
        next=more,
    )  # fmt: skip


@router.get("/vouchers/{number}", summary="One voucher")
def whole(number: VoucherNumber, visitor: Visitor = Depends(visiting)) -> VoucherWhole:
    """With its lines and its reversal."""
    with visitor.reading() as work:
        one = voucher(work, number)
        case = case_number_of(work, one.case_id) if one.case_id else None
    lines = [
        VoucherPosting(account=line.account, budget_line_id=line.budget_line_id, award_id=line.award_id,
                       amount_fen=line.amount_fen)
        for line in one.lines
    ]  # fmt: skip
    return VoucherWhole(
        voucher=one.voucher, posted_on=one.posted_on, posted_at=one.at, posted_by=one.posted_by, kind=one.kind,
        memo=one.memo, case=case, lines=lines, reverses=one.reverses or None, reversed_by=one.reversed_by or None,
        reason=one.reason, reversal_waits=one.proposal_waits,
    )  # fmt: skip


@router.get("/carried-forward/{year}", summary="What a year carries forward")
def carried(year: Annotated[int, Path(ge=2000, le=2100)], visitor: Visitor = Depends(visiting)) -> Carried:
    """The balances of every budget line on 31 December."""
    with visitor.reading() as work:
        found = carried_forward(work, year)
    return Carried(year=year, lines=[CarriedLine(budget_line_id=one.budget_line_id, balances=one.fen) for one in found])


@router.post("/vouchers/{number}/reversal", status_code=201, summary="Propose a reversal", dependencies=[repeatable])
def propose_reversal(number: VoucherNumber, body: Reversal, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; somebody else approves it."""
    wish = Correction(number, body.reason, body.booked_on)
    return Identified(id=bookkeeping.propose_reversal(visitor.database, visitor.person, wish, now=visitor.now))


@router.post("/periods/{month}/closing", status_code=201, summary="Propose to close a month", dependencies=[repeatable])
def propose_closing(month: Month, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; somebody else closes it."""
    done = bookkeeping.propose_closing(visitor.database, visitor.person, month=month, now=visitor.now)
    return Identified(id=done)


@router.post("/periods/{month}/reopening", status_code=201, summary="Propose to reopen", dependencies=[repeatable])
def propose_reopening(month: Month, body: Reopening, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; somebody else opens the month."""
    done = bookkeeping.propose_reopening(
        visitor.database, visitor.person, month=month, reason=body.reason, now=visitor.now
    )
    return Identified(id=done)


@router.post("/proposals/{proposal_id}/confirmation", summary="Do what was proposed", dependencies=[repeatable])
def confirm(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the month, or the voucher of the reversal."""
    done = bookkeeping.confirm(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)
    return Identified(id=done)


@router.post("/proposals/{proposal_id}/refusal", status_code=204, summary="Turn a proposal down")
def turn_down(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Nothing else changes."""
    bookkeeping.turn_down(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)

"""Public money: budget lines, the book, and the awards beside a case with their instalments."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.cases.queries import case_page
from services.funding.queries import AwardLine, budget_position
from services.ledger.queries import balances, entries
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.shapes import Number, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["money"])


class BudgetLine(Reply):
    """A budget line and its position, in fen."""

    id: str
    program: str
    year: int
    source: str
    purpose: str
    appropriated_fen: int
    available_fen: int
    committed_fen: int
    payable_fen: int
    paid_fen: int
    returned_fen: int
    receivable_fen: int


class BudgetLines(Reply):
    """Every budget line, by programme and source."""

    budget_lines: list[BudgetLine]


class Balance(Reply):
    """What stands on an account of the book, in fen."""

    account: str
    amount_fen: int


class Balances(Reply):
    """The balance of the whole book; its total is always nothing."""

    balances: list[Balance]
    total_fen: int


class Posting(Reply):
    """One posting with its voucher."""

    voucher: str
    posted_on: date
    kind: str
    memo: str
    account: str
    budget_line_id: str
    award_id: str | None
    amount_fen: int


class Postings(Reply):
    """A portion of the postings."""

    postings: list[Posting]
    next: str | None


class Instalment(Reply):
    """An instalment of an award; `case` is its own case, with its own moves."""

    case: str
    number: int
    state: str
    amount_fen: int
    earned_on: date | None
    bank_serial: str | None
    value_date: date | None
    received_on: date | None


class Award(Reply):
    """An award beside a case."""

    case: str
    state: str
    program: str
    year: int
    source: str
    purpose: str
    project: str
    requested_fen: int
    amount_fen: int | None
    instalments: list[Instalment]


class Awards(Reply):
    """The awards of a case, as far as this person may read about money."""

    awards: list[Award]


@router.get("/budget-lines", summary="Budget execution")
def budget_lines(
    visitor: Visitor = Depends(visiting), year: Annotated[int | None, Query(ge=1990, le=2200)] = None
) -> BudgetLines:
    """Every budget line (of one year) with its position derived from the book."""
    with visitor.reading() as work:
        lines = budget_position(work, year=year)
    return BudgetLines(
        budget_lines=[
            BudgetLine(
                id=one.id, program=one.program, year=one.year, source=one.source, purpose=one.purpose,
                appropriated_fen=one.appropriated, available_fen=one.available, committed_fen=one.committed,
                payable_fen=one.payable, paid_fen=one.paid, returned_fen=one.returned, receivable_fen=one.receivable,
            )
            for one in lines
        ]
    )  # fmt: skip


@router.get("/ledger/balances", summary="The balance of the book")
def book(visitor: Visitor = Depends(visiting)) -> Balances:
    """Account by account."""
    with visitor.reading() as work:
        found = balances(work)
    return Balances(
        balances=[Balance(account=account, amount_fen=amount) for account, amount in sorted(found.items())],
        total_fen=sum(found.values()),
    )


@router.get("/ledger/postings", summary="The latest postings")
def postings(
    request: Request, response: Response, visitor: Visitor = Depends(visiting), limit: Limit = 50, cursor: Cursor = ""
) -> Postings:
    """The newest voucher first, up to the last thousand."""
    with visitor.reading() as work:
        shown, more = portion(entries(work, limit=10 * MOST_LINES), cursor, limit)
    link_next(request, response, more)
    return Postings(
        postings=[
            Posting(
                voucher=one.voucher, posted_on=one.posted_on, kind=one.kind, memo=one.memo, account=one.account,
                budget_line_id=one.budget_line_id, award_id=one.award_id, amount_fen=one.amount_fen,
            )
            for one in shown
        ],
        next=more,
    )  # fmt: skip


@router.get("/cases/{number}/awards", summary="The awards beside a case")
def awards(number: Number, visitor: Visitor = Depends(visiting)) -> Awards:
    """With their instalments; none for who may not read about money."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    states = {one: (line.number, line.state) for one, line in page.instalment_states.items()}
    return Awards(awards=[_award(one, states) for one in page.awards])


def _award(one: AwardLine, states: dict[str, tuple[str, str]]) -> Award:
    number, state = states[one.case_id]
    parts = [
        Instalment(
            case=states[part.case_id][0], state=states[part.case_id][1], number=part.number,
            amount_fen=part.amount_fen, earned_on=part.earned_on, bank_serial=part.bank_serial,
            value_date=part.value_date, received_on=part.received_on,
        )
        for part in one.instalments
    ]  # fmt: skip
    return Award(
        case=number, state=state, program=one.program, year=one.year, source=one.source, purpose=one.purpose,
        project=one.project, requested_fen=one.requested_fen, amount_fen=one.amount_fen, instalments=parts,
    )  # fmt: skip

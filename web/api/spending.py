"""The money of one award: its budget beside what was spent, receipts, shifts, reports."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.awards.spending import NewExpense
from services.cases import spending
from services.settings import settings
from web.interface.files import decoded
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.pages.materials import TYPES
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["funds"], route_class=RepeatableRoute)
Fen = Annotated[int, Field(gt=0, le=10**13)]
Reason = Annotated[str, Field(max_length=400), Clean]


class Item(Reply):
    """One item of the budget: granted, spent and left, in fen."""

    id: str
    name: str
    amount_fen: int
    spent_fen: int
    left_fen: int


class Expense(Reply):
    """One expense; one that was struck out does not count."""

    id: str
    item: str
    spent_on: date
    what: str
    amount_fen: int
    invoice_number: str
    payee: str
    in_cash: bool
    struck: bool
    struck_because: str


class Shift(Reply):
    """Money moved between two items, or asked to be."""

    id: str
    from_item: str
    to_item: str
    amount_fen: int
    reason: str
    standing: str
    answer: str


class Spending(Reply):
    """Plan against actual; amounts in fen."""

    case: str
    project: str
    starts_on: date
    ends_on: date
    paid_fen: int
    returned_fen: int
    spent_fen: int
    balance_fen: int
    items: list[Item]
    expenses: list[Expense]
    shifts: list[Shift]
    reported: list[int]


class ExpenseEntry(Body):
    """An expense as its receipt says; `receipt` is the file itself (base64), with its name."""

    item_id: Identity
    spent_on: Day
    what: Annotated[str, Field(min_length=1, max_length=120), Clean]
    amount_fen: Fen
    invoice_number: Annotated[str, Field(min_length=1, max_length=40), Clean]
    payee: Annotated[str, Field(min_length=1, max_length=80), Clean]
    in_cash: bool = False
    receipt: Annotated[str, Field(min_length=1, max_length=28_000_000)]
    receipt_name: Annotated[str, Field(min_length=1, max_length=120), Clean]


class Why(Body):
    """Why an expense is struck out."""

    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


class ShiftAsked(Body):
    """Money to be moved between two items."""

    from_item_id: Identity
    to_item_id: Identity
    amount_fen: Fen
    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


class Shifted(Reply):
    """Whether the shift holds already (free) or waits for the manager (waiting)."""

    standing: str


class Decision(Body):
    """Whether a shift is agreed to; a refusal says why."""

    agrees: bool
    answer: Reason = ""


class Report(Body):
    """What was spent after an instalment."""

    instalment: Annotated[int, Field(ge=1, le=6)]
    summary: Annotated[str, Field(min_length=1, max_length=1000), Clean]


@router.get("/awards/{number}/spending", summary="Budget and expenses of an award")
def found(number: str, visitor: Visitor = Depends(visiting)) -> Spending:
    """Plan against actual, for whoever sees the case."""
    with visitor.reading() as work:
        page = spending.spending_of(work, visitor.person, number)
    return Spending(
        case=page.number, project=page.project, starts_on=page.starts_on, ends_on=page.ends_on,
        paid_fen=page.paid_fen, returned_fen=page.returned_fen, spent_fen=page.spent_fen, balance_fen=page.balance_fen,
        items=[
            Item(id=one.item.id, name=one.item.name, amount_fen=one.item.amount_fen, spent_fen=one.spent_fen,
                 left_fen=one.left_fen)
            for one in page.items
        ],
        expenses=[
            Expense(id=one.id, item=one.item, spent_on=one.spent_on, what=one.what, amount_fen=one.amount_fen,
                    invoice_number=one.invoice_number, payee=one.payee, in_cash=one.in_cash, struck=one.struck,
                    struck_because=one.struck_because)
            for one in page.expenses
        ],
        shifts=[
            Shift(id=one.id, from_item=one.from_item, to_item=one.to_item, amount_fen=one.amount_fen,
                  reason=one.reason, standing=one.standing, answer=one.answer)
            for one in page.shifts
        ],
        reported=[one.number for one in page.reports],
    )  # fmt: skip


@router.post("/awards/{number}/expenses", status_code=201, summary="Enter an expense", dependencies=[repeatable])
def enter(number: str, body: ExpenseEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """Of the own award, with its receipt; an invoice counts once, on whatever award."""
    content = decoded(body.receipt)
    new = NewExpense(
        body.item_id, body.spent_on, body.what, body.amount_fen, body.invoice_number, body.payee, body.in_cash
    )
    identity = spending.enter_expense(
        visitor.database, visitor.person, new, number=number, upload=Upload(body.receipt_name, content),
        scanner=scanner_at(settings().clamd), now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.post("/expenses/{expense_id}/strike", status_code=204, summary="Strike an expense out")
def strike(expense_id: Identity, body: Why, visitor: Visitor = Depends(visiting)) -> None:
    """It stays to be read and counts no more."""
    spending.strike_expense(
        visitor.database, visitor.person, expense_id=expense_id, reason=body.reason, now=visitor.now
    )


@router.get("/expenses/{expense_id}/receipt", summary="The receipt of an expense")
def receipt(expense_id: Identity, visitor: Visitor = Depends(visiting)) -> Response:
    """The file as it was kept."""
    with visitor.reading() as work:
        extension, content = spending.receipt(work, visitor.person, expense_id)
    return Response(content, media_type=TYPES.get(extension, "application/octet-stream"))


@router.post("/awards/{number}/shifts", status_code=201, summary="Shift money between items", dependencies=[repeatable])
def shift(number: str, body: ShiftAsked, visitor: Visitor = Depends(visiting)) -> Shifted:
    """Up to a share of the item it leaves at once, above it with the manager's approval."""
    standing = spending.shift_budget(
        visitor.database, visitor.person, number=number, from_item_id=body.from_item_id, to_item_id=body.to_item_id,
        amount_fen=body.amount_fen, reason=body.reason, now=visitor.now,
    )  # fmt: skip
    return Shifted(standing=standing)


@router.post("/shifts/{shift_id}/decision", status_code=204, summary="Decide a shift")
def decide(shift_id: Identity, body: Decision, visitor: Visitor = Depends(visiting)) -> None:
    """By the centre's manager."""
    spending.decide_shift(
        visitor.database, visitor.person, shift_id=shift_id, agrees=body.agrees, answer=body.answer, now=visitor.now
    )


@router.post("/awards/{number}/reports", status_code=204, summary="Report expenses of an instalment")
def report(number: str, body: Report, visitor: Visitor = Depends(visiting)) -> None:
    """The next instalment can be requested then."""
    spending.report_expenses(
        visitor.database, visitor.person, number=number, instalment=body.instalment, summary=body.summary,
        now=visitor.now,
    )  # fmt: skip

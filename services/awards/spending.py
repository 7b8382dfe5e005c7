"""Writes and reads of what is spent of an award: expenses with their receipts, shifts between items, reports."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from documents.format import money
from services.actors import Actor
from services.awards.models import award_budget_items, award_terms, budget_shifts, expense_reports, expenses
from services.awards.queries import BudgetItem, budget_of, spent_by_item, terms_of
from services.awards.rules import invoice_key, shift_is_free
from services.database.base import new_id
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.people.acts import hold
from services.people.queries import names_of


@dataclass(frozen=True, slots=True)
class NewExpense:
    """One expense as its receipt says; amount in fen."""

    item_id: str
    spent_on: date
    what: str
    amount_fen: int
    invoice_number: str
    payee: str
    in_cash: bool = False


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """One expense; `struck_because` says why it does not count."""

    id: str
    item_id: str
    item: str
    spent_on: date
    what: str
    amount_fen: int
    invoice_number: str
    payee: str
    in_cash: bool
    entered_by: str
    struck_because: str
    struck: bool


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """Money moved from one item to another: free, waiting for approval, agreed to or refused."""

    id: str
    from_item: str
    to_item: str
    amount_fen: int
    reason: str
    asked_by: str
    asked_by_id: str
    asked_at: datetime
    standing: str
    decided_by: str
    answer: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """The expense report that belongs to an instalment: what had been spent by then, in fen."""

    number: int
    spent_fen: int
    summary: str
    reported_by: str
    reported_at: datetime


def _item(work: Work, award_id: str, item_id: str) -> BudgetItem:
    found = next((one for one in budget_of(work, award_id) if one.id == item_id), None)
    if found is None:
        raise NotFound("expense.item_not_found")
    return found


def record_expense(
    work: Work, actor: Actor, new: NewExpense, *, award_id: str, cash_to_fen: int, receipt: tuple[str, str]
) -> str:
    """Write an expense with its receipt (sha256 and kind of file); answers its id. The award's row is locked.

    Refused with all that is wrong at once: a day outside of the agreement or still to come, too much cash, more than
    the item has left, an invoice that counts already, on whatever award.
    """
    terms, item = terms_of(work, award_id), _item(work, award_id, new.item_id)
    invoice = invoice_key(new.invoice_number)
    if not invoice:
        raise Invalid("input.missing", field="invoice", label="票据号码", label_en="invoice number")
    hold(work, f"invoice:{invoice}")
    left = item.amount_fen - spent_by_item(work, award_id).get(item.id, 0)
    reasons = []
    if not terms.starts_on <= new.spent_on <= min(terms.ends_on, work.today):
        reasons.append("expense.outside_agreement")
    if new.in_cash and new.amount_fen > cash_to_fen:
        reasons.append("expense.cash_too_much")
    if new.amount_fen > left:
        reasons.append("expense.item_exceeded")
    used = select(expenses.c.id).where(expenses.c.invoice_number == invoice, expenses.c.struck_at.is_(None))
    if work.connection.execute(used).first() is not None:
        reasons.append("expense.invoice_used")
    if reasons:
        raise Refused(
            *reasons, invoice=new.invoice_number, item=item.name, left=money(max(left, 0)),
            most=money(cash_to_fen), starts_on=terms.starts_on, ends_on=terms.ends_on,
        )  # fmt: skip
    identity = new_id()
    work.connection.execute(
        insert(expenses).values(
            id=identity, award_id=award_id, item_id=item.id, spent_on=new.spent_on, what=new.what,
            amount_fen=new.amount_fen, invoice_number=invoice, payee=new.payee, in_cash=new.in_cash,
            file_sha256=receipt[0], file_extension=receipt[1], entered_by=actor.id, entered_at=work.now,
        )
    )  # fmt: skip
    return identity


def strike_expense(work: Work, actor: Actor, *, expense_id: str, reason: str) -> None:
    """Strike an expense out, so that it counts no more; it stays to be read. Refused when it is struck already."""
    changed = work.connection.execute(
        update(expenses)
        .where(expenses.c.id == expense_id, expenses.c.struck_at.is_(None))
        .values(struck_by=actor.id, struck_at=work.now, struck_because=reason)
    ).rowcount
    if changed != 1:
        raise Refused("expense.struck_already")


def expense_row(work: Work, expense_id: str) -> Row[Any]:
    """The stored expense; NotFound when there is none."""
    row = work.connection.execute(select(expenses).where(expenses.c.id == expense_id)).one_or_none()
    if row is None:
        raise NotFound("expense.not_found")
    return row


def expenses_of(work: Work, award_id: str) -> tuple[ExpenseLine, ...]:
    """Every expense of an award, by day; those struck out too."""
    rows = work.connection.execute(
        select(expenses, award_budget_items.c.name)
        .join(award_budget_items, award_budget_items.c.id == expenses.c.item_id)
        .where(expenses.c.award_id == award_id)
        .order_by(expenses.c.spent_on, expenses.c.id)
    ).all()
    names = names_of(work, {row.entered_by for row in rows})
    return tuple(
        ExpenseLine(
            row.id, row.item_id, row.name, row.spent_on, row.what, row.amount_fen, row.invoice_number, row.payee,
            row.in_cash, names.get(row.entered_by, "—"), row.struck_because, row.struck_at is not None,
        )
        for row in rows
    )  # fmt: skip


# Shifts -------------------------------------------------------------------------------------------


def shift_budget(
    work: Work, actor: Actor, *, award_id: str, from_item_id: str, to_item_id: str, amount_fen: int, reason: str,
    percent: int,
) -> str:  # fmt: skip
    """Move money from one item to another: at once while it is free, else it waits for approval; answers how it stands.

    Refused for one item twice, and for more than the item has left unspent.
    """
    giving, taking = _item(work, award_id, from_item_id), _item(work, award_id, to_item_id)
    if giving.id == taking.id or amount_fen < 1:
        raise Invalid("expense.shift_to_itself")
    _refuse_spent(work, award_id, giving, amount_fen)
    moved = _moved(work, award_id, giving.id)
    granted = giving.amount_fen + moved["out"] - moved["in"]
    free = shift_is_free(granted, shifted_fen=moved["free"], amount_fen=amount_fen, percent=percent)
    standing = "free" if free else "waiting"
    work.connection.execute(
        insert(budget_shifts).values(
            id=new_id(), award_id=award_id, from_item_id=giving.id, to_item_id=taking.id, amount_fen=amount_fen,
            reason=reason, asked_by=actor.id, asked_at=work.now, standing=standing,
        )
    )  # fmt: skip
    if free:
        _move(work, giving.id, taking.id, amount_fen)
    return standing


def decide_shift(work: Work, actor: Actor, *, shift_id: str, agrees: bool, answer: str) -> None:
    """Agree to a shift that waits, or refuse it. Refused for one that is decided, and for money spent meanwhile."""
    row = shift_row(work, shift_id)
    if row.standing != "waiting":
        raise Refused("expense.shift_decided")
    if agrees:
        _refuse_spent(work, row.award_id, _item(work, row.award_id, row.from_item_id), row.amount_fen)
        _move(work, row.from_item_id, row.to_item_id, row.amount_fen)
    work.connection.execute(
        update(budget_shifts)
        .where(budget_shifts.c.id == shift_id)
        .values(
            standing="agreed" if agrees else "refused", decided_by=actor.id, decided_at=work.now, answer=answer
        )
    )  # fmt: skip


def shift_row(work: Work, shift_id: str) -> Row[Any]:
    """The stored shift; NotFound when there is none."""
    row = work.connection.execute(select(budget_shifts).where(budget_shifts.c.id == shift_id)).one_or_none()
    if row is None:
        raise NotFound("expense.not_found")
    return row


def _refuse_spent(work: Work, award_id: str, giving: BudgetItem, amount_fen: int) -> None:
    left = giving.amount_fen - spent_by_item(work, award_id).get(giving.id, 0)
    if amount_fen > left:
        raise Refused("expense.item_exceeded", item=giving.name, left=money(max(left, 0)))


def _move(work: Work, from_item_id: str, to_item_id: str, amount_fen: int) -> None:
    items = award_budget_items.c
    for identity, change in ((from_item_id, -amount_fen), (to_item_id, amount_fen)):
        work.connection.execute(
            update(award_budget_items).where(items.id == identity).values(amount_fen=items.amount_fen + change)
        )


def _moved(work: Work, award_id: str, item_id: str) -> dict[str, int]:
    """What left the item, what of it freely, and what came to it."""
    rows = work.connection.execute(
        select(budget_shifts).where(
            budget_shifts.c.award_id == award_id, budget_shifts.c.standing.in_(("free", "agreed"))
        )
    ).all()
    return {
        "out": sum(row.amount_fen for row in rows if row.from_item_id == item_id),
        "free": sum(row.amount_fen for row in rows if row.from_item_id == item_id and row.standing == "free"),
        "in": sum(row.amount_fen for row in rows if row.to_item_id == item_id),
    }


def shifts_of(work: Work, award_id: str) -> tuple[ShiftLine, ...]:
    """Every shift of an award, oldest first."""
    rows = work.connection.execute(
        select(budget_shifts).where(budget_shifts.c.award_id == award_id).order_by(budget_shifts.c.id)
    ).all()
    called = {one.id: one.name for one in budget_of(work, award_id)}
    names = names_of(work, {one for row in rows for one in (row.asked_by, row.decided_by) if one})
    return tuple(
        ShiftLine(
            row.id, called[row.from_item_id], called[row.to_item_id], row.amount_fen, row.reason,
            names.get(row.asked_by, "—"), row.asked_by, row.asked_at, row.standing,
            names.get(row.decided_by or "", ""), row.answer,
        )
        for row in rows
    )  # fmt: skip


# Reports ------------------------------------------------------------------------------------------


def report_expenses(work: Work, actor: Actor, *, award_id: str, number: int, summary: str) -> None:
    """Report what was spent after an instalment. Refused before anything was entered, and a second time."""
    known = select(expense_reports.c.id).where(
        expense_reports.c.award_id == award_id, expense_reports.c.number == number
    )
    if work.connection.execute(known).first() is not None:
        raise Refused("expense.reported_already", number=number)
    spent = sum(spent_by_item(work, award_id).values())
    if spent < 1:
        raise Refused("award.expenses_missing")
    work.connection.execute(
        insert(expense_reports).values(
            id=new_id(), award_id=award_id, number=number, spent_fen=spent, summary=summary, reported_by=actor.id,
            reported_at=work.now,
        )
    )  # fmt: skip


def reports_of(work: Work, award_id: str) -> tuple[ReportLine, ...]:
    """The expense reports of an award, by instalment."""
    rows = work.connection.execute(
        select(expense_reports).where(expense_reports.c.award_id == award_id).order_by(expense_reports.c.number)
    ).all()
    names = names_of(work, {row.reported_by for row in rows})
    return tuple(
        ReportLine(row.number, row.spent_fen, row.summary, names.get(row.reported_by, "—"), row.reported_at)
        for row in rows
    )


def reported(work: Work, award_id: str, *, before: int) -> bool:
    """Whether every instalment before that one has its expense report; a contract without terms asks for none."""
    terms = select(award_terms.c.case_id).where(award_terms.c.case_id == award_id)
    if work.connection.execute(terms).first() is None:
        return True
    told = work.connection.scalar(
        select(func.count()).where(expense_reports.c.award_id == award_id, expense_reports.c.number < before)
    )
    return int(told or 0) >= before - 1

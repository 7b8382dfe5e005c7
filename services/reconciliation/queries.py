"""Reads of reconciliation: what should stand on statements, what does, what is open, and whether a month agrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from services.database.work import OFFICE_TIME, Work
from services.errors import NotFound
from services.funding.models import awards, refunds
from services.organizations.models import payee_accounts
from services.payments.models import bank_instructions
from services.payments.rules import references_in
from services.people.queries import names_of
from services.reconciliation.matching import Entered, Expected
from services.reconciliation.models import (
    bank_statements,
    own_accounts,
    statement_items,
    statement_lines,
    statement_matches,
)
from services.reconciliation.rules import Line

UNDECIDED = ("open", "unknown")
LIVE = ("open", "unknown", "paid")
NOT_PAID = ("refused", "absent")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement in a list."""

    id: str
    account_id: str
    tail: str
    layout: str
    encoding: str
    from_on: date
    to_on: date
    opening_fen: int
    closing_fen: int
    count: int
    known: int
    reordered: bool
    file_name: str
    imported_by: str
    imported_at: datetime
    open: int
    matched: int


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a statement with what it matches, by what, and the items it is part of."""

    id: str
    row: int
    booked_on: date
    amount_fen: int
    serial: str
    payee: str
    tail: str
    memo: str
    by: str
    reference: str
    outcome: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that does not agree, with its owner; `lines` are those it is about."""

    id: str
    kind: str
    day: date
    facts: Mapping[str, Any]
    owner_id: str
    owner: str
    opened_at: datetime
    reference: str
    payee: str
    amount_fen: int
    lines: tuple[LineShown, ...]
    resolution: str = ""
    reason: str = ""
    closed_by: str = ""


# What matching asks -------------------------------------------------------------------------------


def expected_things(work: Work) -> tuple[Expected, ...]:
    """Every instruction and everything that came back, as far as no line is matched with it yet."""
    matched = select(statement_matches.c.instruction_id).where(statement_matches.c.instruction_id.is_not(None))
    paid = bank_instructions.c
    instructions = select(bank_instructions).where(paid.id.not_in(matched), paid.outcome.in_((*LIVE, *NOT_PAID)))
    back = select(statement_matches.c.refund_id).where(statement_matches.c.refund_id.is_not(None))
    return (
        *(_instruction(row) for row in work.connection.execute(instructions)),
        *(_refund(row) for row in work.connection.execute(_refunds().where(refunds.c.id.not_in(back)))),
    )


def settled_things(work: Work) -> tuple[Expected, ...]:
    """What lines were matched with before."""
    statement = select(bank_instructions).where(
        bank_instructions.c.id.in_(
            select(statement_matches.c.instruction_id).where(statement_matches.c.instruction_id.is_not(None))
        )
    )
    return tuple(_instruction(row) for row in work.connection.execute(statement))


def _instruction(row: Any) -> Expected:
    return Expected(
        f"instruction:{row.id}", row.reference, -row.amount_fen, row.reference, row.holder_name, row.account_tail,
        row.made_at.astimezone(OFFICE_TIME).date(), row.bank_serial or "", row.value_date, row.outcome in LIVE,
    )  # fmt: skip


def _refunds() -> Select[Any]:
    return (
        select(refunds, payee_accounts.c.holder_name)
        .join(awards, awards.c.case_id == refunds.c.award_id)
        .outerjoin(payee_accounts, payee_accounts.c.id == awards.c.account_id)
    )


def _refund(row: Any) -> Expected:
    return Expected(
        f"refund:{row.id}", row.bank_serial, row.amount_fen, "", row.holder_name or "", "", row.received_on,
        row.bank_serial, row.received_on,
    )  # fmt: skip


def entered_lines(work: Work) -> tuple[Entered, ...]:
    """Every line that is not matched and that nobody has explained."""
    matched = select(statement_matches.c.line_id)
    explained = {
        line
        for lines in work.connection.scalars(
            select(statement_items.c.lines).where(statement_items.c.resolution == "explained")
        )
        for line in lines
    }
    rows = work.connection.execute(select(statement_lines).where(statement_lines.c.id.not_in(matched)))
    return tuple(_entered(row) for row in rows if row.id not in explained)


def _entered(row: Any) -> Entered:
    line = Line(row.row, row.booked_on, row.amount_fen, row.serial, row.payee, row.tail, row.memo, row.balance_fen)
    return Entered(row.id, line, references_in(f"{row.memo} {row.serial}"))


def covered_days(work: Work, account_id: str | None = None) -> tuple[tuple[date, date], ...]:
    """The days that statements of every own account (or of that one) cover, one by one."""
    found: dict[str, set[date]] = {}
    statement = select(bank_statements.c.account_id, bank_statements.c.from_on, bank_statements.c.to_on)
    if account_id is not None:
        statement = statement.where(bank_statements.c.account_id == account_id)
    for row in work.connection.execute(statement):
        days = found.setdefault(row.account_id, set())
        days.update(row.from_on + timedelta(days=one) for one in range((row.to_on - row.from_on).days + 1))
    shared = set.intersection(*found.values()) if found else set()
    return tuple((day, day) for day in sorted(shared))


# What people look at ------------------------------------------------------------------------------


def statements(work: Work, *, limit: int = 100) -> tuple[StatementLine, ...]:
    """The statements, the latest days first."""
    rows = work.connection.execute(
        select(bank_statements, own_accounts.c.tail.label("account_tail"), *_counts())
        .join(own_accounts, own_accounts.c.id == bank_statements.c.account_id)
        .order_by(bank_statements.c.to_on.desc(), bank_statements.c.imported_at.desc())
        .limit(limit)
    ).all()
    names = names_of(work, {row.imported_by for row in rows})
    return tuple(_statement(row, names) for row in rows)


def statement(work: Work, statement_id: str) -> StatementLine:
    """One statement; NotFound when there is none."""
    row = work.connection.execute(
        select(bank_statements, own_accounts.c.tail.label("account_tail"), *_counts())
        .join(own_accounts, own_accounts.c.id == bank_statements.c.account_id)
        .where(bank_statements.c.id == statement_id)
    ).one_or_none()
    if row is None:
        raise NotFound("reconciliation.statement_not_found")
    return _statement(row, names_of(work, {row.imported_by}))


def file_of(work: Work, statement_id: str) -> str:
    """The hash of the file a statement came as; NotFound when there is none."""
    found = work.connection.scalar(select(bank_statements.c.file_sha256).where(bank_statements.c.id == statement_id))
    if found is None:
        raise NotFound("reconciliation.statement_not_found")
    return str(found)


def _counts() -> tuple[Any, Any]:
    own = (
        select(func.count()).select_from(statement_lines).where(statement_lines.c.statement_id == bank_statements.c.id)
    )
    matched = own.where(statement_lines.c.id.in_(select(statement_matches.c.line_id)))
    return own.scalar_subquery().label("lines"), matched.scalar_subquery().label("matched")


def _statement(row: Any, names: Mapping[str, str]) -> StatementLine:
    return StatementLine(
        row.id, row.account_id, row.account_tail, row.layout, row.encoding, row.from_on, row.to_on, row.opening_fen,
        row.closing_fen, row.count, row.known, row.reordered, row.file_name, names.get(row.imported_by, ""),
        row.imported_at, row.lines - row.matched, row.matched,
    )  # fmt: skip


def lines_of(work: Work, statement_id: str) -> tuple[LineShown, ...]:
    """The lines that were new in this statement, as the bank ordered them."""
    return _shown(work, statement_lines.c.statement_id == statement_id)


def _shown(work: Work, condition: Any) -> tuple[LineShown, ...]:
    rows = work.connection.execute(
        select(
            statement_lines, statement_matches.c.by, bank_instructions.c.reference, bank_instructions.c.outcome,
        )
        .outerjoin(statement_matches, statement_matches.c.line_id == statement_lines.c.id)
        .outerjoin(bank_instructions, bank_instructions.c.id == statement_matches.c.instruction_id)
        .where(condition)
        .order_by(statement_lines.c.statement_id, statement_lines.c.row)
    )  # fmt: skip
    parts: dict[str, list[str]] = {}
    for item in work.connection.execute(select(statement_items.c.id, statement_items.c.lines, statement_items.c.kind)):
        for line in item.lines:
            parts.setdefault(line, []).append(item.kind)
    return tuple(
        LineShown(row.id, row.row, row.booked_on, row.amount_fen, row.serial, row.payee, row.tail, row.memo,
                  row.by or "", row.reference or "", row.outcome or "", tuple(parts.get(row.id, ())))
        for row in rows
    )  # fmt: skip


def open_items(work: Work, *, owner_id: str | None = None, limit: int = 200) -> tuple[Item, ...]:
    """What is open, the oldest day first (of one owner)."""
    condition: list[Any] = [statement_items.c.closed_at.is_(None)]
    if owner_id is not None:
        condition.append(statement_items.c.owner_id == owner_id)
    return _items(work, *condition, limit=limit)


def items_of(work: Work, statement_id: str) -> tuple[Item, ...]:
    """Every item, closed ones too, about a line of this statement."""
    lines = {one.id for one in lines_of(work, statement_id)}
    return tuple(one for one in _items(work, limit=5_000) if lines & {line.id for line in one.lines})


def _items(work: Work, *condition: Any, limit: int) -> tuple[Item, ...]:
    rows = work.connection.execute(
        select(
            statement_items, bank_instructions.c.reference, bank_instructions.c.holder_name,
            bank_instructions.c.amount_fen,
        )
        .outerjoin(bank_instructions, bank_instructions.c.id == statement_items.c.instruction_id)
        .where(*condition)
        .order_by(statement_items.c.day, statement_items.c.id)
        .limit(limit)
    ).all()  # fmt: skip
    wanted = {line for row in rows for line in row.lines}
    shown = {one.id: one for one in _shown(work, statement_lines.c.id.in_(wanted))} if wanted else {}
    names = names_of(work, {one for row in rows for one in (row.owner_id, row.closed_by) if one})
    return tuple(
        Item(row.id, row.kind, row.day, row.facts, row.owner_id, names.get(row.owner_id, ""), row.opened_at,
             row.reference or "", row.holder_name or "", row.amount_fen or 0,
             tuple(shown[line] for line in row.lines if line in shown), row.resolution, row.reason,
             names.get(row.closed_by, "") if row.closed_by else "")
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Payable:
    """A matched line whose payment is not recorded yet: the instalment, and the serial and day the bank gave it."""

    instalment_case_id: str
    line_id: str
    serial: str
    booked_on: date


def to_record(work: Work) -> tuple[Payable, ...]:
    """The payments that statements show and that are still at the bank on the books, the oldest first."""
    rows = work.connection.execute(
        select(
            bank_instructions.c.case_id, statement_lines.c.id, statement_lines.c.serial, statement_lines.c.booked_on,
            statement_lines.c.key,
        )
        .join(statement_matches, statement_matches.c.instruction_id == bank_instructions.c.id)
        .join(statement_lines, statement_lines.c.id == statement_matches.c.line_id)
        .where(bank_instructions.c.outcome.in_(UNDECIDED))
        .order_by(statement_lines.c.booked_on, statement_lines.c.id)
    )  # fmt: skip
    found: dict[str, Payable] = {}
    for row in rows:
        # A payment in several lines is recorded once, on the day of its last part.
        found[row.case_id] = Payable(row.case_id, row.id, row.serial or f"DZ{row.key[:16]}", row.booked_on)
    return tuple(found.values())


def statement_says(work: Work, instruction_id: str) -> tuple[str, date | None]:
    """What statements say of an instruction: ("found", its day), ("absent", the last day covered), or ("unknown", None)
    while they do not cover every day on which it can have been booked.
    """
    day = work.connection.scalar(
        select(func.max(statement_lines.c.booked_on))
        .join(statement_matches, statement_matches.c.line_id == statement_lines.c.id)
        .where(statement_matches.c.instruction_id == instruction_id)
    )
    if day is not None:
        return "found", day
    made_at = work.connection.scalar(
        select(bank_instructions.c.made_at).where(bank_instructions.c.id == instruction_id)
    )
    about = select(statement_items.c.id).where(
        statement_items.c.instruction_id == instruction_id, statement_items.c.closed_at.is_(None),
        statement_items.c.kind != "missing",
    )  # fmt: skip
    if made_at is None or work.connection.execute(about).first() is not None:
        return "unknown", None
    missing = work.connection.execute(
        select(statement_items.c.facts).where(
            statement_items.c.instruction_id == instruction_id, statement_items.c.closed_at.is_(None),
            statement_items.c.kind == "missing",
        )
    ).scalar()  # fmt: skip
    return ("absent", date.fromisoformat(missing["until"])) if missing else ("unknown", None)


def shown_absent(work: Work, instalment_case_id: str) -> bool:
    """Whether the unknown attempt of an instalment is absent from statements that cover the day it was sent, as they
    were read on a later day.
    """
    one = bank_instructions.c
    row = work.connection.execute(
        select(one.id, one.sent_at).where(one.case_id == instalment_case_id, one.outcome == "unknown")
    ).one_or_none()
    if row is None:
        return False
    said, until = statement_says(work, row.id)
    sent_on = row.sent_at.astimezone(OFFICE_TIME).date()
    return said == "absent" and until is not None and until >= sent_on and work.today > sent_on

"""Months of an own account: whether statement and book agree, put forward by one person and signed off by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from services.actors import Actor
from services.database.work import Work
from services.errors import NotFound, Refused
from services.funding.models import instalments
from services.people.queries import names_of
from services.reconciliation.matching import covers
from services.reconciliation.models import (
    bank_statements,
    own_accounts,
    reconciled_months,
    statement_items,
    statement_lines,
    statement_matches,
)
from services.reconciliation.queries import covered_days, to_record


@dataclass(frozen=True, slots=True)
class Month:
    """A month of an own account: whether it can be signed off, and who did. `figures` are what is signed for."""

    account_id: str
    tail: str
    month: str
    figures: Mapping[str, Any]
    faults: tuple[str, ...]
    prepared_by_id: str
    prepared_by: str
    approved_by: str
    approved_at: datetime | None
    as_prepared: bool


def months(work: Work, *, limit: int = 24) -> tuple[Month, ...]:
    """The months that statements reach into, account by account, the latest first."""
    found: set[tuple[str, str]] = set()
    for row in work.connection.execute(
        select(bank_statements.c.account_id, bank_statements.c.from_on, bank_statements.c.to_on)
    ):
        day = row.from_on.replace(day=1)
        while day <= row.to_on:
            found.add((f"{day:%Y-%m}", row.account_id))
            day = (day + timedelta(days=32)).replace(day=1)
    return tuple(month_of(work, account, month) for month, account in sorted(found, reverse=True)[:limit])


def month_of(work: Work, account_id: str, month: str) -> Month:
    """One month of an own account as it stands. NotFound for an account that there is not."""
    tail = work.connection.scalar(select(own_accounts.c.tail).where(own_accounts.c.id == account_id))
    if tail is None:
        raise NotFound("reconciliation.account_not_found")
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    signed = work.connection.execute(
        select(reconciled_months).where(
            reconciled_months.c.account_id == account_id, reconciled_months.c.month == month
        )
    ).one_or_none()
    figures = _figures(work, account_id, first, last)
    names = names_of(work, {one for one in (signed.prepared_by, signed.approved_by) if one}) if signed else {}
    return Month(
        account_id, tail, month, figures, _month_faults(work, account_id, first, last),
        signed.prepared_by if signed else "", names.get(signed.prepared_by, "") if signed else "",
        names.get(signed.approved_by, "") if signed and signed.approved_by else "",
        signed.approved_at if signed else None, bool(signed and signed.figures == figures),
    )  # fmt: skip


def _figures(work: Work, account_id: str, first: date, last: date) -> dict[str, Any]:
    inside = (statement_lines.c.account_id == account_id, statement_lines.c.booked_on.between(first, last))
    amount = statement_lines.c.amount_fen
    matched = statement_lines.c.id.in_(select(statement_matches.c.line_id))
    sums = [
        work.connection.scalar(select(func.coalesce(func.sum(amount), 0)).where(*inside, condition))
        for condition in (amount < 0, amount > 0)
    ]
    counts = [
        work.connection.scalar(select(func.count()).select_from(statement_lines).where(*inside, condition))
        for condition in (amount != 0, matched)
    ]
    recorded = work.connection.scalar(
        select(func.coalesce(func.sum(instalments.c.amount_fen), 0)).where(
            instalments.c.value_date.between(first, last)
        )
    )
    return {
        "out_fen": -int(sums[0] or 0), "in_fen": int(sums[1] or 0), "lines": int(counts[0] or 0),
        "matched": int(counts[1] or 0), "recorded_fen": int(recorded or 0),
    }  # fmt: skip


def _month_faults(work: Work, account_id: str, first: date, last: date) -> tuple[str, ...]:
    found = []
    if last >= work.today:
        found.append("reconciliation.month_not_over")
    if not covers(covered_days(work, account_id), first, min(last, work.today)):
        found.append("reconciliation.days_missing")
    items = select(statement_items.c.id).where(
        statement_items.c.closed_at.is_(None), statement_items.c.day.between(first, last)
    )
    if work.connection.execute(items).first() is not None:
        found.append("reconciliation.items_open")
    if any(first <= one.booked_on <= last for one in to_record(work)):
        found.append("reconciliation.payments_unrecorded")
    return tuple(found)


def prepare_month(work: Work, actor: Actor, *, account_id: str, month: str, figures: dict[str, Any]) -> None:
    """Put a month forward to be signed off; anew while nobody has approved it."""
    same = (reconciled_months.c.account_id == account_id, reconciled_months.c.month == month)
    row = work.connection.execute(select(reconciled_months).where(*same)).one_or_none()
    if row is not None and row.approved_at is not None:
        raise Refused("reconciliation.month_signed", month=month)
    work.connection.execute(delete(reconciled_months).where(*same))
    work.connection.execute(
        insert(reconciled_months).values(
            account_id=account_id, month=month, figures=figures, prepared_by=actor.id, prepared_at=work.now
        )
    )


def approve_month(work: Work, actor: Actor, *, account_id: str, month: str, figures: dict[str, Any]) -> None:
    """A second person signs the month off. Refused when it is the same person, or when the figures changed since."""
    same = (reconciled_months.c.account_id == account_id, reconciled_months.c.month == month)
    row = work.connection.execute(select(reconciled_months).where(*same).with_for_update()).one_or_none()
    if row is None or row.figures != figures:
        raise Refused("reconciliation.month_not_prepared", month=month)
    if row.approved_at is not None:
        raise Refused("reconciliation.month_signed", month=month)
    if row.prepared_by == actor.id:
        raise Refused("case.duties_must_be_separate")
    work.connection.execute(update(reconciled_months).where(*same).values(approved_by=actor.id, approved_at=work.now))

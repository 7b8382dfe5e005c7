"""Posts entries to the book: balanced, numbered without gaps, once per business key; corrected by reversal only."""

from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from services.actors import Actor
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.errors import Broken, Forbidden, NotFound, Refused
from services.ledger.models import ledger_entries, ledger_periods, ledger_postings, ledger_reversals
from services.ledger.rules import Line, balanced, month_of, series_of, undone
from services.people.acts import hold


def post(
    work: Work, *, actor: Actor, key: str, kind: str, memo: str, lines: tuple[Line, ...], case_id: str | None = None,
    on: date | None = None,
) -> str:  # fmt: skip
    """Post one entry and answer its voucher number (记-2026-0001); Broken when it does not sum to zero.

    The same key posts once: a second call answers the first voucher and writes nothing. It belongs to today, or to
    the earlier day `on`. Refused("ledger.period_closed") when the month of that day is closed.
    """
    known = work.connection.execute(select(ledger_entries.c.voucher).where(ledger_entries.c.key == key)).scalar()
    if known:
        return str(known)
    if not balanced(lines):
        raise Broken(f"unbalanced entry {key}")
    identity, day = new_id(), on or work.today
    voucher = f"记-{day.year}-{next_number(work, series_of(day.year)):04d}"
    _refuse_closed(work, month_of(day))
    work.connection.execute(
        insert(ledger_entries).values(
            id=identity, voucher=voucher, key=key, kind=kind, posted_on=day, at=work.now, memo=memo, case_id=case_id,
            actor_id=actor.id,
        )
    )  # fmt: skip
    work.connection.execute(
        insert(ledger_postings),
        [
            {
                "id": new_id(), "entry_id": identity, "line_number": number, "account": line.account,
                "budget_line_id": line.budget_line_id, "award_id": line.award_id, "amount_fen": line.amount_fen,
            }
            for number, line in enumerate(lines, start=1)
        ],
    )  # fmt: skip
    return voucher


def _refuse_closed(work: Work, month: str) -> None:
    # Asked after the number was taken: whoever closes a month holds the counter, so the answer cannot be old.
    standing = work.connection.scalar(select(ledger_periods.c.standing).where(ledger_periods.c.month == month))
    if standing == "closed":
        raise Refused("ledger.period_closed", month=month)


def reverse_entry(
    work: Work, *, actor: Actor, voucher: str, proposed_by: str, reason: str, on: date | None = None
) -> str:
    """Post the entry that undoes another exactly, and answer its voucher; what was posted stays as it is.

    `proposed_by` asked for it and `actor` approves; `on` is the day it belongs to, today when left out. The caller
    keeps what stands beside the book (what a line has used, a refund) true in the same unit of work. NotFound for an
    unknown voucher; Refused for an entry that is reversed already, for a reversal and for a closed month; Forbidden
    when one person does both.
    """
    if proposed_by == actor.id:
        raise Forbidden("case.duties_must_be_separate")
    entry = reversible(work, voucher)
    day = on or work.today
    if not entry.posted_on <= day <= work.today:
        raise Refused("ledger.reversal_day_unfit", voucher=voucher, first=entry.posted_on, last=work.today)
    made = post(
        work, actor=actor, key=f"reverse:{entry.id}", kind="reversal", memo=f"冲销 {voucher}", on=day,
        lines=undone(lines_of(work, entry.id)), case_id=entry.case_id,
    )  # fmt: skip
    identity = work.connection.execute(select(ledger_entries.c.id).where(ledger_entries.c.voucher == made)).scalar_one()
    work.connection.execute(
        insert(ledger_reversals).values(
            entry_id=identity, reverses=entry.id, reason=reason, proposed_by=proposed_by, approved_by=actor.id
        )
    )
    return made


def reversible(work: Work, voucher: str) -> Row[Any]:
    """The entry behind a voucher, held until the unit of work ends, when it may still be reversed."""
    statement = select(ledger_entries).where(ledger_entries.c.voucher == voucher)
    entry = work.connection.execute(statement).one_or_none()
    if entry is None:
        raise NotFound("ledger.voucher_not_found")
    # Two who reverse at once meet here: the second one looks after the first has committed.
    hold(work, f"entry:{entry.id}")
    pair = ledger_reversals.c
    for found in work.connection.execute(
        select(pair.entry_id, pair.reverses).where((pair.entry_id == entry.id) | (pair.reverses == entry.id))
    ):
        code = "ledger.already_reversed" if found.reverses == entry.id else "ledger.reversal_not_reversed"
        raise Refused(code, voucher=voucher)
    return entry


def lines_of(work: Work, entry_id: str) -> tuple[Line, ...]:
    """The lines of an entry, in their order."""
    statement = (
        select(ledger_postings).where(ledger_postings.c.entry_id == entry_id).order_by(ledger_postings.c.line_number)
    )
    return tuple(
        Line(row.account, row.budget_line_id, row.award_id, row.amount_fen)
        for row in work.connection.execute(statement)
    )

"""What two people of finance do to the book: close a month, reopen it, reverse an entry that no case move wrote.

One proposes, another decides; each act is its own unit of work with permission from the policy table and exactly one
entry in the audit log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Refused
from services.funding import ceilings
from services.funding.commands import owe_again
from services.funding.models import budget_lines, refunds, reversed_refunds
from services.funding.queries import payee_of
from services.ledger import periods
from services.ledger.commands import lines_of, reverse_entry, reversible
from services.ledger.models import ledger_entries
from services.ledger.rules import Line, days_of, undone
from services.organizations.queries import holds_post
from services.people.acts import Label, act, allowed, hold, note, told, unfit

STREAM = "ledger"
MONTH: Label = ("月份", "month")
REASON: Label = ("理由", "reason")


@dataclass(frozen=True, slots=True)
class Correction:
    """The entry to be reversed, by its voucher, and why; `booked_on` is the day the reversal belongs to."""

    voucher: str
    reason: str
    booked_on: date | None = None


# Months -------------------------------------------------------------------------------------------


def propose_closing(database: Database, actor: Actor, *, month: str, now: datetime) -> str:
    """Propose to close a month (2026-11); answers the proposal.

    Refuses a month that is not over, that is closed, that has an earlier one still open, and a second proposal.
    """
    _refuse_no_month(month)

    def unit(work: Work) -> str:
        allowed(work, actor, "ledger:propose")
        periods.refuse_closing(work, month)
        return _proposed(work, actor, "close", object=month, month=month, reason="")

    return act(database, actor, unit, now=now, action="ledger:propose_close", stream=STREAM, object=month)


def propose_reopening(database: Database, actor: Actor, *, month: str, reason: str, now: datetime) -> str:
    """Propose to open a closed month again; answers the proposal. Refuses an open one and one before a closed one."""
    _refuse_no_month(month)
    ground = told(REASON, reason, longest=400)

    def unit(work: Work) -> str:
        allowed(work, actor, "ledger:propose")
        periods.refuse_reopening(work, month)
        return _proposed(work, actor, "reopen", object=month, month=month, reason=ground)

    return act(database, actor, unit, now=now, action="ledger:propose_reopen", stream=STREAM, object=month)


def _refuse_no_month(month: str) -> None:
    try:
        days_of(month)
    except ValueError:
        raise unfit("input.not_a_date", MONTH) from None


# Reversals ----------------------------------------------------------------------------------------


def propose_reversal(database: Database, actor: Actor, wanted: Correction, *, now: datetime) -> str:
    """Propose to reverse an entry; answers the proposal.

    Refuses an entry that a move of a case wrote (that case corrects it), one that is reversed, a reversal, a day
    before the entry or still to come, and a second proposal.
    """
    ground = told(REASON, wanted.reason, longest=400)

    def unit(work: Work) -> str:
        allowed(work, actor, "ledger:propose")
        entry = reversible(work, wanted.voucher)
        _refuse_kind(entry.kind, wanted.voucher)
        _refuse_own(work, actor, lines_of(work, entry.id))
        day = wanted.booked_on
        if day is not None and not entry.posted_on <= day <= work.today:
            first, last = entry.posted_on, work.today
            raise Refused("ledger.reversal_day_unfit", voucher=wanted.voucher, first=first, last=last)
        return _proposed(work, actor, "reverse", object=wanted.voucher, entry_id=entry.id, reason=ground, booked_on=day)

    action = "ledger:propose_reverse"
    return act(database, actor, unit, now=now, action=action, stream=STREAM, object=wanted.voucher)


def _refuse_kind(kind: str, voucher: str) -> None:
    if kind not in CORRECTED:
        raise Refused("ledger.moved_by_case", voucher=voucher)


def _refuse_own(work: Work, actor: Actor, lines: tuple[Line, ...]) -> None:
    """Nobody corrects the money of an organization of their own."""
    for award_id in {line.award_id for line in lines if line.award_id}:
        if holds_post(work, actor.id, payee_of(work, award_id)[0]):
            raise Forbidden("case.duties_must_be_separate")


def _proposed(work: Work, actor: Actor, act_: str, *, object: str, **values: Any) -> str:  # noqa: A002
    hold(work, STREAM)
    identity = periods.propose(work, actor=actor, act=act_, **values)
    details = {name: str(value) for name, value in values.items() if value and name != "entry_id"}
    note(work, actor, f"ledger:propose_{act_}", stream=STREAM, object=object, details=details | {"proposal": identity})
    return identity


# The second person --------------------------------------------------------------------------------


def confirm(database: Database, actor: Actor, *, proposal_id: str, now: datetime) -> str:
    """Do what was proposed; answers the month, or the voucher of the reversal.

    Forbidden to who proposed it; Refused when it was decided, or may not be done any more.
    """

    def unit(work: Work) -> str:
        allowed(work, actor, "ledger:decide")
        hold(work, STREAM)
        one = periods.decide(work, actor=actor, proposal_id=proposal_id, standing="done")
        about, details = one.month or one.voucher, {"proposal": one.id, "proposed_by": one.proposed_by}
        done = about
        if one.act == "close":
            periods.close(work, actor=actor, month=one.month)
        elif one.act == "reopen":
            periods.reopen(work, one.month)
        else:
            done = _reverse(work, actor, one)
            details["reversal"] = done
        note(work, actor, f"ledger:confirm_{one.act}", stream=STREAM, object=about, details=details)
        return done

    return act(database, actor, unit, now=now, action="ledger:confirm", stream=STREAM, object=proposal_id)


def turn_down(database: Database, actor: Actor, *, proposal_id: str, now: datetime) -> None:
    """Refuse what was proposed; nothing else changes. Forbidden to who proposed it; Refused when it was decided."""

    def unit(work: Work) -> None:
        allowed(work, actor, "ledger:decide")
        one = periods.decide(work, actor=actor, proposal_id=proposal_id, standing="refused")
        note(work, actor, f"ledger:refuse_{one.act}", stream=STREAM, object=one.month or one.voucher,
             details={"proposal": one.id})  # fmt: skip

    act(database, actor, unit, now=now, action="ledger:refuse", stream=STREAM, object=proposal_id)


def _reverse(work: Work, actor: Actor, one: periods.Proposal) -> str:
    """Post the reversal and keep what stands beside the book true."""
    entry = reversible(work, one.voucher)
    lines = lines_of(work, entry.id)
    _refuse_own(work, actor, lines)
    voucher = reverse_entry(
        work, actor=actor, voucher=one.voucher, proposed_by=one.proposer_id, reason=one.reason, on=one.booked_on
    )
    CORRECTED[entry.kind](work, entry.key, voucher, lines)
    return voucher


def _take_back_appropriation(work: Work, _key: str, _voucher: str, lines: tuple[Line, ...]) -> None:
    """The line holds less; refused when what would stay is less than what is used, or nothing at all."""
    for line in lines:
        if line.account != "AVAILABLE":
            continue
        of = budget_lines.c
        changed = work.connection.execute(
            update(budget_lines)
            .where(
                of.id == line.budget_line_id, of.amount_fen - line.amount_fen >= of.used_fen,
                of.amount_fen > line.amount_fen,
            )
            .values(amount_fen=of.amount_fen - line.amount_fen)
        ).rowcount  # fmt: skip
        if changed != 1:
            raise Refused("ledger.appropriation_in_use")


def _take_back_refund(work: Work, key: str, voucher: str, lines: tuple[Line, ...]) -> None:
    """The money counts as used again, and the slip can be booked anew where it belongs."""
    award_id, line_id = str(lines[0].award_id), lines[0].budget_line_id
    try:
        ceilings.follow(work, award_id=award_id, budget_line_id=line_id, postings=undone(lines))
    except Refused as refused:
        raise Refused("ledger.money_used_again", **refused.facts) from refused
    _unbook_slip(work, key, voucher, award_id)


def _unbook_slip(work: Work, key: str, voucher: str, award_id: str | None) -> None:
    # The key ends with the slip's id; in older books with the bank's serial.
    named = key.partition(":")[2]
    slips = work.connection.execute(select(refunds).where(refunds.c.award_id == award_id)).mappings()
    row = next(one for one in slips if named in (one["id"], one["bank_serial"]))
    if row["recovery_id"] is not None:
        owe_again(work, recovery_id=row["recovery_id"], amount_fen=row["amount_fen"], because=voucher)
    entry_id = select(ledger_entries.c.id).where(ledger_entries.c.voucher == voucher)
    kept = {str(name): value for name, value in row.items()}
    work.connection.execute(insert(reversed_refunds), kept | {"reversed_in": work.connection.scalar(entry_id)})
    work.connection.execute(delete(refunds).where(refunds.c.id == row["id"]))


CORRECTED: Mapping[str, Callable[[Work, str, str, tuple[Line, ...]], None]] = {
    "appropriate": _take_back_appropriation,
    "refund": _take_back_refund,
    "repayment": _take_back_refund,
}
"""The kinds of entry that no move of a case wrote, and what must stay true beside the book when one is reversed."""

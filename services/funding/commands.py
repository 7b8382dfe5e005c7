"""Writes of public money: budget lines, awards, earning instalments, and the double entry of every step."""

from datetime import date
from typing import Any

from sqlalchemy import column, insert, select, table, update

from documents.format import money
from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.errors import Broken, NotFound, Refused
from services.funding import ceilings, rules
from services.funding.ceilings import Payee
from services.funding.models import (
    awards,
    budget_lines,
    fund_programs,
    instalments,
    recoveries,
    recovery_cases,
    refunds,
)
from services.funding.sources import purpose_of_award
from services.ledger.commands import post, reverse_entry
from services.ledger.models import ledger_entries
from services.ledger.queries import balances
from services.ledger.rules import Line
from services.outbox.commands import leave_errand
from services.people.acts import hold


def _lines(postings: rules.Postings) -> tuple[Line, ...]:
    return tuple(Line(one.account.value, one.line_id, one.award_id, one.amount_fen) for one in postings)


def open_program(work: Work, *, name: str, year: int, funding_type: str = "project_grant") -> str:
    """Open a fund programme of one year; answers the id."""
    identity = new_id()
    work.connection.execute(insert(fund_programs).values(id=identity, name=name, year=year, funding_type=funding_type))
    return identity


def open_budget_line(
    work: Work, *, actor: Actor, program_id: str, source: str, office: str, amount_fen: int, purpose: str = ""
) -> str:
    """Put money of one source on a budget line and book the appropriation; answers the id."""
    identity = new_id()
    work.connection.execute(
        insert(budget_lines).values(
            id=identity,
            program_id=program_id,
            source=source,
            purpose=purpose,
            office=office,
            amount_fen=amount_fen,
            used_fen=0,
            created_at=work.now,
        )
    )
    lines = _lines(rules.appropriate(identity, amount_fen))
    post(work, actor=actor, key=f"appropriate:{identity}", kind="appropriate", memo="年初预算", lines=lines)
    return identity


def adjust_budget_line(work: Work, *, actor: Actor, budget_line_id: str, by_fen: int, key: str, reason: str) -> None:
    """Raise or lower an open line by so much, held by one guarded update, and book the appropriation that goes with it.

    Refused("budget.below_used") when it would hold less than is used of it, or nothing; Refused("budget.line_closed").
    """
    line = budget_lines.c
    after = line.amount_fen + by_fen
    changed = work.connection.execute(
        update(budget_lines)
        .where(line.id == budget_line_id, line.closed_on.is_(None), after >= line.used_fen, after > 0)
        .values(amount_fen=after)
    ).rowcount
    if changed != 1:
        row = work.connection.execute(select(budget_lines).where(line.id == budget_line_id)).one()
        if row.closed_on is not None:
            raise Refused("budget.line_closed", on=row.closed_on)
        raise Refused("budget.below_used", used=money(row.used_fen))
    moved = rules.appropriate(budget_line_id, abs(by_fen))
    lines = _lines(moved if by_fen > 0 else rules.reverse(moved))
    post(work, actor=actor, key=key, kind="adjust", memo=f"预算调整 {reason}"[:200], lines=lines)


def record_award(work: Work, *, case_id: str, values: dict[str, Any]) -> None:
    """Write the money side of a fresh award case; its purpose is its own, or that of its budget line.

    Refused for a line that is closed and for a purpose that its source does not serve.
    """
    line = work.connection.execute(select(budget_lines).where(budget_lines.c.id == values["budget_line_id"])).one()
    if line.closed_on is not None:
        raise Refused("budget.line_closed", on=line.closed_on)
    values["purpose"] = purpose_of_award(line.source, line=line.purpose, asked=values.get("purpose", ""))
    work.connection.execute(insert(awards).values(case_id=case_id, **values))


def amend_award(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move of the award decided (amount, score, signature)."""
    work.connection.execute(update(awards).where(awards.c.case_id == case_id).values(**values))


def commit_award(work: Work, *, actor: Actor, award_id: str, payee: Payee) -> None:
    """Bind the amount on its budget line and on every ceiling above it: each is held by one guarded update.

    Refused, naming the ceiling and what is left of it, when one has less left; nothing is written then.
    """
    award = _award(work, award_id)
    ceilings.commit(work, award_id=award_id, payee=payee)
    work.connection.execute(update(awards).where(awards.c.case_id == award_id).values(committed_at=work.now))
    lines = _lines(rules.commit(award.budget_line_id, award_id, amount_fen=award.amount_fen))
    post(work, actor=actor, key=f"commit:{award_id}", kind="commit", memo=award.project, lines=lines, case_id=award_id)


def _book(
    work: Work, award: Any, postings: rules.Postings, *, actor: Actor, key: str, kind: str, memo: str, case_id: str
) -> str:
    """Post an entry of a committed award and move its counters by what the entry says; the same key does both once."""
    known = work.connection.scalar(select(ledger_entries.c.voucher).where(ledger_entries.c.key == key))
    if known is not None:
        return str(known)
    award_id = postings[0].award_id or case_id
    ceilings.follow(work, award_id=award_id, budget_line_id=award.budget_line_id, postings=postings)
    return post(work, actor=actor, key=key, kind=kind, memo=memo, lines=_lines(postings), case_id=case_id)


def _award(work: Work, award_id: str) -> Any:
    row = work.connection.execute(select(awards).where(awards.c.case_id == award_id)).one_or_none()
    if row is None:
        raise NotFound("award.not_found")
    return row


def record_instalment(work: Work, *, case_id: str, award_id: str, number: int, amount_fen: int) -> None:
    """Write the money side of a fresh instalment case. Refused when the parts would pass the award."""
    ceilings.plan(work, award_id=award_id, amount_fen=amount_fen)
    work.connection.execute(
        insert(instalments).values(case_id=case_id, award_id=award_id, number=number, amount_fen=amount_fen)
    )


def earn_instalments(work: Work, *, earned_by: str, sequence: int, number: int, award_id: str = "") -> tuple[str, ...]:
    """Stamp instalment `number` as earned by this move, on the case's own award or on every award of the incubation
    (only on `award_id` when it is named).

    Answers the instalment cases it stamped; one that was earned before is not stamped again, so no move can release
    it twice.
    """
    owners = select(awards.c.case_id).where(
        (awards.c.case_id == earned_by) | (awards.c.incubation_case_id == earned_by), awards.c.committed_at.is_not(None)
    )
    if award_id:
        owners = owners.where(awards.c.case_id == award_id)
    rows = work.connection.execute(
        update(instalments)
        .where(instalments.c.award_id.in_(owners), instalments.c.number == number, instalments.c.earned_on.is_(None))
        .values(earned_on=work.today, earned_by_case_id=earned_by, earned_by_sequence=sequence)
        .returning(instalments.c.case_id)
    )
    return tuple(row.case_id for row in rows)


def book_instalment(work: Work, *, actor: Actor, case_id: str, entry: str, version: int) -> None:
    """Write the double entry of one step of an instalment: instruct, pay, bank_return or release_commitment.

    A cancelled instalment also gives its amount back to the budget line and to every ceiling above it.
    """
    row = work.connection.execute(
        select(instalments, awards.c.budget_line_id, awards.c.project)
        .join(awards, awards.c.case_id == instalments.c.award_id)
        .where(instalments.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    makers = {
        "instruct": rules.instruct,
        "pay": rules.pay,
        "bank_return": rules.bank_return,
        "release_commitment": rules.release_commitment,
    }
    if entry not in makers:
        raise Broken(f"no such entry: {entry}")
    postings = makers[entry](row.budget_line_id, row.award_id, amount_fen=row.amount_fen)
    # Cancelling happens once in an instalment's life; the others again after a bank return or a reversal.
    once = entry == "release_commitment"
    key = f"{entry}:{case_id}" if once else f"{entry}:{case_id}:{version}"
    memo = f"{row.project} 第{row.number}期"
    _book(work, row, postings, actor=actor, key=key, kind=entry, memo=memo, case_id=case_id)


def reduce_award(work: Work, *, actor: Actor, award_id: str, amount_fen: int) -> None:
    """Bring an award with one unpaid instalment down to what is due, and give the rest back to every ceiling.

    Nothing happens when that much is bound already. Broken for more than is bound: an award never grows.
    """
    award = _award(work, award_id)
    rest = award.amount_fen - amount_fen
    if rest < 0 or amount_fen <= 0:
        raise Broken(f"{award_id} binds {award.amount_fen} fen, not {amount_fen}")
    if rest == 0:
        return
    postings = rules.release_commitment(award.budget_line_id, award_id, amount_fen=rest)
    key, memo = f"reduce:{award_id}", f"{award.project} 按验收核减"
    _book(work, award, postings, actor=actor, key=key, kind="release_commitment", memo=memo, case_id=award_id)
    ceilings.reduce(work, award_id=award_id, amount_fen=amount_fen, rest_fen=rest)
    amend_award(work, award_id, amount_fen=amount_fen)
    only = (instalments.c.award_id == award_id) & (instalments.c.number == 1)
    work.connection.execute(update(instalments).where(only).values(amount_fen=amount_fen))


def reverse_payment(work: Work, *, actor: Actor, case_id: str, proposed_by: str, reason: str) -> str:
    """Undo the last payment booked for an instalment, on the word of two people; answers the voucher."""
    paid = (
        select(ledger_entries.c.voucher)
        .where(ledger_entries.c.case_id == case_id, ledger_entries.c.kind == "pay")
        .order_by(ledger_entries.c.at.desc(), ledger_entries.c.id.desc())
        .limit(1)
    )
    voucher = str(work.connection.execute(paid).scalar_one())
    return reverse_entry(work, actor=actor, voucher=voucher, proposed_by=proposed_by, reason=reason)


def amend_instalment(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move of the instalment recorded (bank serial, value date, receipt)."""
    work.connection.execute(update(instalments).where(instalments.c.case_id == case_id).values(**values))


def record_refund(
    work: Work, *, actor: Actor, award_id: str, amount_fen: int, bank_serial: str, received_on: date
) -> str:
    """Unspent money came back: it enters the same source again. Refused when more comes back than was paid."""
    award = _award(work, award_id)
    _refuse_beyond_paid(work, award_id, amount_fen)
    identity = new_id()
    work.connection.execute(
        insert(refunds).values(
            id=identity, award_id=award_id, recovery_id=None, amount_fen=amount_fen, bank_serial=bank_serial,
            received_on=received_on, recorded_by=actor.id,
        )
    )  # fmt: skip
    postings = rules.refund(award.budget_line_id, award_id, amount_fen=amount_fen)
    key, memo = f"refund:{identity}", f"{award.project} 结余退回"
    return _book(work, award, postings, actor=actor, key=key, kind="refund", memo=memo, case_id=award_id)


def _refuse_beyond_paid(work: Work, award_id: str, amount_fen: int) -> None:
    """Nothing more comes back than was paid; what is owed already comes back on its recovery only."""
    book = balances(work, award_id=award_id)
    kept = book.get("PAID", 0) + book.get("RETURNED", 0)
    if amount_fen > kept:
        raise Refused("ledger.refund_above_paid")
    if amount_fen > kept - book.get("RECEIVABLE", 0):
        raise Refused("recovery.refund_is_repayment")


def demand_new_serial(work: Work, serial: str) -> None:
    """Nobody else can book this bank serial meanwhile. Refused("ledger.bank_serial_used") when it was booked before."""
    hold(work, f"bank_serial:{serial}")
    if work.connection.execute(select(refunds.c.id).where(refunds.c.bank_serial == serial)).first():
        raise Refused("ledger.bank_serial_used", bank_serial=serial)


# Recoveries ---------------------------------------------------------------------------------------


def record_finding(work: Work, *, case_id: str, award_id: str, cause: str) -> None:
    """Write the money side of a fresh recovery; its award has no other open one (a unique index says so too)."""
    work.connection.execute(insert(recovery_cases).values(case_id=case_id, award_id=award_id, cause=cause))


def amend_finding(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move of the recovery found out: what was kept and spent as agreed, the last day, that it is over."""
    work.connection.execute(update(recovery_cases).where(recovery_cases.c.case_id == case_id).values(**values))


def decide_recovery(work: Work, *, actor: Actor, case_id: str, proposed_by: str, amount_fen: int, reason: str) -> None:
    """Write down that two people decided that the amount is owed back.

    Refused when one person did both, and for more than the organization kept.
    """
    if proposed_by == actor.id:
        raise Refused("case.duties_must_be_separate")
    award_id = _award_of(work, case_id)
    _refuse_beyond_paid(work, award_id, amount_fen)
    identity = new_id()
    work.connection.execute(
        insert(recoveries).values(
            id=identity, award_id=award_id, amount_fen=amount_fen, repaid_fen=0, reason=reason[:400],
            decided_on=work.today, proposed_by=proposed_by, decided_by=actor.id,
        )
    )  # fmt: skip
    amend_finding(work, case_id, recovery_id=identity)


def _award_of(work: Work, case_id: str) -> str:
    found = work.connection.scalar(select(recovery_cases.c.award_id).where(recovery_cases.c.case_id == case_id))
    if found is None:
        raise NotFound("recovery.not_found")
    return str(found)


def _decided(work: Work, case_id: str) -> Any:
    row = work.connection.execute(
        select(recoveries, awards.c.budget_line_id, awards.c.project)
        .join(recovery_cases, recovery_cases.c.recovery_id == recoveries.c.id)
        .join(awards, awards.c.case_id == recoveries.c.award_id)
        .where(recovery_cases.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound("recovery.not_found")
    return row


def record_repayment(
    work: Work, *, actor: Actor, case_id: str, amount_fen: int, bank_serial: str, received_on: date
) -> None:
    """Write down that part of a recovery was repaid; its entry is `book_recovery`'s.

    Refused when more comes than is owed (held by one guarded update), and for a bank serial booked before.
    """
    row = _decided(work, case_id)
    demand_new_serial(work, bank_serial)
    changed = work.connection.execute(
        update(recoveries)
        .where(recoveries.c.id == row.id, recoveries.c.repaid_fen + amount_fen <= recoveries.c.amount_fen)
        .values(repaid_fen=recoveries.c.repaid_fen + amount_fen)
    ).rowcount
    if changed != 1:
        raise Refused("ledger.repayment_above_owed")
    work.connection.execute(
        insert(refunds).values(
            id=new_id(), award_id=row.award_id, recovery_id=row.id, amount_fen=amount_fen, bank_serial=bank_serial,
            received_on=received_on, recorded_by=actor.id,
        )
    )  # fmt: skip


def owe_again(work: Work, *, recovery_id: str, amount_fen: int, because: str) -> None:
    """What was booked as repaid was not: it is owed again, and an errand moves the case of the recovery.

    `because` is the voucher of the reversal. Refused("recovery.written_off") when the rest was written off since.
    """
    known = table("cases", column("id"), column("number"))  # cases stand above; only what it is called is asked
    row = work.connection.execute(
        select(recovery_cases, known.c.number, recoveries.c.amount_fen, recoveries.c.repaid_fen)
        .join(recoveries, recoveries.c.id == recovery_cases.c.recovery_id)
        .join(known, known.c.id == recovery_cases.c.case_id)
        .where(recovery_cases.c.recovery_id == recovery_id)
    ).one()
    if row.closed_on is not None and row.repaid_fen < row.amount_fen:
        raise Refused("recovery.written_off")
    work.connection.execute(
        update(recoveries).where(recoveries.c.id == recovery_id).values(repaid_fen=recoveries.c.repaid_fen - amount_fen)
    )
    leave_errand(
        work, key=f"advance:{row.case_id}:{because}", effect="advance_case", case_id=row.case_id,
        case_number=row.number, move_sequence=None, payload={"trigger": "take_back_repayment"},
    )  # fmt: skip


RECOVERY_ENTRIES = frozenset({"recovery_decided", "recovery_repaid", "recovery_written_off"})
"""The entries `book_recovery` writes."""


def book_recovery(work: Work, *, actor: Actor, case_id: str, entry: str, bank_serial: str = "") -> str:
    """Write the double entry of a step of a recovery; answers the voucher.

    The debt is booked with the decision, once; the repayment of that bank serial gives the money back to its own
    source; writing off takes what is still owed off the book and gives nothing back.
    """
    row = _decided(work, case_id)
    line_id, award_id, owed = row.budget_line_id, row.award_id, row.amount_fen - row.repaid_fen
    if entry == "recovery_repaid":
        slip = work.connection.execute(select(refunds).where(refunds.c.bank_serial == bank_serial)).one()
        postings = rules.recovery_repaid(line_id, award_id, amount_fen=slip.amount_fen)
        key, kind, told = f"repayment:{slip.id}", "repayment", "追回入账"
    elif entry == "recovery_decided":
        postings = rules.recovery_decided(line_id, award_id, amount_fen=owed)
        key, kind, told = f"recovery:{case_id}", "recovery", "追回"
    else:
        postings = rules.recovery_written_off(line_id, award_id, amount_fen=owed)
        key, kind, told = f"write_off:{case_id}", "write_off", "追回款核销"
    memo = f"{row.project} {told}"
    return _book(work, row, postings, actor=actor, key=key, kind=kind, memo=memo, case_id=case_id)

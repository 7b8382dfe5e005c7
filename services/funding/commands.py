"""Writes of public money: budget lines, awards, earning instalments, and the double entry of every step."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.errors import Broken, NotFound, Refused
from services.funding import ceilings, rules
from services.funding.ceilings import Payee
from services.funding.models import awards, budget_lines, fund_programs, instalments, recoveries, refunds
from services.ledger.commands import post
from services.ledger.models import ledger_entries
from services.ledger.queries import balances
from services.ledger.rules import Line


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


def record_award(work: Work, *, case_id: str, values: dict[str, Any]) -> None:
    """Write the money side of a fresh award case."""
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
    # Paying and cancelling happen once in an instalment's life; instructing again is possible after a bank return.
    once = entry in ("pay", "release_commitment")
    key = f"{entry}:{case_id}" if once else f"{entry}:{case_id}:{version}"
    memo = f"{row.project} 第{row.number}期"
    _book(work, row, postings, actor=actor, key=key, kind=entry, memo=memo, case_id=case_id)


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
    book = balances(work, award_id=award_id)
    if amount_fen > book.get("PAID", 0) + book.get("RETURNED", 0):
        raise Refused("ledger.refund_above_paid")


def decide_recovery(work: Work, *, proposed_by: str, actor: Actor, award_id: str, amount_fen: int, reason: str) -> str:
    """Two people decide that misused money is owed back; answers the id. Refused when one person does both."""
    if proposed_by == actor.id:
        raise Refused("case.duties_must_be_separate")
    award = _award(work, award_id)
    _refuse_beyond_paid(work, award_id, amount_fen)
    identity = new_id()
    work.connection.execute(
        insert(recoveries).values(
            id=identity, award_id=award_id, amount_fen=amount_fen, repaid_fen=0, reason=reason[:400],
            decided_on=work.today, proposed_by=proposed_by, decided_by=actor.id,
        )
    )  # fmt: skip
    lines = _lines(rules.recovery_decided(award.budget_line_id, award_id, amount_fen=amount_fen))
    key = f"recovery:{identity}"
    post(work, actor=actor, key=key, kind="recovery", memo=f"{award.project} 追回", lines=lines, case_id=award_id)
    return identity


def record_repayment(
    work: Work, *, actor: Actor, recovery_id: str, amount_fen: int, bank_serial: str, received_on: date
) -> str:
    """Part of a recovery was repaid into the same source; Refused when more comes than is owed."""
    row = work.connection.execute(select(recoveries).where(recoveries.c.id == recovery_id)).one_or_none()
    if row is None:
        raise NotFound("recovery.not_found")
    changed = work.connection.execute(
        update(recoveries)
        .where(recoveries.c.id == recovery_id, recoveries.c.repaid_fen + amount_fen <= recoveries.c.amount_fen)
        .values(repaid_fen=recoveries.c.repaid_fen + amount_fen)
    ).rowcount
    if changed != 1:
        raise Refused("ledger.repayment_above_owed")
    award = _award(work, row.award_id)
    identity = new_id()
    work.connection.execute(
        insert(refunds).values(
            id=identity, award_id=row.award_id, recovery_id=recovery_id, amount_fen=amount_fen,
            bank_serial=bank_serial, received_on=received_on, recorded_by=actor.id,
        )
    )  # fmt: skip
    postings = rules.recovery_repaid(award.budget_line_id, row.award_id, amount_fen=amount_fen)
    key, memo = f"repayment:{identity}", f"{award.project} 追回入账"
    return _book(work, award, postings, actor=actor, key=key, kind="repayment", memo=memo, case_id=row.award_id)

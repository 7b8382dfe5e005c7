"""Writes of awards: calls, the terms of an application, its budget table, what the panel advised, its audit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from services.awards.models import award_audits, award_budget_items, award_terms, fund_calls
from services.awards.queries import budget_of, earned_numbers
from services.awards.rules import audit_reason, lot_of, scaled
from services.database.base import new_id
from services.database.work import Work
from services.funding.commands import earn_instalments
from services.funding.models import awards, budget_lines
from services.funding.sources import refuse_forbidden


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call for applications of a programme: what for, for which kinds of organization, until when, at most how much.

    No categories means all. `rolling`: decided as they come; else all together once the call is closed.
    """

    program_id: str
    title: str
    asked_for: str
    opens_on: date
    closes_on: date
    ceiling_fen: int
    categories: tuple[str, ...] = ()
    rolling: bool = False


def open_call(work: Work, new: NewCall, *, opened_by: str | None) -> str:
    """Write a call; answers its id."""
    identity = new_id()
    work.connection.execute(
        insert(fund_calls).values(
            id=identity, program_id=new.program_id, title=new.title, asked_for=new.asked_for,
            categories=list(new.categories), opens_on=new.opens_on, closes_on=new.closes_on,
            ceiling_fen=new.ceiling_fen, rolling=new.rolling, opened_by=opened_by, created_at=work.now,
        )
    )  # fmt: skip
    return identity


@dataclass(frozen=True, slots=True)
class Terms:
    """What an application asks for beside the sum: in which call, paid how, from when to when, for what in detail."""

    call_id: str
    plan: tuple[int, ...]
    starts_on: date
    ends_on: date
    budget: tuple[tuple[str, int], ...]


def record_terms(work: Work, terms: Terms, *, award_id: str) -> None:
    """Write the terms and the budget table of a fresh award."""
    work.connection.execute(
        insert(award_terms).values(
            case_id=award_id, call_id=terms.call_id, plan=list(terms.plan), starts_on=terms.starts_on,
            ends_on=terms.ends_on, vetoed=False,
        )
    )  # fmt: skip
    _write_budget(work, award_id, terms.budget)


def amend_terms(work: Work, award_id: str, **values: Any) -> None:
    """Write what a move of the award decided (what the panel advised, the score of acceptance)."""
    work.connection.execute(update(award_terms).where(award_terms.c.case_id == award_id).values(**values))


def amend_budget(work: Work, award_id: str, items: Sequence[tuple[str, int]]) -> None:
    """A corrected budget table takes the place of the one handed in; the sum asked for follows it."""
    work.connection.execute(delete(award_budget_items).where(award_budget_items.c.award_id == award_id))
    _write_budget(work, award_id, items)
    total = sum(amount for _, amount in items)
    work.connection.execute(update(awards).where(awards.c.case_id == award_id).values(requested_fen=total))


def _write_budget(work: Work, award_id: str, items: Sequence[tuple[str, int]]) -> None:
    line = select(budget_lines.c.source).join(awards, awards.c.budget_line_id == budget_lines.c.id)
    source = work.connection.execute(line.where(awards.c.case_id == award_id)).scalar_one()
    for name, _ in items:
        refuse_forbidden(source, name)
    rows = [
        {"id": new_id(), "award_id": award_id, "place": place, "name": name, "asked_fen": amount, "amount_fen": amount}
        for place, (name, amount) in enumerate(items, start=1)
    ]
    work.connection.execute(insert(award_budget_items), rows)


def cut_budget(work: Work, award_id: str, total_fen: int) -> None:
    """An award below the request cuts every item of its budget in proportion."""
    items = budget_of(work, award_id)
    for one, amount in zip(items, scaled([one.asked_fen for one in items], total_fen), strict=True):
        work.connection.execute(
            update(award_budget_items).where(award_budget_items.c.id == one.id).values(amount_fen=amount)
        )


def earn_stage(work: Work, *, earned_by: str, sequence: int, stage: int) -> tuple[str, ...]:
    """Stamp what this move earns on the case's own award, or on every award of the incubation.

    Which part that is lies with the award's plan (`rules.stage_of`); an award without terms counts its parts as they
    are numbered. Answers the instalment cases it stamped, none of them twice.
    """
    stamped: list[str] = []
    for number in earned_numbers(work, case_id=earned_by, stage=stage):
        stamped += earn_instalments(work, earned_by=earned_by, sequence=sequence, number=number.number,
                                    award_id=number.award_id)  # fmt: skip
    return tuple(stamped)


# The audit ----------------------------------------------------------------------------------------


def ask_audit(work: Work, *, award_id: str, number: str, amount_fen: int, from_fen: int, percent: int) -> str:
    """Draw, once in an award's life, whether it is audited by somebody outside; answers why.

    The seed is made here and kept with the lot it gave, so that anyone can derive the same answer.
    """
    known = work.connection.scalar(select(award_audits.c.because).where(award_audits.c.award_id == award_id))
    if known is not None:
        return str(known)
    seed = secrets.token_hex(16)
    lot = lot_of(seed, number)
    because = audit_reason(amount_fen, from_fen=from_fen, lot=lot, percent=percent)
    work.connection.execute(
        insert(award_audits).values(
            award_id=award_id, because=because, seed=seed, lot=lot, percent=percent, asked_on=work.today
        )
    )
    return because


def record_audit(work: Work, *, award_id: str, firm: str, report_number: str, opinion: str) -> None:
    """The external audit is there."""
    work.connection.execute(
        update(award_audits)
        .where(award_audits.c.award_id == award_id)
        .values(firm=firm, report_number=report_number, opinion=opinion, recorded_on=work.today)
    )

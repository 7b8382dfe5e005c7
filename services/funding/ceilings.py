"""Ceilings held where the row is written: each is one counter, moved by one guarded update, in one fixed order.

No path here reads a sum and then writes. What a counter moves by is read off the postings of the entry it stands
beside, so a counter and the book cannot disagree; what an award counts on is kept in `ceiling_uses`, so whatever
frees its money later, in whatever year, frees the same counters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from documents.format import money
from services.database.base import new_id
from services.database.work import Work
from services.errors import Broken, Refused
from services.funding.models import awards, budget_lines, ceiling_uses, fund_programs, funding_ceilings
from services.funding.rules import Account, Posting
from services.ledger.rules import Line

SPENT = frozenset({Account.COMMITTED, Account.PAYABLE, Account.PAID, Account.RETURNED})
AT_BANK = frozenset({Account.PAYABLE, Account.PAID})
WHOLE_YEAR = "*"
"""The key under which everything committed in a year is counted."""

_REFUSALS = {
    "programme": "budget.programme_exceeded",
    "year": "budget.year_exceeded",
    "office": "budget.office_exceeded",
    "organization": "budget.organization_exceeded",
    "plan": "budget.plan_exceeded",
    "award": "budget.award_exceeded",
}
_UPSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_C = funding_ceilings.c


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom an award supports, and how much its rule set lets one organization be promised in a year, in fen."""

    organization_id: str
    year_limit_fen: int


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: what it counts (`kind`, `key`), in which fiscal year, and the limit that a rule set gives it."""

    kind: str
    key: str
    year: int
    limit_fen: int | None = None


def office_key(source: str, office: str) -> str:
    """The key of what one office may spend of one source in a year."""
    return f"{source} {office}"


def spent_by(postings: Iterable[Posting | Line]) -> int:
    """By how much these postings move what is used of an appropriation: committed, payable, paid less returned."""
    return sum(one.amount_fen for one in postings if one.account in SPENT)


def commit(work: Work, *, award_id: str, payee: Payee) -> None:
    """Count a fresh award on its line and on every ceiling above it, and open its own two counters.

    Refused, naming the ceiling and what is left of it, when one has less left; nothing is written then.
    """
    row = _placed(work, award_id)
    use_line(work, row.budget_line_id, row.amount_fen)
    for counter in counters_of(row, payee, year=work.today.year):
        work.connection.execute(
            insert(ceiling_uses).values(ceiling_id=_take(work, counter, row.amount_fen), award_id=award_id)
        )
    for kind in ("plan", "award"):
        work.connection.execute(
            insert(funding_ceilings).values(
                id=new_id(), kind=kind, key=award_id, year=work.today.year, limit_fen=row.amount_fen, used_fen=0
            )
        )


def counters_of(row: Any, payee: Payee, *, year: int) -> tuple[Counter, ...]:
    """The ceilings an award counts on, in the one order in which they are ever locked.

    What is bought is paid for by a contract and supports nobody: it counts on no organization's ceiling.
    """
    above = (
        Counter("programme", row.program_id, row.program_year),
        Counter("year", WHOLE_YEAR, year),
        Counter("office", office_key(row.source, row.office), year),
    )
    if row.funding_type == "purchase":
        return above
    return (*above, Counter("organization", payee.organization_id, year, payee.year_limit_fen))


def follow(work: Work, *, award_id: str, budget_line_id: str, postings: Iterable[Posting | Line]) -> None:
    """Move every counter of a committed award by what these postings say, in the same order as `commit`.

    Refused when more would be used, or paid, than a ceiling lets.
    """
    posted = tuple(postings)
    spent = spent_by(posted)
    if spent:
        use_line(work, budget_line_id, spent)
        used = select(_C.id, _C.kind).join(ceiling_uses, ceiling_uses.c.ceiling_id == _C.id)
        rows = work.connection.execute(used.where(ceiling_uses.c.award_id == award_id)).all()
        for row in sorted(rows, key=lambda one: list(_REFUSALS).index(one.kind)):
            _move(work, _C.id == row.id, spent, row.kind)
    at_bank = sum(one.amount_fen for one in posted if one.account in AT_BANK)
    if at_bank:
        _move(work, (_C.kind == "award") & (_C.key == award_id), at_bank, "award")


def plan(work: Work, *, award_id: str, amount_fen: int) -> None:
    """Count one more instalment of an award. Refused("budget.plan_exceeded") when the parts would pass the whole."""
    _move(work, (_C.kind == "plan") & (_C.key == award_id), amount_fen, "plan")


def reduce(work: Work, *, award_id: str, amount_fen: int, rest_fen: int) -> None:
    """Bring an award's own two counters down to its new amount; its one instalment shrinks by the same rest."""
    for kind, shrunk in (("plan", _C.used_fen - rest_fen), ("award", _C.used_fen)):
        own = (_C.kind == kind) & (_C.key == award_id)
        work.connection.execute(update(funding_ceilings).where(own).values(limit_fen=amount_fen, used_fen=shrunk))


def use_line(work: Work, budget_line_id: str, amount_fen: int) -> None:
    """Use so much of a budget line; a negative amount frees it again, on a closed line too.

    Refused("award.budget_exceeded") with what is left, Refused("budget.line_closed") for a closed one.
    """
    line = budget_lines.c
    after = line.used_fen + amount_fen
    fits = (line.id == budget_line_id) & (after <= line.amount_fen) & (after >= 0)
    if amount_fen > 0:
        fits &= line.closed_on.is_(None)
    changed = work.connection.execute(update(budget_lines).where(fits).values(used_fen=after)).rowcount
    if changed == 1:
        return
    row = work.connection.execute(select(budget_lines).where(line.id == budget_line_id)).one()
    if row.closed_on is not None and amount_fen > 0:
        raise Refused("budget.line_closed", on=row.closed_on)
    raise Refused("award.budget_exceeded", left=money(row.amount_fen - row.used_fen))


def set_limit(work: Work, counter: Counter, limit_fen: int | None) -> None:
    """Declare the ceiling of a programme, a year or an office, or lift it (None).

    Refused("budget.limit_below_used") when more than that is used already.
    """
    _ensure(work, counter)
    fits = true() if limit_fen is None else _C.used_fen <= limit_fen
    declared = update(funding_ceilings).where(_of(counter), fits).values(limit_fen=limit_fen)
    if work.connection.execute(declared).rowcount != 1:
        used = work.connection.scalar(select(_C.used_fen).where(_of(counter)))
        raise Refused("budget.limit_below_used", used=money(int(used or 0)))


def _placed(work: Work, award_id: str) -> Any:
    found = work.connection.execute(
        select(
            awards.c.amount_fen, awards.c.budget_line_id, awards.c.program_id, budget_lines.c.source,
            budget_lines.c.office, fund_programs.c.year.label("program_year"), fund_programs.c.funding_type,
        )
        .join(budget_lines, budget_lines.c.id == awards.c.budget_line_id)
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .where(awards.c.case_id == award_id)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise Broken(f"award {award_id} stands on no budget line")
    return found


def _of(counter: Counter) -> Any:
    return (_C.kind == counter.kind) & (_C.key == counter.key) & (_C.year == counter.year)


def _take(work: Work, counter: Counter, amount_fen: int) -> str:
    """Count on a ceiling; its row is made the first time. A limit of the rules is that of the day it is asked."""
    after = _C.used_fen + amount_fen
    changed: Mapping[str, Any] = {"used_fen": after}
    fits = or_(_C.limit_fen.is_(None), after <= _C.limit_fen)
    if counter.limit_fen is not None:
        changed, fits = {"used_fen": after, "limit_fen": counter.limit_fen}, after <= counter.limit_fen
    taking = update(funding_ceilings).where(_of(counter), fits).values(**changed).returning(_C.id)
    for _ in range(2):
        taken = work.connection.scalar(taking)
        if taken is not None:
            return str(taken)
        _ensure(work, counter)
    row = work.connection.execute(select(funding_ceilings).where(_of(counter))).one()
    limit = row.limit_fen if counter.limit_fen is None else counter.limit_fen
    raise _refusal(counter.kind, year=counter.year, left_fen=limit - row.used_fen)


def _ensure(work: Work, counter: Counter) -> None:
    fresh = _UPSERT[work.connection.dialect.name](funding_ceilings).values(
        id=new_id(), kind=counter.kind, key=counter.key, year=counter.year, limit_fen=counter.limit_fen, used_fen=0
    )
    work.connection.execute(fresh.on_conflict_do_nothing(index_elements=[_C.kind, _C.key, _C.year]))


def _move(work: Work, where: Any, amount_fen: int, kind: str) -> None:
    after = _C.used_fen + amount_fen
    fits = or_(_C.limit_fen.is_(None), after <= _C.limit_fen) if amount_fen > 0 else after >= 0
    if work.connection.execute(update(funding_ceilings).where(where, fits).values(used_fen=after)).rowcount == 1:
        return
    row = work.connection.execute(select(funding_ceilings).where(where)).one_or_none()
    if row is None or amount_fen < 0:
        raise Broken(f"the {kind} counter lacks {amount_fen} fen")
    raise _refusal(kind, year=row.year, left_fen=row.limit_fen - row.used_fen)


def _refusal(kind: str, *, year: int, left_fen: int) -> Refused:
    return Refused(_REFUSALS[kind], year=year, left=money(max(0, left_fen)))

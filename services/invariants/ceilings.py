"""I10 and I11 above the budget lines: each counter says what the awards counted on it came to by the book."""

from collections import defaultdict

from sqlalchemy import func, select

from services.database.work import Work
from services.funding.ceilings import AT_BANK, SPENT
from services.funding.models import awards, ceiling_uses, fund_programs, funding_ceilings, instalments
from services.invariants.findings import Report
from services.ledger.models import ledger_postings

_ABOVE = ("programme", "year", "office", "organization")


def check_ceilings(work: Work, report: Report) -> None:
    """Three grouped passes: what was spent by counter, what went to the bank and what was planned by award."""
    spent = _sums(
        work,
        select(ceiling_uses.c.ceiling_id, func.sum(ledger_postings.c.amount_fen))
        .join(ledger_postings, ledger_postings.c.award_id == ceiling_uses.c.award_id)
        .where(ledger_postings.c.account.in_([one.value for one in SPENT]))
        .group_by(ceiling_uses.c.ceiling_id),
    )
    at_bank = _sums(
        work,
        select(ledger_postings.c.award_id, func.sum(ledger_postings.c.amount_fen))
        .where(ledger_postings.c.account.in_([one.value for one in AT_BANK]), ledger_postings.c.award_id.is_not(None))
        .group_by(ledger_postings.c.award_id),
    )
    planned = _sums(
        work,
        select(instalments.c.award_id, func.sum(instalments.c.amount_fen)).group_by(instalments.c.award_id),
    )
    for row in work.connection.execute(select(funding_ceilings)):
        of = {"plan": planned.get(row.key, 0), "award": at_bank.get(row.key, 0)}.get(row.kind, spent.get(row.id, 0))
        if row.used_fen != of or (row.limit_fen is not None and row.used_fen > row.limit_fen):
            report.add(
                "I10", f"{row.kind} {row.key} of {row.year} says {row.used_fen} fen are used, the book says {of}"
            )
    _counted(work, report)


def _sums(work: Work, statement: object) -> dict[str, int]:
    return {key: int(total) for key, total in work.connection.execute(statement)}  # type: ignore[call-overload]


def _counted(work: Work, report: Report) -> None:
    """Each committed award counts once on every ceiling above it, and has its own two with its amount as limit."""
    kinds: dict[str, list[str]] = defaultdict(list)
    of_award = select(ceiling_uses.c.award_id, funding_ceilings.c.kind).join(
        funding_ceilings, funding_ceilings.c.id == ceiling_uses.c.ceiling_id
    )
    for award_id, kind in work.connection.execute(of_award):
        kinds[award_id].append(kind)
    own: dict[str, list[int | None]] = defaultdict(list)
    for row in work.connection.execute(
        select(funding_ceilings.c.key, funding_ceilings.c.limit_fen).where(
            funding_ceilings.c.kind.in_(("plan", "award"))
        )
    ):
        own[row.key].append(row.limit_fen)
    committed = select(awards.c.case_id, awards.c.amount_fen, fund_programs.c.funding_type).join(
        fund_programs, fund_programs.c.id == awards.c.program_id
    )
    for row in work.connection.execute(committed.where(awards.c.committed_at.is_not(None))):
        wanted = _ABOVE[:3] if row.funding_type == "purchase" else _ABOVE
        if sorted(kinds[row.case_id]) != sorted(wanted):
            report.add("I10", f"award {row.case_id} counts on {kinds[row.case_id]}, not on {list(wanted)}")
        if own[row.case_id] != [row.amount_fen] * 2:
            report.add("I11", f"award {row.case_id} of {row.amount_fen} fen has own limits of {own[row.case_id]}")

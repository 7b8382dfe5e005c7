"""Budget execution by source, office and programme, down to awards and vouchers; and the yearly lottery notice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from services.cases.models import cases
from services.database.work import Work
from services.funding.models import awards, budget_lines, fund_programs, lottery_notices
from services.funding.queries import BudgetLineFigures, budget_position
from services.funding.sources import sources
from services.ledger.models import ledger_entries, ledger_postings
from services.organizations.models import organizations
from services.people.models import persons
from statemachines.registry import process_of

BY: Mapping[str, Callable[[BudgetLineFigures], str]] = {
    "source": lambda line: line.source,
    "office": lambda line: line.office,
    "program": lambda line: line.program,
}
"""What execution can be read by, and how a line tells which group it belongs to."""

FIGURES: Mapping[str, tuple[str, int]] = {
    "appropriated": ("APPROPRIATED", -1),
    "available": ("AVAILABLE", 1),
    "committed": ("COMMITTED", 1),
    "payable": ("PAYABLE", 1),
    "paid": ("PAID", 1),
    "returned": ("RETURNED", -1),
}
"""Each printed figure, the account it is the balance of, and the sign that makes it positive."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One group of budget lines and what they came to, in fen."""

    key: str
    appropriated: int
    available: int
    committed: int
    payable: int
    paid: int
    returned: int

    @property
    def net_paid(self) -> int:
        """Paid less returned."""
        return self.paid - self.returned

    @property
    def rate_hundredths(self) -> int:
        """Net paid as a share of what was appropriated, in hundredths of a percent, rounded half up."""
        return (self.net_paid * 20_000 + self.appropriated) // (2 * self.appropriated) if self.appropriated else 0


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award that a figure is made of; amounts in fen, the state as its process calls it."""

    number: str
    organization: str
    program: str
    project: str
    purpose: str
    state_zh: str
    state_en: str
    promised: int
    net_paid: int
    amount: int


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One posting that a figure is made of; `amount` has the sign the figure is printed with."""

    voucher: str
    posted_on: date
    kind: str
    memo: str
    case_number: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Detail:
    """What one figure of one group is made of: its total, the awards behind it and its vouchers, newest first."""

    total: int
    awards: tuple[AwardRow, ...]
    vouchers: tuple[VoucherRow, ...]


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of lottery money: what was promised and paid for it, and to whom."""

    purpose: str
    awards: tuple[AwardRow, ...]

    @property
    def promised(self) -> int:
        """What was promised and not cancelled, in fen."""
        return sum(one.promised for one in self.awards)

    @property
    def net_paid(self) -> int:
        """What was paid and did not come back, in fen."""
        return sum(one.net_paid for one in self.awards)


@dataclass(frozen=True, slots=True)
class LotteryNotice:
    """What is told the public of a year's lottery money; organizations and sums, nobody's personal data."""

    year: int
    offices: tuple[str, ...]
    whole: Execution
    purposes: tuple[Purpose, ...]
    published_on: date | None
    published_by: str
    place: str

    @property
    def promised(self) -> int:
        """What was promised over all purposes, in fen."""
        return sum(one.promised for one in self.purposes)


def years(work: Work) -> tuple[int, ...]:
    """The years there are programmes of, the latest first."""
    rows = work.connection.execute(select(fund_programs.c.year).distinct().order_by(fund_programs.c.year.desc()))
    return tuple(row.year for row in rows)


def execution(work: Work, *, year: int, by: str) -> tuple[Execution, ...]:
    """The groups of a year's budget lines, by name; KeyError for a way of grouping that there is not."""
    groups: dict[str, list[BudgetLineFigures]] = {}
    for line in budget_position(work, year=year):
        groups.setdefault(BY[by](line), []).append(line)
    return tuple(_sum(key, lines) for key, lines in sorted(groups.items()))


def whole(groups: Sequence[Execution]) -> Execution:
    """All groups together."""
    return _sum("", groups)


def _sum(key: str, lines: Sequence[BudgetLineFigures | Execution]) -> Execution:
    return Execution(key, *(sum(getattr(one, name) for one in lines) for name in FIGURES))


def detail(work: Work, *, year: int, by: str, key: str, figure: str, limit: int = 500) -> Detail:
    """What a figure is made of; `key` empty means every group of the year."""
    lines = [one for one in budget_position(work, year=year) if key in ("", BY[by](one))]
    account, sign = FIGURES[figure]
    ids = [one.id for one in lines]
    return Detail(
        sum(getattr(one, figure) for one in lines),
        _awards(work, ids, account, sign),
        _vouchers(work, ids, account, sign, limit),
    )


def _awards(work: Work, line_ids: list[str], account: str, sign: int) -> tuple[AwardRow, ...]:
    sums: dict[str, dict[str, int]] = {}
    posted = ledger_postings.c
    for row in work.connection.execute(
        select(posted.award_id, posted.account, func.sum(posted.amount_fen).label("fen"))
        .where(posted.budget_line_id.in_(line_ids), posted.award_id.is_not(None))
        .group_by(posted.award_id, posted.account)
    ):
        sums.setdefault(row.award_id, {})[row.account] = int(row.fen)
    rows = work.connection.execute(
        select(
            cases.c.id, cases.c.number, cases.c.kind, cases.c.edition, cases.c.state, organizations.c.name,
            fund_programs.c.name.label("program"), awards.c.project, awards.c.purpose,
            budget_lines.c.purpose.label("line_purpose"),
        )
        .join(awards, awards.c.case_id == cases.c.id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(budget_lines, budget_lines.c.id == awards.c.budget_line_id)
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .where(awards.c.budget_line_id.in_(line_ids), awards.c.committed_at.is_not(None))
        .order_by(cases.c.number)
    )  # fmt: skip
    return tuple(_award(row, sums.get(row.id, {}), account, sign) for row in rows)


def _award(row: Any, book: Mapping[str, int], account: str, sign: int) -> AwardRow:
    state = process_of(row.kind, row.edition).state(row.state)
    promised = sum(book.get(one, 0) for one in ("COMMITTED", "PAYABLE", "PAID"))
    net_paid = book.get("PAID", 0) + book.get("RETURNED", 0)
    return AwardRow(
        row.number, row.name, row.program, row.project, row.purpose or row.line_purpose, state.zh, state.en, promised,
        net_paid, sign * book.get(account, 0),
    )  # fmt: skip


def _vouchers(work: Work, line_ids: list[str], account: str, sign: int, limit: int) -> tuple[VoucherRow, ...]:
    rows = work.connection.execute(
        select(ledger_entries, ledger_postings.c.amount_fen, cases.c.number)
        .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
        .outerjoin(cases, cases.c.id == ledger_entries.c.case_id)
        .where(ledger_postings.c.budget_line_id.in_(line_ids), ledger_postings.c.account == account)
        .order_by(ledger_entries.c.posted_on.desc(), ledger_entries.c.voucher.desc())
        .limit(limit)
    )
    return tuple(
        VoucherRow(row.voucher, row.posted_on, row.kind, row.memo, row.number, sign * row.amount_fen) for row in rows
    )


# The yearly notice of lottery money ---------------------------------------------------------------


def lottery_notice(work: Work, *, year: int) -> LotteryNotice:
    """The notice of a year, reckoned anew from the book each time it is looked at."""
    lines = [one for one in budget_position(work, year=year) if sources()[one.source].yearly_notice]
    found: dict[str, list[AwardRow]] = {}
    for one in _awards(work, [line.id for line in lines], "PAID", 1):
        found.setdefault(one.purpose, []).append(one)
    published = work.connection.execute(
        select(lottery_notices, persons.c.name)
        .join(persons, persons.c.id == lottery_notices.c.published_by)
        .where(lottery_notices.c.year == year)
    ).one_or_none()
    return LotteryNotice(
        year, tuple(sorted({one.office for one in lines})), _sum("", lines),
        tuple(Purpose(purpose, tuple(rows)) for purpose, rows in sorted(found.items())),
        published.published_on if published else None, published.name if published else "",
        published.place if published else "",
    )  # fmt: skip


def notice_due(work: Work) -> int | None:
    """The year whose notice has still to be published: the last one, when it had lottery money; else None."""
    year = work.today.year - 1
    if work.connection.scalar(select(lottery_notices.c.year).where(lottery_notices.c.year == year)) is not None:
        return None
    noticed = [name for name, source in sources().items() if source.yearly_notice]
    had = (
        select(budget_lines.c.id)
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .where(fund_programs.c.year == year, budget_lines.c.source.in_(noticed))
    )
    return year if work.connection.execute(had.limit(1)).first() else None

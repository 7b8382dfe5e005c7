"""Public money nobody has used up for two years: it returns to the treasury, and finance is told once a year."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from services.calendar.rules import months_later
from services.cases.models import cases
from services.database.work import Work
from services.funding.models import awards, budget_lines, fund_programs, instalments, refunds
from services.ledger.queries import balances_by_line
from services.messages import notice
from services.notices.commands import tell
from services.organizations.models import organizations
from services.people.queries import people_holding
from services.rulesets.commands import rule_set_on
from statemachines.roles import Role

NOTICES = ("money_unspent",)
"""What is told of unspent money: no one case stands behind it."""

TOLD = (Role.FINANCE_MAKER, Role.CENTRE_MANAGER)


@dataclass(frozen=True, slots=True)
class Unspent:
    """Money that lies unused: on a budget line (`award_number` is empty), or with an organization; in fen."""

    id: str
    program: str
    year: int
    source: str
    award_number: str
    organization: str
    amount_fen: int
    since: date


def unspent(work: Work) -> tuple[Unspent, ...]:
    """Lines with money left, and awards not closed of which an organization keeps money, both beyond the period."""
    found = (*_on_lines(work), *_with_organizations(work))
    if not found:
        return ()  # a new installation has no rule set either
    months = rule_set_on(work, work.today).number("money.unspent_months")
    return tuple(one for one in found if months_later(one.since, months) < work.today)


def _on_lines(work: Work) -> tuple[Unspent, ...]:
    left = {line_id: of.get("AVAILABLE", 0) for line_id, of in balances_by_line(work).items()}
    rows = work.connection.execute(
        select(budget_lines.c.id, budget_lines.c.source, fund_programs.c.name, fund_programs.c.year)
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .where(fund_programs.c.year < work.today.year)
        .order_by(fund_programs.c.year, fund_programs.c.name, budget_lines.c.source)
    )
    return tuple(
        Unspent(row.id, row.name, row.year, row.source, "", "", left.get(row.id, 0), date(row.year, 12, 31))
        for row in rows
        if left.get(row.id, 0) > 0
    )


def _with_organizations(work: Work) -> tuple[Unspent, ...]:
    back = select(func.sum(refunds.c.amount_fen)).where(refunds.c.award_id == awards.c.case_id).scalar_subquery()
    rows = work.connection.execute(
        select(
            awards.c.case_id, cases.c.number, organizations.c.name.label("organization"), fund_programs.c.name,
            fund_programs.c.year, budget_lines.c.source, func.min(instalments.c.value_date).label("since"),
            func.sum(instalments.c.amount_fen).label("paid"), back.label("back"),
        )
        .join(cases, cases.c.id == awards.c.case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(fund_programs, fund_programs.c.id == awards.c.program_id)
        .join(budget_lines, budget_lines.c.id == awards.c.budget_line_id)
        .join(instalments, instalments.c.award_id == awards.c.case_id)
        .where(cases.c.live.is_(True), instalments.c.value_date.is_not(None))
        .group_by(
            awards.c.case_id, cases.c.number, organizations.c.name, fund_programs.c.name, fund_programs.c.year,
            budget_lines.c.source,
        )
        .order_by(cases.c.number)
    )  # fmt: skip
    return tuple(
        Unspent(row.case_id, row.name, row.year, row.source, row.number, row.organization,
                int(row.paid) - int(row.back or 0), row.since)
        for row in rows
        if int(row.paid) > int(row.back or 0)
    )  # fmt: skip


def remind_of_unspent_money(work: Work) -> int:
    """Tell finance and the centre of each amount once a year, as long as it lies there; answers how many were told."""
    told = 0
    for one in unspent(work):
        for role in TOLD:
            for person in people_holding(work, role):
                title, body = notice(
                    NOTICES[0], person.language, program=f"{one.year} {one.program}",
                    organization_name=one.organization or one.program, since=one.since,
                    amount=f"{one.amount_fen // 100:,}.{one.amount_fen % 100:02d}",
                )  # fmt: skip
                told += tell(
                    work, key=f"unspent:{one.id}:{work.today.year}", person_id=person.id, case_id=None,
                    message=NOTICES[0], title=title, body=body,
                )  # fmt: skip
    return told

"""The order of a call: who of those scored comes first, how far the budget reaches, who is not scored yet."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.actors import Actor
from services.assessments.models import assessments, score_sheets, seats
from services.authority.rules import demand
from services.awards.models import award_terms, fund_calls
from services.awards.rules import NEED_ITEM, Applied, Ranked, rank
from services.cases.models import case_moves, cases
from services.cases.turn import Subject
from services.database.work import Work
from services.funding.models import awards, budget_lines
from services.organizations.models import divisions, organizations
from services.organizations.rules import PRIORITY_CATEGORIES
from services.rulesets.commands import rule_set_on

WAITING = ("APPLIED", "CORRECTION", "ELIGIBLE")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One scored application in the order of its line."""

    ranked: Ranked
    organization: str
    source: str
    requested_fen: int


def ahead_fen(work: Work, subject: Subject) -> int:
    """What the awards that scored higher on the same budget line, and wait to be proposed, are advised to get."""
    line = work.connection.scalar(select(awards.c.budget_line_id).where(awards.c.case_id == subject.case.id))
    found = _scored(work, line_id=str(line))
    mark = rule_set_on(work, work.today).mark("score.award_pass")
    mine = next(one for one, _ in found if one.number == subject.case.number)
    return sum(one.advised_fen for one, vetoed in found if one.key() < mine.key() and one.score >= mark and not vetoed)


def unscored(work: Work, call_id: str) -> int:
    """How many applications of a call that is judged as a whole are not scored yet; one more while it is open."""
    call = work.connection.execute(select(fund_calls).where(fund_calls.c.id == call_id)).one()
    if call.rolling:
        return 0
    waiting = work.connection.scalar(
        select(func.count())
        .select_from(award_terms.join(cases, cases.c.id == award_terms.c.case_id))
        .where(award_terms.c.call_id == call_id, cases.c.state.in_(WAITING))
    )
    return int(waiting or 0) + (work.today <= call.closes_on)


def order_of(work: Work, actor: Actor, call_id: str) -> tuple[OrderLine, ...]:
    """The scored applications of a call that wait to be proposed, line by line. Forbidden for who reads no scores."""
    demand(actor, "assessment:read_scores")
    mark = rule_set_on(work, work.today).mark("score.award_pass")
    rows = {row.number: row for row in _rows(work, award_terms.c.call_id == call_id)}
    by_line: dict[str, list[Applied]] = defaultdict(list)
    for one, vetoed in _applied(work, list(rows.values())):
        if not vetoed:
            by_line[rows[one.number].budget_line_id].append(one)
    found = []
    for line_id, applied in by_line.items():
        line = work.connection.execute(select(budget_lines).where(budget_lines.c.id == line_id)).one()
        for ranked in rank(applied, budget_fen=line.amount_fen - line.used_fen, mark=mark):
            row = rows[ranked.applied.number]
            found.append(OrderLine(ranked, row.name, line.source, row.requested_fen))
    return tuple(found)


def _scored(work: Work, *, line_id: str) -> list[tuple[Applied, bool]]:
    return _applied(work, _rows(work, awards.c.budget_line_id == line_id))


def _rows(work: Work, condition: Any) -> list[Any]:
    statement = (
        select(cases.c.id, cases.c.number, cases.c.opened_at, awards.c.score_hundredths, awards.c.requested_fen,
               awards.c.budget_line_id, award_terms.c.advised_fen, award_terms.c.vetoed, organizations.c.name,
               organizations.c.category, divisions.c.kind)
        .join(awards, awards.c.case_id == cases.c.id)
        .join(award_terms, award_terms.c.case_id == cases.c.id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(divisions, divisions.c.code == organizations.c.home_division)
        .where(cases.c.kind == "award", cases.c.state == "SCORED", condition)
    )  # fmt: skip
    return list(work.connection.execute(statement))


def _applied(work: Work, rows: list[Any]) -> list[tuple[Applied, bool]]:
    ids = [row.id for row in rows]
    needs, accepted = _needs(work, ids), _accepted(work, ids)
    return [
        (
            Applied(
                row.number, Decimal(row.score_hundredths or 0) / 100, row.category in PRIORITY_CATEGORIES,
                row.kind == "rural", needs.get(row.id, Decimal(0)), accepted.get(row.id, row.opened_at),
                row.advised_fen or 0,
            ),
            bool(row.vetoed),
        )
        for row in rows
    ]  # fmt: skip


def _needs(work: Work, ids: list[str]) -> dict[str, Decimal]:
    rows = work.connection.execute(
        select(assessments.c.case_id, score_sheets.c["items"])
        .join(seats, seats.c.assessment_id == assessments.c.id)
        .join(score_sheets, score_sheets.c.seat_id == seats.c.id)
        .where(
            assessments.c.case_id.in_(ids), assessments.c.form == "award", seats.c.vacated_at.is_(None),
            score_sheets.c.locked_at.is_not(None),
        )
    )  # fmt: skip
    given: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        given[row.case_id].append(Decimal(row[1].get(NEED_ITEM, "0")))
    return {case_id: sum(one, Decimal(0)) / len(one) for case_id, one in given.items()}


def _accepted(work: Work, ids: list[str]) -> dict[str, datetime]:
    rows = work.connection.execute(
        select(case_moves.c.case_id, func.max(case_moves.c.at).label("at"))
        .where(case_moves.c.case_id.in_(ids), case_moves.c.trigger == "find_eligible")
        .group_by(case_moves.c.case_id)
    )
    return {row.case_id: row.at for row in rows}

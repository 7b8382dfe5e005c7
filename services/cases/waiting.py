"""The waiting list of a centre: who passed without a place, in the order in which places are offered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from services.actors import Actor
from services.assessments.models import assessments, score_sheets, seats
from services.assessments.ranking import NEED_ITEM, Candidate, Ranked, rank
from services.authority.rules import demand
from services.cases.lists import visible
from services.cases.models import case_moves, cases
from services.database.work import OFFICE_TIME, Work
from services.organizations.models import centres, divisions, organizations
from services.organizations.rules import PRIORITY_CATEGORIES

WAITING = "WAITLISTED"
FORM = "admission"


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One case on the waiting list; `barred` ones keep their place but are passed over while they are listed."""

    ranked: Ranked
    organization: str
    centre_id: str
    centre: str
    ends_on: date | None
    barred: bool

    @property
    def accepted_on(self) -> date:
        """The office's day of acceptance."""
        return self.ranked.candidate.accepted_at.astimezone(OFFICE_TIME).date()


def waiting_lists(work: Work, actor: Actor) -> tuple[WaitingLine, ...]:
    """The waiting lists of every centre, centre by centre, each from the first to the last, of the cases one may see.

    Forbidden for who may read no reports.
    """
    demand(actor, "report:read")
    shown = set(work.connection.scalars(select(cases.c.number).where(cases.c.state == WAITING, visible(actor))))
    found = (line for line in _lines(work) if line.ranked.candidate.number in shown)
    return tuple(sorted(found, key=lambda line: (line.centre, line.ranked.place)))


def ahead_of(work: Work, *, centre_id: str, number: str) -> tuple[str, ...]:
    """Numbers of the cases of the centre that a place is to be offered before this one, the first of them first."""
    lines = [line for line in _lines(work, centre_id) if not line.barred or line.ranked.candidate.number == number]
    numbers = [line.ranked.candidate.number for line in sorted(lines, key=lambda line: line.ranked.place)]
    return tuple(numbers[: numbers.index(number)])


def _lines(work: Work, centre_id: str | None = None) -> list[WaitingLine]:
    statement = (
        select(cases.c.id, cases.c.number, cases.c.centre_id, cases.c.due_on, cases.c.opened_at,
               centres.c.name.label("centre"), organizations.c.name, organizations.c.category,
               organizations.c.list_standing, divisions.c.kind)
        .join(centres, centres.c.id == cases.c.centre_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(divisions, divisions.c.code == organizations.c.home_division)
        .where(cases.c.kind == "incubation", cases.c.state == WAITING)
    )  # fmt: skip
    if centre_id is not None:
        statement = statement.where(cases.c.centre_id == centre_id)
    rows = {row.number: row for row in work.connection.execute(statement)}
    ids = [row.id for row in rows.values()]
    results, accepted = _results(work, ids), _accepted(work, ids)
    by_centre: dict[str, list[Candidate]] = defaultdict(list)
    for row in rows.values():
        result, need = results.get(row.id, (Decimal(0), Decimal(0)))
        priority, rural = row.category in PRIORITY_CATEGORIES, row.kind == "rural"
        since = accepted.get(row.id, row.opened_at)
        by_centre[row.centre_id].append(Candidate(row.number, priority, result, rural, need, since))
    return [
        WaitingLine(ranked, row.name, row.centre_id, row.centre, row.due_on, row.list_standing == "serious")
        for waiting in by_centre.values()
        for ranked in rank(waiting)
        for row in (rows[ranked.candidate.number],)
    ]


def _results(work: Work, ids: list[str]) -> dict[str, tuple[Decimal, Decimal]]:
    """Case to the result of its latest concluded admission round, and what its sheets give the need on average."""
    rounds = work.connection.execute(
        select(assessments.c.id, assessments.c.case_id, assessments.c.mean_hundredths)
        .where(assessments.c.case_id.in_(ids), assessments.c.form == FORM, assessments.c.mean_hundredths.is_not(None))
        .order_by(assessments.c.round)
    )
    latest = {row.case_id: row for row in rounds}
    sheets = work.connection.execute(
        select(score_sheets.c.assessment_id, score_sheets.c["items"])
        .join(seats, seats.c.id == score_sheets.c.seat_id)
        .where(
            score_sheets.c.assessment_id.in_([row.id for row in latest.values()]),
            score_sheets.c.locked_at.is_not(None), seats.c.vacated_at.is_(None),
        )
    )  # fmt: skip
    needs: dict[str, list[Decimal]] = defaultdict(list)
    for sheet in sheets:
        needs[sheet.assessment_id].append(Decimal(sheet.items.get(NEED_ITEM[FORM], "0")))
    return {
        case_id: (Decimal(row.mean_hundredths) / 100, sum(needs[row.id], Decimal(0)) / max(len(needs[row.id]), 1))
        for case_id, row in latest.items()
    }


def _accepted(work: Work, ids: list[str]) -> dict[str, datetime]:
    """Case to the instant at which it was last accepted."""
    moves = work.connection.execute(
        select(case_moves.c.case_id, func.max(case_moves.c.at).label("at"))
        .where(case_moves.c.case_id.in_(ids), case_moves.c.trigger == "accept_application")
        .group_by(case_moves.c.case_id)
    )
    return {row.case_id: row.at for row in moves}

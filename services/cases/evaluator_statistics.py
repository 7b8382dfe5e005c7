"""Statistics of evaluators for the assessment secretary alone: severity, drift, agreement, effect on the ranking."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from sqlalchemy import select

from services.actors import Actor
from services.assessments.models import assessments, score_sheets, seats
from services.assessments.severity import Ranked, Severity, Sheet, agreement, ranking, severities
from services.authority.rules import demand
from services.cases.models import cases
from services.database.work import Work
from services.organizations.models import organizations
from services.people.queries import names_of

MOST_SHEETS = 20_000
YEARS_BACK = 3
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class EvaluatorLine:
    """One evaluator: sheets, mean deviation from the panel in points, drift (None when it cannot be told)."""

    name: str
    sheets: int
    deviation: Decimal
    drift: Decimal | None
    counts: bool


@dataclass(frozen=True, slots=True)
class RankLine:
    """One round: its place and mean, and what they would be with the severity of its evaluators taken out."""

    case_number: str
    organization: str
    mean: Decimal
    place: int
    adjusted_mean: Decimal
    adjusted_place: int
    moved: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the secretary sees of one form since a day; `alpha` is None when it cannot be computed."""

    form: str
    forms: tuple[str, ...]
    since: date
    rounds: int
    sheets: int
    alpha: Decimal | None
    evaluators: tuple[EvaluatorLine, ...]
    ranks: tuple[RankLine, ...]

    @property
    def reading(self) -> str:
        """How alpha is read: good from 0.80, tentative from 0.667, weak below; nothing when there is none."""
        if self.alpha is None:
            return "none"
        if self.alpha >= Decimal("0.80"):
            return "good"
        return "tentative" if self.alpha >= Decimal("0.667") else "weak"


def statistics(work: Work, actor: Actor, *, form: str = "") -> Statistics:
    """Severity, drift and agreement over the concluded rounds of one form in the last three years.

    Forbidden for everybody but the assessment secretary. Only sheets that counted: locked, of a seat that was not
    vacated.
    """
    demand(actor, "assessment:statistics")
    since = work.today - timedelta(days=366 * YEARS_BACK)
    rows = work.connection.execute(
        select(
            assessments.c.id, assessments.c.form, assessments.c.concluded_at, seats.c.person_id,
            score_sheets.c.total_hundredths, cases.c.number, organizations.c.name,
        )
        .join(seats, seats.c.id == score_sheets.c.seat_id)
        .join(assessments, assessments.c.id == score_sheets.c.assessment_id)
        .join(cases, cases.c.id == assessments.c.case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .where(
            assessments.c.concluded_at.is_not(None), seats.c.vacated_at.is_(None),
            score_sheets.c.locked_at.is_not(None),
            assessments.c.concluded_at >= work.now - timedelta(days=366 * YEARS_BACK),
        )
        .order_by(assessments.c.concluded_at.desc(), score_sheets.c.id)
        .limit(MOST_SHEETS)
    ).all()  # fmt: skip
    forms = tuple(sorted({row.form for row in rows}))
    chosen = form if form in forms else next(iter(forms), "")
    sheets = [
        Sheet(row.id, row.person_id, Fraction(row.total_hundredths, 100), row.concluded_at)
        for row in rows
        if row.form == chosen
    ]
    found = severities(sheets)
    habits = {one.evaluator: one.deviation for one in found if one.counts}
    alpha = agreement(sheets)
    places = ranking(sheets, habits)
    names = names_of(work, {one.evaluator for one in found})
    known = {row.id: (row.number, row.name) for row in rows}
    return Statistics(
        chosen, forms, since, len(places), len(sheets), None if alpha is None else _rounded(Fraction(alpha)),
        tuple(_evaluator(one, names[one.evaluator]) for one in found), tuple(_rank(one, known) for one in places),
    )  # fmt: skip


def _evaluator(one: Severity, name: str) -> EvaluatorLine:
    drift = None if one.drift is None else _rounded(one.drift)
    return EvaluatorLine(name, one.sheets, _rounded(one.deviation), drift, one.counts)


def _rank(one: Ranked, known: dict[str, tuple[str, str]]) -> RankLine:
    number, organization = known[one.round_id]
    return RankLine(
        number, organization, _rounded(one.mean), one.place, _rounded(one.adjusted_mean), one.adjusted_place, one.moved
    )


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_UP)

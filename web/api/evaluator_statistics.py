"""Statistics of evaluators, for the assessment secretary alone."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.cases.evaluator_statistics import statistics
from web.interface.shapes import Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["assessments"])


class EvaluatorSeverity(Reply):
    """One evaluator; `deviation` is the mean difference from the panel's mean in points, below nothing is severe."""

    name: str
    sheets: int
    deviation: Decimal
    drift: Decimal | None
    counts: bool


class RankedRound(Reply):
    """One round in the ranking, as scored and with the severity of its evaluators taken out."""

    case: str
    organization: str
    mean: Decimal
    place: int
    adjusted_mean: Decimal
    adjusted_place: int


class EvaluatorStatistics(Reply):
    """One form over the last three years; `alpha` is Krippendorff's, null when it cannot be computed."""

    form: str
    forms: list[str]
    since: date
    rounds: int
    sheets: int
    alpha: Decimal | None
    evaluators: list[EvaluatorSeverity]
    ranking: list[RankedRound]


@router.get("/evaluator-statistics", summary="Severity, drift and agreement of evaluators")
def read(
    form: Annotated[str, Query(max_length=30)] = "", visitor: Visitor = Depends(visiting)
) -> EvaluatorStatistics:  # fmt: skip
    """Of one form; the first one that has rounds when none is named."""
    with visitor.reading() as work:
        found = statistics(work, visitor.person, form=form)
    return EvaluatorStatistics(
        form=found.form, forms=list(found.forms), since=found.since, rounds=found.rounds, sheets=found.sheets,
        alpha=found.alpha,
        evaluators=[
            EvaluatorSeverity(
                name=one.name, sheets=one.sheets, deviation=one.deviation, drift=one.drift, counts=one.counts
            )
            for one in found.evaluators
        ],
        ranking=[
            RankedRound(
                case=one.case_number, organization=one.organization, mean=one.mean, place=one.place,
                adjusted_mean=one.adjusted_mean, adjusted_place=one.adjusted_place,
            )
            for one in found.ranks
        ],
    )  # fmt: skip

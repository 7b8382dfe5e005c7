"""What a panel's work on an award comes to: mean and advised amount, from the system or from typed sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from services.assessments.concluding import decisive_mean, marks_of
from services.assessments.models import score_sheets
from services.assessments.queries import Round, latest_round
from services.assessments.rules import PanelLimits, TooFewSheets, advised_fen, outcome
from services.awards.rules import NEED_ITEM
from services.cases.turn import Subject
from services.database.work import Work
from services.funding.rules import AmountRefused, advised_award
from services.rulesets.rules import Rules

FORM_OF_STATE = {"ELIGIBLE": "award", "ACCEPTANCE": "acceptance"}
HOPED = "hoped"
"""Stands for sheets that a person may still type, where only what could be done is asked."""

ANEW_AFTER = {"award": "reopen_by_review", "acceptance": "return_acceptance"}
"""The move after which a round concluded before counts no more."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the sheets come to: the mean in hundredths, a confirmed veto, the amounts advised in fen; None: no mean yet.

    `divided`: the sheets call for arbitration. `need`: what they give the need on average, in points.
    """

    mean: int | None = None
    vetoed: bool = False
    divided: bool = False
    advised: tuple[int, ...] = ()
    need: Decimal = Decimal(0)


def present_round(work: Work, subject: Subject, form: str) -> Round | None:
    """The round of that form that counts now."""
    present = latest_round(work, subject.case.id, form)
    anew = subject.last(ANEW_AFTER[form])
    if present is None or present.concluded_at is None or anew is None or present.concluded_at >= anew.at:
        return present
    return None


def found_by_round(work: Work, present: Round, rules: Rules) -> Found:
    """What a round of the system comes to."""
    mean = decisive_mean(present, rules) if present.concluded_at is not None else None
    seats = [seat.seat_id for seat in present.sitting if seat.locked_at is not None]
    rows = work.connection.execute(
        select(score_sheets.c.comments, score_sheets.c["items"]).where(
            score_sheets.c.seat_id.in_(seats), score_sheets.c.locked_at.is_not(None)
        )
    ).all()
    advice = [advised_fen(row.comments) for row in rows]
    needs = [Decimal(row[1].get(NEED_ITEM, "0")) for row in rows]
    return Found(
        mean=None if mean is None else int(mean * 100),
        vetoed=bool((present.outcome or {}).get("vetoed")),
        divided=present.arbitration_open,
        advised=tuple(one for one in advice if one is not None),
        need=sum(needs, Decimal(0)) / max(len(needs), 1),
    )


def found_by_sheets(form: str, details: Mapping[str, Any], rules: Rules) -> Found:
    """What sheets typed off the record of a panel come to that sat outside of the system: by the same arithmetic."""
    sheets = details.get("sheets") or []
    try:
        result = outcome(
            [Decimal(one["score"]) for one in sheets],
            marks=marks_of(form, rules),
            limits=PanelLimits(
                minimum_sheets=rules.number("panel.minimum"), drop_extremes_from=rules.number("panel.size")
            ),
        )
    except TooFewSheets:
        return Found()
    advised = tuple(one["amount_fen"] for one in sheets if "amount_fen" in one)
    return Found(int(result.mean * 100), divided=bool(result.arbitration_reasons), advised=advised)


def award_advised(found: Found, *, requested_fen: int) -> int | None:
    """The median of the advised amounts, rounded down to 100 yuan, at most the request; None when that is nothing."""
    try:
        return advised_award(found.advised, requested_fen=requested_fen)
    except AmountRefused:
        return None

"""Reads of stars: the rounds of a county, one rating, and the star an organization holds on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, select

from services.database.work import Work
from services.errors import NotFound
from services.organizations.models import centres, divisions
from services.stars.models import star_ratings, star_rounds


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One announced round: where, for which year, and when one may apply."""

    id: str
    division_code: str
    county: str
    centre_id: str
    centre: str
    year: int
    title: str
    rules_text: str
    opens_on: date
    closes_on: date

    def standing(self, today: date) -> str:
        """How it stands on a day: coming | open | closed."""
        if today < self.opens_on:
            return "coming"
        return "open" if today <= self.closes_on else "closed"


@dataclass(frozen=True, slots=True)
class Rating:
    """What one application came to so far; `total` is out of 100, `stars` 0 when the total gives none."""

    case_id: str
    round_id: str
    organization_id: str
    category: str
    self_scores: dict[str, str]
    recognized_on: date | None
    survey_points: Decimal | None
    total: Decimal | None
    stars: int | None
    capped_by: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    ended_on: date | None
    ended_as: str | None
    barred_to: date | None

    @property
    def self_total(self) -> Decimal:
        """The organization's own scores added up: shown beside the result, part of nothing."""
        return sum((Decimal(one) for one in self.self_scores.values()), Decimal(0))

    def holds_on(self, day: date) -> bool:
        """Whether the star is in force on that day."""
        begun = self.valid_from is not None and self.valid_from <= day
        return begun and self.valid_to is not None and day <= self.valid_to and self.ended_on is None


def _rounds() -> Select[Any]:
    return (
        select(star_rounds, divisions.c.name.label("county"), centres.c.name.label("centre"))
        .join(divisions, divisions.c.code == star_rounds.c.division_code)
        .join(centres, centres.c.id == star_rounds.c.centre_id)
    )


def _round(row: Row[Any]) -> RoundLine:
    return RoundLine(
        row.id, row.division_code, row.county, row.centre_id, row.centre, row.year, row.title, row.rules_text,
        row.opens_on, row.closes_on,
    )  # fmt: skip


def rounds(work: Work) -> tuple[RoundLine, ...]:
    """Every announced round, the latest first: a round is announced to the public."""
    rows = work.connection.execute(_rounds().order_by(star_rounds.c.opens_on.desc(), star_rounds.c.id).limit(200))
    return tuple(_round(row) for row in rows)


def round_line(work: Work, round_id: str) -> RoundLine:
    """One round; NotFound when there is none."""
    row = work.connection.execute(_rounds().where(star_rounds.c.id == round_id)).one_or_none()
    if row is None:
        raise NotFound("star_round.not_found")
    return _round(row)


def _hundredths(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value) / 100


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        row.case_id, row.round_id, row.organization_id, row.category, row.self_scores, row.recognized_on,
        _hundredths(row.survey_points_hundredths), _hundredths(row.total_hundredths), row.stars,
        tuple(row.capped_by or ()), row.valid_from, row.valid_to, row.ended_on, row.ended_as, row.barred_to,
    )  # fmt: skip


def rating_of(work: Work, case_id: str) -> Rating:
    """What the application of that case came to; NotFound when the case is none."""
    row = work.connection.execute(select(star_ratings).where(star_ratings.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    return _rating(row)


def ratings_of(work: Work, case_ids: Iterable[str]) -> dict[str, Rating]:
    """Case id to rating, in one query."""
    rows = work.connection.execute(select(star_ratings).where(star_ratings.c.case_id.in_(list(case_ids))))
    return {row.case_id: _rating(row) for row in rows}


def stars_held(work: Work, organization_ids: Iterable[str], *, day: date) -> dict[str, Rating]:
    """Organization id to the rating whose star it holds on that day, in one query."""
    rows = work.connection.execute(
        select(star_ratings)
        .where(
            star_ratings.c.organization_id.in_(list(organization_ids)), star_ratings.c.ended_on.is_(None),
            star_ratings.c.valid_from <= day, star_ratings.c.valid_to >= day,
        )
        .order_by(star_ratings.c.valid_from)
    )  # fmt: skip
    return {row.organization_id: _rating(row) for row in rows}


def history_of(work: Work, organization_id: str) -> tuple[Rating, ...]:
    """Every star the organization was ever given, the latest first."""
    rows = work.connection.execute(
        select(star_ratings)
        .where(star_ratings.c.organization_id == organization_id, star_ratings.c.valid_from.is_not(None))
        .order_by(star_ratings.c.valid_from.desc())
    )
    return tuple(_rating(row) for row in rows)


def barred_until(work: Work, organization_id: str) -> date | None:
    """The last day on which the organization may not apply, after a star was cancelled; None when it may."""
    rows = work.connection.execute(
        select(star_ratings.c.barred_to).where(
            star_ratings.c.organization_id == organization_id,
            star_ratings.c.barred_to >= work.today,
        )
    )
    return max(rows.scalars(), default=None)

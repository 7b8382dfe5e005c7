"""Writes of stars beside the cases: what an application brought, and what each of its moves changes in it."""

from typing import Any

from sqlalchemy import insert, update

from services.database.work import Work
from services.stars.models import star_ratings
from services.stars.queries import RoundLine


def record_application(
    work: Work, *, case_id: str, present: RoundLine, organization_id: str, category: str, self_scores: dict[str, str]
) -> None:
    """Keep the application of a new case: in which round, for which weights, with which own scores."""
    work.connection.execute(
        insert(star_ratings).values(
            case_id=case_id, round_id=present.id, organization_id=organization_id, category=category,
            self_scores=self_scores,
        )
    )  # fmt: skip


def amend_rating(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move of the case changes in its rating."""
    work.connection.execute(update(star_ratings).where(star_ratings.c.case_id == case_id).values(**values))

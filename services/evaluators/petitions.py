"""Reads of petitions for recusal: which wait for a ruling, on which rounds and against whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.database.work import Work
from services.evaluators.models import recusal_petitions


@dataclass(frozen=True, slots=True)
class Petition:
    """One petition; `ruling` is granted, refused or None."""

    id: str
    case_id: str
    assessment_id: str
    seat_id: str
    petitioner_id: str
    grounds: str
    lodged_at: datetime
    ruling: str | None
    ruling_reason: str
    ruled_at: datetime | None


_OF_CASE = select(recusal_petitions).where(recusal_petitions.c.case_id == bindparam("wanted")).order_by(
    recusal_petitions.c.id
)  # fmt: skip
_OF_ROUND = select(recusal_petitions).where(
    recusal_petitions.c.assessment_id == bindparam("wanted"), recusal_petitions.c.ruling.is_(None)
)


def petitions_of(work: Work, case_id: str) -> tuple[Petition, ...]:
    """Every petition of the case, oldest first."""
    return _petitions(work.connection.execute(_OF_CASE, {"wanted": case_id}).all())


def open_petitions_of(work: Work, case_id: str) -> tuple[Petition, ...]:
    """Those of the case that wait for a ruling."""
    return tuple(one for one in petitions_of(work, case_id) if one.ruling is None)


def open_petitions(work: Work, assessment_id: str) -> tuple[Petition, ...]:
    """Those of the round that wait for a ruling."""
    return _petitions(work.connection.execute(_OF_ROUND, {"wanted": assessment_id}).all())


def petition(work: Work, petition_id: str) -> Petition | None:
    """The petition of that id."""
    rows = work.connection.execute(select(recusal_petitions).where(recusal_petitions.c.id == petition_id)).all()
    return next(iter(_petitions(rows)), None)


def _petitions(rows: Sequence[Any]) -> tuple[Petition, ...]:
    return tuple(
        Petition(
            row.id, row.case_id, row.assessment_id, row.seat_id, row.petitioner_id, row.grounds, row.lodged_at,
            row.ruling, row.ruling_reason, row.ruled_at,
        )
        for row in rows
    )  # fmt: skip

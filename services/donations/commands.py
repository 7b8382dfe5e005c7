"""Writes of offers beside their cases: what was posted, and what each move changes in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, update

from services.database.work import Work
from services.donations.models import offers


@dataclass(frozen=True, slots=True)
class NewOffer:
    """What somebody offers; without `unit_name` the donor is a natural person. Value in fen."""

    kind: str
    title: str
    quantity: int
    unit: str
    purpose: str
    open_until: date
    value_fen: int | None = None
    proof: str = ""
    description: str = ""
    unit_name: str = ""
    anonymous: bool = False
    wished_id: str | None = None


def record_offer(work: Work, *, case_id: str, donor_id: str, host_id: str, new: NewOffer) -> None:
    """Keep what was posted."""
    work.connection.execute(
        insert(offers).values(
            case_id=case_id, donor_id=donor_id, host_id=host_id, kind=new.kind, title=new.title, quantity=new.quantity,
            unit=new.unit, value_fen=new.value_fen, proof=new.proof, purpose=new.purpose, description=new.description,
            open_until=new.open_until, unit_name=new.unit_name, anonymous=new.anonymous, wished_id=new.wished_id,
        )
    )  # fmt: skip


def amend_offer(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move of the case changes in its offer."""
    work.connection.execute(update(offers).where(offers.c.case_id == case_id).values(**values))

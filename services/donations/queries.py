"""Reads of offers beside their cases: one, those of a donor, and what is given on a budget line."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, select

from services.database.work import Work
from services.donations.models import offers
from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer as it stands; value in fen."""

    case_id: str
    donor_id: str
    unit_name: str
    anonymous: bool
    kind: str
    title: str
    quantity: int
    unit: str
    value_fen: int | None
    proof: str
    purpose: str
    description: str
    open_until: date
    wished_id: str | None
    host_id: str
    receiver_id: str | None
    through_id: str | None
    match_reason: str
    received_quantity: int | None
    delivered_on: date | None
    budget_line_id: str | None
    bank_serial: str | None


def read_offer(row: Row[tuple[object, ...]]) -> Offer:
    """The offer of a row of the table, joined to others or not."""
    return Offer(**{name: getattr(row, name) for name in Offer.__slots__})


def offer_of(work: Work, case_id: str) -> Offer:
    """The offer of that case; NotFound when there is none."""
    row = work.connection.execute(select(offers).where(offers.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    return read_offer(row)


def offers_of_donor(person_id: str) -> Select[tuple[str]]:
    """The cases of the person's own offers, as a subquery."""
    return select(offers.c.case_id).where(offers.c.donor_id == person_id)


def gave(work: Work, person_id: str, case_id: str) -> bool:
    """Whether the person is the donor of that offer."""
    return work.connection.execute(offers_of_donor(person_id).where(offers.c.case_id == case_id)).first() is not None


def given_on_line(work: Work, budget_line_id: str) -> tuple[int, ...]:
    """What each gift received on that budget line came to, in fen."""
    rows = work.connection.execute(select(offers.c.value_fen).where(offers.c.budget_line_id == budget_line_id))
    return tuple(int(row.value_fen) for row in rows)


def serial_taken(work: Work, serial: str) -> bool:
    """Whether a gift was already recorded under that bank serial number."""
    return work.connection.execute(select(offers.c.case_id).where(offers.c.bank_serial == serial)).first() is not None

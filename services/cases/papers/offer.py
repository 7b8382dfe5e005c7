"""The paper of a gift: what was given to whom for what, as it was received."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from documents.kind import Kind
from documents.kinds.gift_confirmation import GiftConfirmation
from services.cases.papers import parts
from services.cases.turn import Turn
from services.donations.queries import Offer, offer_of
from services.donations.rules import called
from services.issuance.commands import Numbered
from services.organizations.models import organizations
from services.people.queries import names_of


def gift_confirmation(turn: Turn, kind: Kind, number: Numbered) -> GiftConfirmation:
    """D39: kind, quantity, value in figures and capitals, purpose, receiver; no tax receipt, and it says so."""
    offer = offer_of(turn.work, turn.case.id)
    agreed = turn.subject.last("agree_offer")
    donor = donor_name(turn, offer)
    return GiftConfirmation(
        head=parts.head(turn, kind, number, addressee=donor),
        donor=donor,
        resource=offer.kind,  # type: ignore[arg-type]
        title=offer.title,
        quantity=offer.received_quantity or offer.quantity,
        unit=offer.unit,
        value_fen=received_value(offer),
        proof=offer.proof,
        purpose=offer.purpose,
        receiver=turn.subject.organization.name,
        through=_name(turn, offer.through_id),
        delivered_on=offer.delivered_on or turn.work.today,
        agreed_on=agreed.on_date if agreed else None,
        received_by=str(turn.details.get("received_by", "")),
        condition=str(turn.details.get("condition", "")),
    )


def donor_name(turn: Turn, offer: Offer) -> str:
    """A unit by its name; a natural person by their own on their own paper, unless they stay unnamed."""
    if offer.anonymous:
        return called(offer.unit_name, anonymous=True)
    return offer.unit_name or names_of(turn.work, {offer.donor_id})[offer.donor_id]


def received_value(offer: Offer) -> int | None:
    """The stated value of what came: of all of it, or of the part that did, to the nearest fen."""
    if offer.value_fen is None or offer.received_quantity in (None, offer.quantity):
        return offer.value_fen
    return (offer.value_fen * (offer.received_quantity or 0) * 2 + offer.quantity) // (2 * offer.quantity)


def _name(turn: Turn, organization_id: str | None) -> str:
    if organization_id is None:
        return ""
    found = select(organizations.c.name).where(organizations.c.id == organization_id)
    return str(turn.work.connection.execute(found).scalar_one())


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {"gift_confirmation": gift_confirmation}

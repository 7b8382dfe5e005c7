"""What the page of a case shows of a gift."""

from dataclasses import dataclass

from services.actors import Actor
from services.cases.donating import GiftLine, offer_for
from services.cases.queries import CasePage
from services.database.work import Work
from services.donations.rules import called


@dataclass(frozen=True, slots=True)
class GiftView:
    """The offer, and the donor as this person may call them."""

    line: GiftLine
    donor: str


def gift_view(work: Work, actor: Actor, page: CasePage, *, inside: bool) -> GiftView | None:
    """What is offered, for the case of an offer; a natural person is named to the offices alone."""
    if page.line.kind != "offer":
        return None
    line, _, donor = offer_for(work, actor, page.line.number)
    return GiftView(line, donor if inside else called(line.offer.unit_name, anonymous=line.offer.anonymous))

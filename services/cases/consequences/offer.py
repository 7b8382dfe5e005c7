"""What each move of an offer writes beside the state: who gets it, when it came, on which line money stands."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import update

from services.cases.facts.offer import carriers, receiver_row
from services.cases.models import cases
from services.cases.turn import Turn
from services.donations.commands import amend_offer
from services.donations.queries import offer_of, serial_taken
from services.errors import Broken, Invalid, Refused


def _belongs_to(turn: Turn, organization_id: str) -> None:
    """From here on the case is that organization's: its people see it, and nobody acts on one of their own."""
    turn.work.connection.execute(
        update(cases).where(cases.c.id == turn.case.id).values(organization_id=organization_id)
    )


def keep_match(turn: Turn) -> None:
    """The organization that gets it, the body through which, and why."""
    offer = offer_of(turn.work, turn.case.id)
    receiver = receiver_row(turn.work, turn.details["receiver"])
    if receiver is None:
        raise Broken(f"{turn.case.number} is matched with nobody")
    through = carriers(turn.work, offer.kind, (receiver,))[receiver.id]
    amend_offer(
        turn.work, turn.case.id, receiver_id=receiver.id, match_reason=turn.details["match_reason"],
        through_id=None if through == receiver.id else through,
    )  # fmt: skip
    _belongs_to(turn, receiver.id)


def undo_match(turn: Turn) -> None:
    """Back with the body that keeps open offers."""
    amend_offer(turn.work, turn.case.id, receiver_id=None, through_id=None, match_reason="")
    _belongs_to(turn, offer_of(turn.work, turn.case.id).host_id)


def keep_delivery(turn: Turn) -> None:
    """What came, and when."""
    day = date.fromisoformat(turn.details["delivered_on"])
    amend_offer(turn.work, turn.case.id, delivered_on=day, received_quantity=int(turn.details["quantity"]))


def keep_money(turn: Turn) -> None:
    """The donation line the money stands on, and the bank's number; Refused for a number recorded before."""
    serial = turn.details["bank_serial"]
    if len(serial) > 60:
        raise Invalid("input.too_long", field="bank_serial", label="银行流水号", label_en="bank serial", longest=60)
    if serial_taken(turn.work, serial):
        raise Refused("offer.serial_taken", serial=serial)
    amend_offer(
        turn.work, turn.case.id, delivered_on=date.fromisoformat(turn.details["delivered_on"]), bank_serial=serial,
        budget_line_id=turn.details["budget_line"],
    )  # fmt: skip


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "confirm_delivery": keep_delivery,
    "match_offer": keep_match,
    "receive_money": keep_money,
    "unmatch_offer": undo_match,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """The last day on which the offer is open."""
    return {"offer_open": offer_of(turn.work, turn.case.id).open_until}

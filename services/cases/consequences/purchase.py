"""What each move of a purchase writes beside the state: the call, the opened bids, the contractor, what is due."""

import secrets
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sqlalchemy import select, update

from services.cases.facts.purchase import account_for, closing_hour
from services.cases.models import cases
from services.cases.turn import Turn
from services.errors import Broken, Forbidden, Invalid
from services.funding.commands import amend_award, reduce_award
from services.organizations.queries import holds_post
from services.purchases.commands import amend_purchase, open_bids
from services.purchases.models import bids
from services.purchases.queries import purchase_of, would_win
from services.purchases.rules import due_fen


def publish(turn: Turn) -> None:
    """The closing hour, and whether the call says that a federation goes first."""
    amend_purchase(
        turn.work, turn.case.id, closes_at=closing_hour(turn.details), published_on=turn.work.today,
        federation_rule=turn.details["federation_rule"] == "yes",
    )  # fmt: skip


def opened(turn: Turn) -> None:
    """Every bid is unsealed, and the seed of a lot is laid down before anyone knows whether one is needed."""
    open_bids(turn.work, turn.case.id)
    amend_purchase(turn.work, turn.case.id, opened_at=turn.work.now, seed=secrets.token_hex(16))


def awarded(turn: Turn) -> None:
    """The bid that wins takes the purchase: from now on the case is its organization's too.

    Forbidden for who holds a post in that organization; Broken when nothing wins.
    """
    purchase = purchase_of(turn.work, turn.case.id)
    won = would_win(turn.work, purchase)
    if won is None:
        raise Broken(f"{turn.case.number} is awarded without a bid")
    bid = turn.work.connection.execute(select(bids).where(bids.c.id == won.bid_id)).one()
    if holds_post(turn.work, turn.actor.id, *(one for one in (bid.organization_id, bid.partner_id) if one)):
        raise Forbidden("case.duties_must_be_separate", case_number=turn.case.number)
    amend_purchase(turn.work, turn.case.id, bid_id=won.bid_id, why=won.why)
    amend_award(turn.work, turn.case.id, amount_fen=bid.price_fen)
    turn.work.connection.execute(
        update(cases).where(cases.c.id == turn.case.id).values(organization_id=bid.organization_id)
    )


def signed(turn: Turn) -> None:
    """The contractor's signature."""
    amend_award(turn.work, turn.case.id, signed_by_payee_on=turn.work.today)


def concluded(turn: Turn) -> None:
    """The term and the account it is paid into. Invalid for a term that ends before it begins."""
    starts_on, ends_on = (date.fromisoformat(turn.details[key]) for key in ("starts_on", "ends_on"))
    if ends_on < starts_on:
        raise Invalid("input.out_of_range", field="ends_on", label="合同结束日期", label_en="last day")
    amend_purchase(turn.work, turn.case.id, contract_from=starts_on, contract_to=ends_on)
    amend_award(turn.work, turn.case.id, account_id=account_for(turn.work, turn.case.organization_id))


def noticed(turn: Turn) -> None:
    """When and where the contract was published. Invalid for a day still to come."""
    day = date.fromisoformat(turn.details["noticed_on"])
    if day > turn.work.today:
        raise Invalid("input.out_of_range", field="noticed_on", label="合同公告日期", label_en="published on")
    amend_purchase(turn.work, turn.case.id, notice_on=day, notice_where=turn.details["noticed_where"][:120])


def handed_in(turn: Turn) -> None:
    """How much the contractor says was done."""
    amend_purchase(turn.work, turn.case.id, done_quantity=turn.details["done_quantity"])


def accepted(turn: Turn) -> None:
    """What was accepted in quantity and quality decides what is due; the rest goes back to the budget line."""
    purchase = purchase_of(turn.work, turn.case.id)
    quantity, quality = int(turn.details["accepted_quantity"]), int(turn.details["quality"])
    if quality > 100:
        raise Invalid("input.out_of_range", field="quality", label="质量得分", label_en="quality")
    amend_purchase(turn.work, turn.case.id, accepted_quantity=quantity, quality=quality)
    due = due_fen(contract_fen=purchase.agreed_fen or 0, quantity=purchase.quantity, accepted=quantity, quality=quality)
    reduce_award(turn.work, actor=turn.actor, award_id=turn.case.id, amount_fen=due)


def assessed(turn: Turn) -> None:
    """The performance score."""
    amend_purchase(turn.work, turn.case.id, assessed_hundredths=int(Decimal(turn.details["score"]) * 100))


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "accept_work": accepted,
    "assess_purchase": assessed,
    "award_bid": awarded,
    "conclude_contract": concluded,
    "hand_in_work": handed_in,
    "open_bids": opened,
    "publish_call": publish,
    "record_notice": noticed,
    "sign_contract": signed,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """The last day of the contract."""
    return {"purchase_term": purchase_of(turn.work, turn.case.id).contract_to}

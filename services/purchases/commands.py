"""Writes of service purchase beside the cases: a supplier's entry, a purchase and its bids, what each move changes."""

import json
from typing import Any

from sqlalchemy import delete, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.protection.sealing import seal, unseal
from services.purchases.models import bid_points, bids, purchases, suppliers
from services.purchases.queries import offer_in


def record_supplier(work: Work, *, case_id: str, organization_id: str, services: str, staff: int) -> None:
    """Keep what an organization says when it asks to be listed."""
    work.connection.execute(
        insert(suppliers).values(
            case_id=case_id, organization_id=organization_id, year=work.today.year, services=services, staff=staff
        )
    )


def amend_supplier(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move changed in the entry."""
    work.connection.execute(update(suppliers).where(suppliers.c.case_id == case_id).values(**values))


def record_purchase(work: Work, *, case_id: str, **values: Any) -> None:
    """Keep what is needed, for a new case."""
    work.connection.execute(insert(purchases).values(case_id=case_id, **values))


def amend_purchase(work: Work, case_id: str, **values: Any) -> None:
    """Write what a move changed in the purchase."""
    work.connection.execute(update(purchases).where(purchases.c.case_id == case_id).values(**values))


def keep_bid(
    work: Work, *, actor: Actor, case_id: str, organization_id: str, partner_id: str | None, committee: str | None,
    offer: dict[str, Any],
) -> str:  # fmt: skip
    """Keep an organization's bid, sealed; one it handed in before is replaced. Answers the id."""
    mine = (bids.c.purchase_id == case_id) & (bids.c.organization_id == organization_id)
    before = work.connection.scalar(select(bids.c.id).where(mine))
    identity = before or new_id()
    said = json.dumps(offer, ensure_ascii=False, sort_keys=True)
    values = {
        "partner_id": partner_id, "committee_code": committee, "received_at": work.now, "submitted_by": actor.id,
        "offer_sealed": seal("bids", identity, "offer", said),
    }  # fmt: skip
    if before:
        work.connection.execute(update(bids).where(mine).values(**values))
    else:
        fresh = {"id": identity, "purchase_id": case_id, "organization_id": organization_id, **values}
        work.connection.execute(insert(bids).values(**fresh))
    return identity


def withdraw_bid(work: Work, *, case_id: str, organization_id: str) -> bool:
    """Take an organization's unopened bid back; answers whether there was one."""
    mine = (bids.c.purchase_id == case_id) & (bids.c.organization_id == organization_id) & bids.c.price_fen.is_(None)
    return work.connection.execute(delete(bids).where(mine)).rowcount == 1


def open_bids(work: Work, case_id: str) -> int:
    """Open every sealed bid of the purchase: the one place where what they say is read. Answers how many."""
    rows = work.connection.execute(
        select(bids.c.id, bids.c.offer_sealed).where(bids.c.purchase_id == case_id, bids.c.price_fen.is_(None))
    ).all()
    for row in rows:
        values = offer_in(unseal("bids", row.id, "offer", row.offer_sealed))
        work.connection.execute(update(bids).where(bids.c.id == row.id).values(**values))
    return len(rows)


def keep_points(work: Work, *, actor: Actor, case_id: str, points: dict[str, dict[str, dict[str, int]]]) -> None:
    """Keep what the evaluators gave (bid to evaluator to item to hundredths) in place of what was entered before."""
    ours = select(bids.c.id).where(bids.c.purchase_id == case_id)
    work.connection.execute(delete(bid_points).where(bid_points.c.bid_id.in_(ours)))
    rows = [
        {"bid_id": bid, "evaluator_id": person, "item": item, "points_hundredths": value, "entered_by": actor.id,
         "entered_at": work.now}
        for bid, sheets in points.items() for person, given in sheets.items() for item, value in given.items()
    ]  # fmt: skip
    if rows:
        work.connection.execute(insert(bid_points), rows)

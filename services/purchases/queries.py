"""Reads of service purchase: purchasers, both catalogues, and purchases with their bids once these are open."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, func, select

from services.database.work import Work
from services.errors import NotFound
from services.funding.models import awards
from services.organizations.models import divisions, organizations
from services.purchases.models import bid_points, bids, catalogue_items, purchasers, purchases, suppliers
from services.purchases.rules import CRITERIA, PRICE, Ranked, Won, means_of, price_points, winner


@dataclass(frozen=True, slots=True)
class Purchaser:
    """Who buys, and the centre that handles it."""

    id: str
    kind: str
    name: str
    division_code: str
    organization_id: str
    centre_id: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the transfer catalogue; the price is of one unit, in fen."""

    id: str
    division_code: str
    division: str
    year: int
    code: str
    version: int
    title: str
    unit: str
    price_fen: int
    standard: str
    state: str
    drafted_by: str
    consulted_on: date | None
    consulted_note: str
    approved_on: date | None
    published_on: date | None
    superseded_on: date | None


@dataclass(frozen=True, slots=True)
class Supplier:
    """One entry of the supplier catalogue."""

    case_id: str
    organization_id: str
    organization: str
    year: int
    services: str
    staff: int
    checked: dict[str, Any]
    listed_on: date | None
    reviewed_on: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought, by whom, and how far it is; amounts in fen. `ceiling_fen` is the most the call may cost."""

    case_id: str
    purchaser: Purchaser
    item: Item
    title: str
    need: str
    quantity: int
    ceiling_fen: int
    agreed_fen: int | None
    procurement: bool
    federation_rule: bool
    published_on: date | None
    closes_at: datetime | None
    opened_at: datetime | None
    seed: str
    bid_id: str | None
    why: str
    contract_from: date | None
    contract_to: date | None
    notice_on: date | None
    notice_where: str
    done_quantity: int | None
    accepted_quantity: int | None
    quality: int | None

    def closed(self, now: datetime) -> bool:
        """Whether the closing hour has come."""
        return self.closes_at is not None and now >= self.closes_at


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid; price, plan and capacity are None until the bids are opened, for everybody."""

    id: str
    organization_id: str
    organization: str
    federation: bool
    partner: str
    committee: str
    received_at: datetime
    price_fen: int | None
    plan: str | None
    capacity: str | None


def _purchaser(row: Row[Any]) -> Purchaser:
    return Purchaser(row.id, row.kind, row.name, row.division_code, row.organization_id, row.centre_id)


def purchaser_lines(work: Work) -> tuple[Purchaser, ...]:
    """Every purchaser, by name."""
    return tuple(_purchaser(row) for row in work.connection.execute(select(purchasers).order_by(purchasers.c.name)))


def purchaser_by_id(work: Work, identity: str) -> Purchaser:
    """One purchaser; NotFound when there is none."""
    row = work.connection.execute(select(purchasers).where(purchasers.c.id == identity)).one_or_none()
    if row is None:
        raise NotFound("purchase.purchaser_not_found")
    return _purchaser(row)


# The transfer catalogue -------------------------------------------------------------------------------------------


def _items() -> Select[Any]:
    return select(catalogue_items, divisions.c.name.label("division")).join(
        divisions, divisions.c.code == catalogue_items.c.division_code
    )


def _item(row: Row[Any]) -> Item:
    return Item(
        row.id, row.division_code, row.division, row.year, row.code, row.version, row.title, row.unit, row.price_fen,
        row.standard, row.state, row.drafted_by, row.consulted_on, row.consulted_note, row.approved_on,
        row.published_on, row.superseded_on,
    )  # fmt: skip


def items(
    work: Work, *, state: str = "", year: int | None = None, division: str = "", limit: int = 500
) -> tuple[Item, ...]:
    """The items of the transfer catalogue, the latest year first, by code and version."""
    of, statement = catalogue_items.c, _items()
    for column, wanted in ((of.state, state), (of.year, year), (of.division_code, division)):
        if wanted:
            statement = statement.where(column == wanted)
    rows = work.connection.execute(statement.order_by(of.year.desc(), of.code, of.version.desc()).limit(limit))
    return tuple(_item(row) for row in rows)


def item_by_id(work: Work, identity: str) -> Item:
    """One item; NotFound when there is none."""
    row = work.connection.execute(_items().where(catalogue_items.c.id == identity)).one_or_none()
    if row is None:
        raise NotFound("catalogue.item_not_found")
    return _item(row)


# The supplier catalogue -------------------------------------------------------------------------------------------


def _suppliers() -> Select[Any]:
    return select(suppliers, organizations.c.name).join(
        organizations, organizations.c.id == suppliers.c.organization_id
    )


def _supplier(row: Row[Any]) -> Supplier:
    return Supplier(
        row.case_id, row.organization_id, row.name, row.year, row.services, row.staff, dict(row.checked or {}),
        row.listed_on, row.reviewed_on, row.ended_on,
    )  # fmt: skip


def supplier_of(work: Work, case_id: str) -> Supplier:
    """The entry of that case; NotFound when it is none."""
    row = work.connection.execute(_suppliers().where(suppliers.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    return _supplier(row)


def listed_suppliers(work: Work, *, limit: int = 500) -> tuple[Supplier, ...]:
    """Who stands in the supplier catalogue today, by name."""
    statement = _suppliers().where(suppliers.c.listed_on.is_not(None), suppliers.c.ended_on.is_(None))
    rows = work.connection.execute(statement.order_by(organizations.c.name).limit(limit))
    return tuple(_supplier(row) for row in rows)


def listed_among(work: Work, organization_ids: Iterable[str]) -> frozenset[str]:
    """Those of the organizations that stand in the supplier catalogue today."""
    rows = work.connection.scalars(
        select(suppliers.c.organization_id).where(
            suppliers.c.organization_id.in_(list(organization_ids)), suppliers.c.listed_on.is_not(None),
            suppliers.c.ended_on.is_(None),
        )
    )  # fmt: skip
    return frozenset(rows)


# Purchases and bids -----------------------------------------------------------------------------------------------


def purchase_of(work: Work, case_id: str) -> Purchase:
    """The purchase of that case; NotFound when it is none."""
    row = work.connection.execute(
        select(purchases, awards.c.requested_fen, awards.c.amount_fen)
        .join(awards, awards.c.case_id == purchases.c.case_id)
        .where(purchases.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFound("case.not_found")
    return Purchase(
        row.case_id, purchaser_by_id(work, row.purchaser_id), item_by_id(work, row.item_id), row.title, row.need,
        row.quantity, row.requested_fen, row.amount_fen, row.procurement, row.federation_rule, row.published_on,
        row.closes_at, row.opened_at, row.seed, row.bid_id, row.why, row.contract_from, row.contract_to, row.notice_on,
        row.notice_where, row.done_quantity, row.accepted_quantity, row.quality,
    )  # fmt: skip


_PARTNER, _COMMITTEE = organizations.alias("partner"), divisions.alias("committee")


def bids_of(work: Work, case_id: str) -> tuple[Bid, ...]:
    """The bids of a purchase in the order they came; what they say is not read before they are opened."""
    rows = work.connection.execute(
        select(
            bids.c.id, bids.c.organization_id, bids.c.received_at, bids.c.price_fen, bids.c.plan, bids.c.capacity,
            organizations.c.name, organizations.c.category, organizations.c.legal_form,
            _PARTNER.c.name.label("partner"), _COMMITTEE.c.name.label("committee"),
        )
        .join(organizations, organizations.c.id == bids.c.organization_id)
        .outerjoin(_PARTNER, _PARTNER.c.id == bids.c.partner_id)
        .outerjoin(_COMMITTEE, _COMMITTEE.c.code == bids.c.committee_code)
        .where(bids.c.purchase_id == case_id)
        .order_by(bids.c.received_at, bids.c.id)
    )  # fmt: skip
    return tuple(
        Bid(row.id, row.organization_id, row.name, is_federation(row.category, row.legal_form), row.partner or "",
            row.committee or "", row.received_at, row.price_fen, row.plan, row.capacity)
        for row in rows
    )  # fmt: skip


def is_federation(category: str, legal_form: str) -> bool:
    """Whether an organization is a federation: the hub that is an association; a service centre is none."""
    return category == "SUPPORT_HUB" and legal_form == "association"


def count_bids(work: Work, case_id: str) -> int:
    """How many bids have come."""
    return int(work.connection.scalar(select(func.count()).select_from(bids).where(bids.c.purchase_id == case_id)) or 0)


def points_of(work: Work, case_id: str) -> dict[str, dict[str, dict[str, Decimal]]]:
    """Bid to evaluator to item to points, as they were entered."""
    rows = work.connection.execute(
        select(bid_points).join(bids, bids.c.id == bid_points.c.bid_id).where(bids.c.purchase_id == case_id)
    )
    found: dict[str, dict[str, dict[str, Decimal]]] = {}
    for row in rows:
        mine = found.setdefault(row.bid_id, {}).setdefault(row.evaluator_id, {})
        mine[row.item] = Decimal(row.points_hundredths).scaleb(-2)
    return found


def ranked(work: Work, case_id: str) -> tuple[Ranked, ...]:
    """The opened and evaluated bids with their means, the best first; nothing before the points are entered."""
    points = points_of(work, case_id)
    opened = [one for one in bids_of(work, case_id) if one.price_fen is not None and points.get(one.id)]
    lowest = min((one.price_fen or 0 for one in opened), default=0)
    found = []
    for one in opened:
        price_fen = one.price_fen or 0
        means: Mapping[str, Decimal] = means_of(
            {item.key: [given[item.key] for given in points[one.id].values()] for item in CRITERIA}
        )
        found.append(Ranked(one.id, price_fen, one.federation, {**means, PRICE.key: price_points(price_fen, lowest)}))
    return tuple(sorted(found, key=lambda one: (-one.total, one.price_fen, one.id)))


def would_win(work: Work, purchase: Purchase) -> Won | None:
    """Who wins by the points entered and the rule of this call."""
    return winner(
        ranked(work, purchase.case_id), purchaser=purchase.purchaser.kind, announced=purchase.federation_rule,
        seed=purchase.seed,
    )  # fmt: skip


def offer_in(text: str) -> dict[str, Any]:
    """What a sealed offer says: price_fen, plan, capacity."""
    found = json.loads(text)
    return {"price_fen": int(found["price_fen"]), "plan": str(found["plan"]), "capacity": str(found["capacity"])}

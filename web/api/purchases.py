"""Service purchase: both catalogues, needs, sealed bids, points of the evaluators, and why one wins."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.authority.rules import demand
from services.cases.opening import NewPurchase
from services.cases.purchase_page import BidRow, PurchaseLine, open_calls, purchase_lines, purchase_page
from services.cases.purchasing import (
    READ,
    BidWish,
    apply_as_supplier,
    ask_purchase,
    enter_points,
    submit_bid,
    take_back_bid,
)
from services.purchases import acts
from services.purchases.queries import Item, items, listed_suppliers, purchaser_lines
from web.interface.case_shapes import Opened
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Number, Reply
from web.interface.versions import tag
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/api/v1", tags=["purchases"], route_class=RepeatableRoute)
Fen = Annotated[int, Field(gt=0, le=10**13)]
Code = Annotated[str, Field(pattern=r"^[0-9]{6,12}$")]
Name = Annotated[str, Field(min_length=1, max_length=60), Clean]
Words = Annotated[str, Field(min_length=1, max_length=4000), Clean]
Mark = Annotated[str, Field(max_length=5, pattern=r"^[0-9]{1,2}(\.[05])?$")]
Who = Annotated[str, Field(min_length=1, max_length=60), Clean]
Rule = Literal["", "out_of_duty", "own_duty", "goods_or_works", "financing", "staffing", "banned"]


class PurchaserEntry(Body):
    """An office that may buy, and the centre that handles its purchases."""

    kind: Literal["civil_affairs", "street"]
    name: Name
    division_code: Code
    centre_id: Identity


class PurchaserShown(Reply):
    """An office that may buy."""

    id: str
    kind: str
    name: str
    division_code: str


class Purchasers(Reply):
    """Every purchaser, by name."""

    purchasers: list[PurchaserShown]


class ItemEntry(Body):
    """An item of the catalogue; `declared` names the rule of Art. 10 it counts under, empty for none."""

    division_code: Code
    year: Annotated[int, Field(ge=2000, le=2099)]
    code: Annotated[str, Field(min_length=1, max_length=20), Clean]
    title: Name
    unit: Annotated[str, Field(min_length=1, max_length=10), Clean]
    price_fen: Fen
    standard: Annotated[str, Field(min_length=1, max_length=800), Clean]
    declared: Rule = ""


class Consultation(Body):
    """When departments and residents were consulted, and what they said."""

    held_on: Day
    opinions: Annotated[str, Field(min_length=1, max_length=800), Clean]


class ItemShown(Reply):
    """A published item of the catalogue; the price is of one unit."""

    id: str
    division_code: str
    year: int
    code: str
    title: str
    unit: str
    price_fen: int
    standard: str
    published_on: date | None


class Items(Reply):
    """The published items, the latest year first."""

    items: list[ItemShown]


class Call(Reply):
    """A purchase in a list; the ceiling in fen."""

    number: str
    title: str
    purchaser: str
    item_code: str
    quantity: int
    unit: str
    ceiling_fen: int
    state: str
    closes_at: datetime | None


class Calls(Reply):
    """Purchases, or calls that take bids now."""

    purchases: list[Call]


class SupplierShown(Reply):
    """An organization that stands in the supplier catalogue."""

    organization: str
    services: str
    listed_on: date | None


class Suppliers(Reply):
    """Everybody who is listed today, by name."""

    suppliers: list[SupplierShown]


class SupplierWish(Body):
    """What an organization says when it asks to be listed."""

    organization_id: Identity
    services: Annotated[str, Field(min_length=1, max_length=200), Clean]
    staff: Annotated[int, Field(ge=0, le=99_999)]


class Need(Body):
    """What an office needs: an item, how much of it, paid from which line."""

    purchaser_id: Identity
    item_id: Identity
    budget_line_id: Identity
    title: Name
    need: Annotated[str, Field(min_length=1, max_length=800), Clean]
    quantity: Annotated[int, Field(gt=0, lt=10**7)]
    procurement: bool = False


class Offer(Body):
    """A bid; `partner_id` is a filed organization beside the bidder, `committee` the one a filed bidder is beside."""

    organization_id: Identity
    price_fen: Fen
    plan: Words
    capacity: Annotated[str, Field(min_length=1, max_length=2000), Clean]
    partner_id: Identity | None = None
    committee: Code | None = None


class Withdrawal(Body):
    """Whose bid is taken back."""

    organization_id: Identity


class Sheets(Body):
    """Points by username of the evaluator, bid, and item (plan, capacity, record)."""

    points: Annotated[dict[Who, dict[Identity, dict[Who, Mark]]], Field(max_length=30)]


class BidShown(Reply):
    """An opened bid with its means, once points are entered."""

    id: str
    organization: str
    partner: str
    federation: bool
    listed: bool
    price_fen: int | None
    plan: str | None
    capacity: str | None
    means: dict[str, Decimal]
    total: Decimal | None
    won: bool


class PurchaseShown(Call):
    """A purchase; before the closing hour it tells no more of the bids than how many have come."""

    version: int
    federation_rule: bool
    bids_so_far: int
    bids: list[BidShown]
    why: str
    why_told: str
    seed: str
    agreed_fen: int | None
    contract_from: date | None
    contract_to: date | None


def _call(one: PurchaseLine) -> Call:
    return Call(
        number=one.number, title=one.title, purchaser=one.purchaser, item_code=one.item_code, quantity=one.quantity,
        unit=one.unit, ceiling_fen=one.ceiling_fen, state=one.state.name, closes_at=one.closes_at,
    )  # fmt: skip


def _item(one: Item) -> ItemShown:
    return ItemShown(
        id=one.id, division_code=one.division_code, year=one.year, code=one.code, title=one.title, unit=one.unit,
        price_fen=one.price_fen, standard=one.standard, published_on=one.published_on,
    )  # fmt: skip


def _bid(row: BidRow) -> BidShown:
    one = row.bid
    return BidShown(
        id=one.id, organization=one.organization, partner=one.partner or one.committee, federation=one.federation,
        listed=row.listed, price_fen=one.price_fen, plan=one.plan, capacity=one.capacity, means=dict(row.means),
        total=row.total, won=row.won,
    )  # fmt: skip


# Both catalogues --------------------------------------------------------------------------------------------------


@router.get("/service-catalogue", summary="The published catalogue of services")
def catalogue(visitor: Visitor = Depends(visiting)) -> Items:
    """For anybody."""
    with visitor.reading() as work:
        return Items(items=[_item(one) for one in items(work, state="PUBLISHED")])


@router.post("/service-catalogue", status_code=201, summary="Draft an item", dependencies=[repeatable])
def draft(body: ItemEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """What may not be bought is refused with the rule named."""
    new = acts.NewItem(
        body.division_code, body.year, body.code, body.title, body.unit, body.price_fen, body.standard, body.declared
    )
    return Identified(id=acts.draft_item(visitor.database, visitor.person, new, now=visitor.now))


@router.post(
    "/service-catalogue/{item_id}/consultation", status_code=204, summary="Record a consultation",
    dependencies=[repeatable],
)  # fmt: skip
def consult(item_id: Identity, body: Consultation, visitor: Visitor = Depends(visiting)) -> None:
    """Of a draft."""
    acts.record_consultation(
        visitor.database, visitor.person, item_id=item_id, held_on=body.held_on, opinions=body.opinions, now=visitor.now
    )


@router.post(
    "/service-catalogue/{item_id}/approval", status_code=204, summary="Approve an item", dependencies=[repeatable]
)
def approve(item_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """By another person than drafted it."""
    acts.approve_item(visitor.database, visitor.person, item_id=item_id, now=visitor.now)


@router.post(
    "/service-catalogue/{item_id}/publication", status_code=204, summary="Publish an item", dependencies=[repeatable]
)
def publish(item_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Earlier items of its code are superseded."""
    acts.publish_item(visitor.database, visitor.person, item_id=item_id, now=visitor.now)


@router.get("/suppliers", summary="The supplier catalogue")
def suppliers(visitor: Visitor = Depends(visiting)) -> Suppliers:
    """For anybody; no person's name, telephone or account."""
    with visitor.reading() as work:
        found = listed_suppliers(work)
    return Suppliers(
        suppliers=[
            SupplierShown(organization=one.organization, services=one.services, listed_on=one.listed_on)
            for one in found
        ]
    )


@router.post("/supplier-application", status_code=201, summary="Ask to be listed", dependencies=[repeatable])
def apply(body: SupplierWish, response: Response, visitor: Visitor = Depends(visiting)) -> Opened:
    """The case is opened and handed in at once."""
    found = apply_as_supplier(
        visitor.database, visitor.person, organization_id=body.organization_id, services=body.services,
        staff=body.staff, now=visitor.now,
    )  # fmt: skip
    response.headers["Location"] = f"/api/v1/cases/{found.case_number}"
    response.headers["ETag"] = tag(found.version)
    return Opened(id=found.case_id, number=found.case_number, kind="supplier", state=found.state, version=found.version)


@router.get("/purchasers", summary="Who may buy")
def purchasers(visitor: Visitor = Depends(visiting)) -> Purchasers:
    """By name."""
    demand(visitor.person, READ)
    with visitor.reading() as work:
        found = purchaser_lines(work)
    return Purchasers(
        purchasers=[
            PurchaserShown(id=one.id, kind=one.kind, name=one.name, division_code=one.division_code) for one in found
        ]
    )


@router.post("/purchasers", status_code=201, summary="Enter a purchaser", dependencies=[repeatable])
def enter(body: PurchaserEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """Civil affairs of a county, or a street office."""
    new = acts.NewPurchaser(body.kind, body.name, body.division_code, body.centre_id)
    return Identified(id=acts.enter_purchaser(visitor.database, visitor.person, new, now=visitor.now))


# Purchases and bids -----------------------------------------------------------------------------------------------


@router.get("/services", summary="Calls that take bids now")
def calls(visitor: Visitor = Depends(visiting)) -> Calls:
    """For anybody."""
    with visitor.reading() as work:
        return Calls(purchases=[_call(one) for one in open_calls(work)])


@router.get("/purchases", summary="The purchases this person may see")
def register(visitor: Visitor = Depends(visiting)) -> Calls:
    """The latest first."""
    with visitor.reading() as work:
        return Calls(purchases=[_call(one) for one in purchase_lines(work, visitor.person)])


@router.post("/purchases", status_code=201, summary="Ask for a service", dependencies=[repeatable])
def ask(body: Need, response: Response, visitor: Visitor = Depends(visiting)) -> Opened:
    """Every further step is a move of its case."""
    new = NewPurchase(
        body.purchaser_id, body.item_id, body.budget_line_id, body.title, body.need, body.quantity, body.procurement
    )
    found = ask_purchase(visitor.database, visitor.person, new, now=visitor.now)
    response.headers["Location"] = f"/api/v1/cases/{found.number}"
    response.headers["ETag"] = tag(found.version)
    return Opened(id=found.id, number=found.number, kind=found.kind, state=found.state, version=found.version)


@router.get("/purchases/{purchase}", summary="One purchase with its bids and why one wins")
def one_purchase(purchase: Number, visitor: Visitor = Depends(visiting)) -> PurchaseShown:
    """Nothing of a bid before the closing hour."""
    with visitor.reading() as work:
        page = purchase_page(work, visitor.person, purchase)
    one, won = page.purchase, page.winner
    return PurchaseShown(
        number=page.number, title=one.title, purchaser=one.purchaser.name, item_code=one.item.code,
        quantity=one.quantity, unit=one.item.unit, ceiling_fen=one.ceiling_fen, state=page.state.name,
        closes_at=one.closes_at, version=page.version, federation_rule=one.federation_rule,
        bids_so_far=page.bids_so_far, bids=[_bid(row) for row in page.rows], why=won.why if won else "",
        why_told=say(f"purchase.why_{won.why}", visitor.lang, tied=len(won.tied)) if won else "", seed=one.seed,
        agreed_fen=one.agreed_fen, contract_from=one.contract_from, contract_to=one.contract_to,
    )  # fmt: skip


@router.post("/purchases/{purchase}/points", status_code=204, summary="Enter points", dependencies=[repeatable])
def give_points(purchase: Number, body: Sheets, visitor: Visitor = Depends(visiting)) -> None:
    """As they stand on the evaluators' signed sheets, in place of what was entered before."""
    enter_points(visitor.database, visitor.person, number=purchase, points=body.points, now=visitor.now)


@router.post("/services/{purchase}/bid", status_code=201, summary="Hand in a sealed bid", dependencies=[repeatable])
def bid(purchase: Number, body: Offer, visitor: Visitor = Depends(visiting)) -> Identified:
    """One handed in before is replaced."""
    wish = BidWish(
        purchase, body.organization_id, body.price_fen, body.plan, body.capacity, body.partner_id, body.committee
    )
    return Identified(id=submit_bid(visitor.database, visitor.person, wish, now=visitor.now))


@router.post(
    "/services/{purchase}/bid/withdrawal", status_code=204, summary="Take a bid back", dependencies=[repeatable]
)
def take_back(purchase: Number, body: Withdrawal, visitor: Visitor = Depends(visiting)) -> None:
    """Before the closing hour."""
    take_back_bid(
        visitor.database, visitor.person, number=purchase, organization_id=body.organization_id, now=visitor.now
    )

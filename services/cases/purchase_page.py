"""Purchases as people look at them: the list of an office, one purchase with its bids, and what the public may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import demand, scopes
from services.cases.buying import OFFICES
from services.cases.lists import visible
from services.cases.models import cases
from services.cases.purchasing import POINTS, READ
from services.cases.starring import own_organizations
from services.cases.turn import load_subject
from services.database.work import Work
from services.errors import NotFound
from services.funding.models import awards
from services.funding.queries import budget_position, programs
from services.organizations.models import organizations
from services.people.queries import PersonLine, names_of, people_holding
from services.purchases.models import bids, catalogue_items, purchasers, purchases
from services.purchases.queries import (
    Bid,
    Purchase,
    Purchaser,
    bids_of,
    count_bids,
    listed_among,
    points_of,
    purchase_of,
    purchaser_lines,
    ranked,
    would_win,
)
from services.purchases.rules import Ranked, Won
from statemachines.registry import process_of
from statemachines.roles import Role
from statemachines.table import State


@dataclass(frozen=True, slots=True)
class PurchaseLine:
    """One purchase in a list; the ceiling in fen."""

    number: str
    title: str
    purchaser: str
    item_code: str
    quantity: int
    unit: str
    ceiling_fen: int
    state: State
    closes_at: datetime | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class BidRow:
    """One opened bid in the table of the evaluation; `means` is empty until points are entered."""

    bid: Bid
    listed: bool
    means: Mapping[str, Decimal]
    total: Decimal | None
    won: bool


@dataclass(frozen=True, slots=True)
class PurchasePage:
    """One purchase; before the opening it tells no more of the bids than how many have come."""

    number: str
    version: int
    state: State
    purchase: Purchase
    bids_so_far: int
    rows: tuple[BidRow, ...]
    winner: Won | None
    points: Mapping[str, Mapping[str, Mapping[str, Decimal]]]
    evaluators: tuple[PersonLine, ...]
    names: Mapping[str, str]
    enters_points: bool


@dataclass(frozen=True, slots=True)
class CallPage:
    """A running call as an organization that may bid sees it: the organizations it acts for, and what it handed in."""

    number: str
    purchase: Purchase
    own: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str], ...]
    received: tuple[tuple[str, str, datetime], ...]


def _lines() -> Any:
    return (
        select(
            cases.c.number, cases.c.kind, cases.c.edition, cases.c.state, cases.c.due_on, purchases.c.title,
            purchases.c.quantity, purchases.c.closes_at, purchasers.c.name, catalogue_items.c.code,
            catalogue_items.c.unit, awards.c.requested_fen,
        )
        .join(purchases, purchases.c.case_id == cases.c.id)
        .join(purchasers, purchasers.c.id == purchases.c.purchaser_id)
        .join(catalogue_items, catalogue_items.c.id == purchases.c.item_id)
        .join(awards, awards.c.case_id == cases.c.id)
    )  # fmt: skip


def _line(row: Any) -> PurchaseLine:
    return PurchaseLine(
        row.number, row.title, row.name, row.code, row.quantity, row.unit, row.requested_fen,
        process_of(row.kind, row.edition).state(row.state), row.closes_at, row.due_on,
    )  # fmt: skip


def purchase_lines(work: Work, actor: Actor, *, limit: int = 200) -> tuple[PurchaseLine, ...]:
    """The purchases this person may see, the latest first."""
    demand(actor, READ)
    rows = work.connection.execute(_lines().where(visible(actor)).order_by(cases.c.opened_at.desc()).limit(limit))
    return tuple(_line(row) for row in rows)


def open_calls(work: Work, *, limit: int = 100) -> tuple[PurchaseLine, ...]:
    """The calls that take bids now, what closes first first: anybody may know of them."""
    open_now = (cases.c.state == "PUBLISHED") & (purchases.c.closes_at > work.now)
    return tuple(
        _line(row)
        for row in work.connection.execute(_lines().where(open_now).order_by(purchases.c.closes_at).limit(limit))
    )


def purchase_page(work: Work, actor: Actor, number: str) -> PurchasePage:
    """One purchase as this person may see it; NotFound for one that may not be seen."""
    demand(actor, READ)
    seen = select(cases.c.id).where(cases.c.number == number, cases.c.kind == "purchase", visible(actor))
    case_id = work.connection.scalar(seen)
    if case_id is None:
        raise NotFound("case.not_found", case_number=number)
    subject, purchase = load_subject(work, case_id=case_id), purchase_of(work, case_id)
    points = points_of(work, case_id)
    enters = subject.case.state == "BIDS" and _enters(actor, purchase.purchaser)
    people = {person for sheets in points.values() for person in sheets}
    return PurchasePage(
        number, subject.case.version, subject.process.state(subject.case.state), purchase, count_bids(work, case_id),
        _rows(work, purchase) if purchase.opened_at else (), would_win(work, purchase) if points else None, points,
        people_holding(work, Role.EVALUATOR) if enters else (), names_of(work, people), enters,
    )  # fmt: skip


def _enters(actor: Actor, purchaser: Purchaser) -> bool:
    return bool(scopes(actor, POINTS)) and bool(actor.roles & OFFICES[purchaser.kind])


def _rows(work: Work, purchase: Purchase) -> tuple[BidRow, ...]:
    """The one that was awarded, then the best first; those without points last."""
    found = {one.id: one for one in ranked(work, purchase.case_id)}
    opened = bids_of(work, purchase.case_id)
    listed = listed_among(work, [one.organization_id for one in opened])
    places = {identity: place for place, identity in enumerate(found)}
    ordered = sorted(opened, key=lambda one: (one.id != purchase.bid_id, places.get(one.id, len(places))))

    def row(one: Bid) -> BidRow:
        mine: Ranked | None = found.get(one.id)
        return BidRow(
            one, one.organization_id in listed, mine.means if mine else {}, mine.total if mine else None,
            one.id == purchase.bid_id,
        )  # fmt: skip

    return tuple(row(one) for one in ordered)


def call_page(work: Work, actor: Actor, number: str) -> CallPage:
    """A call as a bidder sees it: nothing of other bids, and of the own no more than when it came."""
    row = work.connection.execute(
        select(cases.c.id).where(cases.c.number == number, cases.c.kind == "purchase", cases.c.state == "PUBLISHED")
    ).one_or_none()
    if row is None:
        raise NotFound("case.not_found", case_number=number)
    own = tuple((one[0], one[1]) for one in own_organizations(work, actor))
    ids = [one[0] for one in own]
    mine = work.connection.execute(
        select(bids.c.organization_id, organizations.c.name, bids.c.received_at)
        .join(organizations, organizations.c.id == bids.c.organization_id)
        .where(bids.c.purchase_id == row.id, bids.c.organization_id.in_(ids))
    )
    filed = work.connection.execute(
        select(organizations.c.id, organizations.c.name)
        .where(organizations.c.legal_status == "FILED", organizations.c.id.not_in(ids))
        .order_by(organizations.c.name)
        .limit(500)
    )
    return CallPage(
        number, purchase_of(work, row.id), own, tuple((one.id, one.name) for one in filed),
        tuple((one.organization_id, one.name, one.received_at) for one in mine),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form for a need chooses from."""

    purchasers: tuple[Purchaser, ...]
    lines: tuple[tuple[str, str, str], ...]


def choices_for(work: Work, actor: Actor) -> Choices:
    """The purchasers this person acts for, and the budget lines meant for purchases (id, programme, source)."""
    mine = tuple(one for one in purchaser_lines(work) if actor.roles & OFFICES[one.kind])
    bought = {(name, year) for _, name, year, kind in programs(work) if kind == "purchase"}
    lines = tuple(
        (one.id, f"{one.program} {one.year}", one.source)
        for one in budget_position(work)
        if (one.program, one.year) in bought
    )
    return Choices(mine, lines)

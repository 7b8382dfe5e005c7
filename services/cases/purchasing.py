"""Service purchase beside the single moves: needs, bids that stay sealed, points of the evaluators, suppliers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import demand, holds_all_below, policy
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.buying import OFFICES, buys_in
from services.cases.facts.purchase import Bidder, reasons_against
from services.cases.noting import acted, noted
from services.cases.opening import NewPurchase, Opened, open_purchase, open_supplier
from services.cases.panels import named_person
from services.cases.starring import own_organizations
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.evaluators.conflicts import refuse_conflicts
from services.funding.models import budget_lines, fund_programs
from services.funding.rules import MAXIMUM_FEN
from services.organizations.models import centres, divisions, organizations
from services.organizations.queries import holds_post
from services.people.acts import act, allowed_in, told, unfit
from services.people.queries import people_holding
from services.purchases.commands import keep_bid, keep_points, withdraw_bid
from services.purchases.models import bids
from services.purchases.queries import Purchase, item_by_id, purchase_of, purchaser_by_id
from services.purchases.rules import CRITERIA
from statemachines.roles import Role

READ, OPEN, BID, POINTS, APPLY = (
    "purchase:read", "purchase:open", "bid:submit", "purchase:enter_points", "supplier:apply",
)  # fmt: skip
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class BidWish:
    """What an organization offers; `partner_id` is a filed organization beside it, `committee` the one it is beside."""

    number: str
    organization_id: str
    price_fen: int
    plan: str
    capacity: str
    partner_id: str | None = None
    committee: str | None = None


# What is needed ---------------------------------------------------------------------------------------------------


def ask_purchase(database: Database, actor: Actor, new: NewPurchase, *, now: datetime) -> Opened:
    """Open a purchase of the own office.

    Forbidden for another office's purchaser. Refused for an item that is not published (purchase.item_not_published)
    and money that is meant for something else (purchase.line_for_grants).
    """
    title = told(("项目名称", "title"), new.title, longest=60)
    need = told(("需求说明", "need"), " ".join(new.need.split()), longest=800)
    if not 0 < new.quantity < 10**7:
        raise unfit("input.out_of_range", ("数量", "quantity"))
    checked = NewPurchase(new.purchaser_id, new.item_id, new.budget_line_id, title, need, new.quantity, new.procurement)

    def unit(work: Work) -> Opened:
        by, item = purchaser_by_id(work, new.purchaser_id), item_by_id(work, new.item_id)
        allowed_in(work, actor, OPEN, division=by.division_code)
        if not actor.roles & OFFICES[by.kind]:
            raise Forbidden("access.forbidden", action=OPEN)
        if item.state != "PUBLISHED":
            raise Refused("purchase.item_not_published", title=item.title)
        if new.quantity * item.price_fen > MAXIMUM_FEN:
            raise unfit("input.out_of_range", ("数量", "quantity"))
        kind = work.connection.scalar(
            select(fund_programs.c.funding_type)
            .join(budget_lines, budget_lines.c.program_id == fund_programs.c.id)
            .where(budget_lines.c.id == new.budget_line_id)
        )
        if kind is None:
            raise NotFound("access.not_found")
        if kind != "purchase":
            raise Refused("purchase.line_for_grants")
        return open_purchase(work, actor=actor, new=checked)

    return act(database, actor, unit, now=now, action=OPEN, stream="purchases", object=title)


# Bids -------------------------------------------------------------------------------------------------------------


def submit_bid(database: Database, actor: Actor, wish: BidWish, *, now: datetime) -> str:
    """Hand in a sealed bid, or another in place of the own earlier one; answers its id.

    Forbidden for who does not act for the organization. Refused when bidding is not open (purchase.not_open), after
    the closing hour (purchase.closed), above the ceiling, and for who may not take a purchase (see contractor_reasons).
    """
    plan = told(("服务方案", "service plan"), " ".join(wish.plan.split()), longest=4000)
    capacity = told(("履约能力", "capacity"), " ".join(wish.capacity.split()), longest=2000)

    def unit(work: Work) -> str:
        _demand_own(work, actor, wish.organization_id, BID)
        subject, purchase = _open_call(work, wish.number)
        _refuse_unfit(work, purchase, wish)
        offer = {"price_fen": wish.price_fen, "plan": plan, "capacity": capacity}
        identity = keep_bid(
            work, actor=actor, case_id=subject.case.id, organization_id=wish.organization_id,
            partner_id=wish.partner_id, committee=wish.committee, offer=offer,
        )  # fmt: skip
        acted(work, actor, subject, BID, {"bid": identity})
        return identity

    return noted(database, actor, unit, now=now, number=wish.number, action=BID)


def take_back_bid(database: Database, actor: Actor, *, number: str, organization_id: str, now: datetime) -> None:
    """Take the own bid back before the closing hour. NotFound without one; otherwise refused as handing in is."""

    def unit(work: Work) -> None:
        _demand_own(work, actor, organization_id, BID)
        subject, _ = _open_call(work, number)
        if not withdraw_bid(work, case_id=subject.case.id, organization_id=organization_id):
            raise NotFound("access.not_found")
        acted(work, actor, subject, "bid:withdraw", {"organization": organization_id})

    noted(database, actor, unit, now=now, number=number, action="bid:withdraw")


def _demand_own(work: Work, actor: Actor, organization_id: str, action: str) -> None:
    demand(actor, action)
    if all(one[0] != organization_id for one in own_organizations(work, actor)):
        raise Forbidden("access.forbidden", action=action)


def _open_call(work: Work, number: str) -> tuple[Subject, Purchase]:
    """The purchase while bids may come, held against the opening."""
    subject = load_subject(work, number=number, lock=True)
    if subject.case.kind != "purchase":
        raise NotFound("case.not_found", case_number=number)
    purchase = purchase_of(work, subject.case.id)
    if subject.case.state != "PUBLISHED":
        raise Refused("purchase.not_open", case_number=number)
    if purchase.closed(work.now):
        raise Refused("purchase.closed", case_number=number)
    return subject, purchase


def _refuse_unfit(work: Work, purchase: Purchase, wish: BidWish) -> None:
    if not 0 < wish.price_fen <= purchase.ceiling_fen:
        raise Refused("purchase.price_above_ceiling")
    if wish.partner_id is not None:
        known = select(organizations.c.id).where(organizations.c.id == wish.partner_id)
        if wish.partner_id == wish.organization_id or work.connection.execute(known).first() is None:
            raise NotFound("organization.not_found")
    if wish.committee is not None:
        level = work.connection.scalar(select(divisions.c.level).where(divisions.c.code == wish.committee))
        if level != "community":
            raise NotFound("division.not_found", division=wish.committee)
    reasons = reasons_against(work, purchase, Bidder(wish.organization_id, wish.partner_id, wish.committee))
    if reasons:
        raise Refused(*reasons)


# The evaluation ---------------------------------------------------------------------------------------------------

Points = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Username of an evaluator to bid to item to points, as typed."""


def enter_points(database: Database, actor: Actor, *, number: str, points: Points, now: datetime) -> None:
    """Enter what the evaluators gave on their signed sheets, in place of what was entered before.

    Refused while the bids are not open (purchase.not_opened), for an evaluator with a conflict with any bidder, and
    for whoever enters points of the own; Invalid for points that are none or off the form.
    """

    def unit(work: Work) -> None:
        subject = load_subject(work, number=number, lock=True)
        if subject.case.kind != "purchase":
            raise NotFound("case.not_found", case_number=number)
        _allowed_to_handle(work, actor, subject)
        if subject.case.state != "BIDS":
            raise Refused("purchase.not_opened", case_number=number)
        parties = _parties(work, subject.case.id)
        if holds_post(work, actor.id, *parties):
            raise Forbidden("case.duties_must_be_separate", case_number=number)
        known = {one.username for one in people_holding(work, Role.EVALUATOR)}
        opened = set(work.connection.scalars(select(bids.c.id).where(bids.c.purchase_id == subject.case.id)))
        kept: dict[str, dict[str, dict[str, int]]] = {}
        for username, sheets in points.items():
            person = named_person(work, username)
            if username not in known or person == actor.id:
                raise Refused("purchase.not_an_evaluator", username=username)
            for party in parties:
                refuse_conflicts(work, person_id=person, organization_id=party)
            for bid, given in sheets.items():
                if bid not in opened:
                    raise NotFound("access.not_found")
                kept.setdefault(bid, {})[person] = {one.key: _hundredths(given, one.key) for one in CRITERIA}
        keep_points(work, actor=actor, case_id=subject.case.id, points=kept)
        acted(work, actor, subject, POINTS, {"evaluators": sorted(points), "bids": len(kept)})

    noted(database, actor, unit, now=now, number=number, action=POINTS)


def _allowed_to_handle(work: Work, actor: Actor, subject: Subject) -> None:
    """Forbidden unless the actor handles purchases of this purchaser."""
    demand(actor, POINTS)
    for grant in actor.grants:
        if policy().get((POINTS, grant.role.value)) == "territory":
            division = buys_in(work, subject, grant.role)
            if division is not None and holds_all_below(grant.division_code, division):
                return
    raise Forbidden("access.forbidden", action=POINTS)


def _parties(work: Work, case_id: str) -> tuple[str, ...]:
    rows = work.connection.execute(
        select(bids.c.organization_id, bids.c.partner_id).where(bids.c.purchase_id == case_id)
    )
    return tuple(sorted({one for row in rows for one in row if one}))


def _hundredths(given: Mapping[str, str], key: str) -> int:
    item = next(one for one in CRITERIA if one.key == key)
    text = str(given.get(key, "")).strip()
    label = (item.zh, item.en)
    if not text:
        raise unfit("input.missing", label)
    if not text.replace(".", "", 1).isdigit() or not text.isascii():
        raise unfit("input.not_a_number", label)
    value = Decimal(text)
    if value > item.maximum or value % HALF:
        raise Invalid("purchase.points_wrong", label=item.zh, label_en=item.en, most=item.maximum)
    return int(value * 100)


# The supplier catalogue -------------------------------------------------------------------------------------------


def apply_as_supplier(
    database: Database, actor: Actor, *, organization_id: str, services: str, staff: int, now: datetime
) -> Advanced:
    """Ask to be listed: the case is opened and handed in at once, or not at all; answers how it stands.

    Forbidden for who does not act for the organization; Refused for a filed one and for one that is listed.
    """
    offered = told(("可承接的服务", "services"), services, longest=200)
    if not 0 <= staff < 10**6:
        raise unfit("input.out_of_range", ("专职工作人员数", "staff"))

    def unit(work: Work) -> Advanced:
        _demand_own(work, actor, organization_id, APPLY)
        opened = open_supplier(
            work, actor=actor, organization_id=organization_id, centre_id=_centre_of(work, organization_id),
            services=offered, staff=staff,
        )  # fmt: skip
        return advance(work, actor, AdvanceCase(opened.number, "apply_supplier", 0))

    return act(
        database, actor, unit, now=now, action=APPLY, stream=f"suppliers:{organization_id}", object=organization_id
    )


def _centre_of(work: Work, organization_id: str) -> str:
    """The centre of the organization's county; any other where it has none."""
    home = work.connection.scalar(select(organizations.c.home_division).where(organizations.c.id == organization_id))
    rows = work.connection.execute(select(centres.c.id, centres.c.division_code).order_by(centres.c.name)).all()
    if not rows:
        raise NotFound("organization.not_found")
    return str(next((row.id for row in rows if row.division_code[:6] == str(home)[:6]), rows[0].id))

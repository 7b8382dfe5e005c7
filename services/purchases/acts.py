"""What the office does about the catalogue of services and who may buy: drafting, consulting, publishing."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.funding.rules import MAXIMUM_FEN
from services.organizations.commands import NewOrganization, enter_organization
from services.organizations.models import centres, divisions
from services.organizations.rules import PURCHASER
from services.people.acts import act, allowed_in, hold, note, told, unfit
from services.purchases.models import catalogue_items, purchasers
from services.purchases.queries import Item, item_by_id
from services.purchases.rules import CIVIL_AFFAIRS, STREET, not_purchasable

KEEP_PURCHASERS, DRAFT, APPROVE = "purchaser:keep", "catalogue:draft", "catalogue:approve"
LEVELS = {CIVIL_AFFAIRS: "county", STREET: "street"}


@dataclass(frozen=True, slots=True)
class NewPurchaser:
    """Who buys: civil affairs of a county or a street office, and the centre that handles it."""

    kind: str
    name: str
    division_code: str
    centre_id: str


@dataclass(frozen=True, slots=True)
class NewItem:
    """One item as it is drafted; `declared` names the rule of the closed list it falls under, empty for none."""

    division_code: str
    year: int
    code: str
    title: str
    unit: str
    price_fen: int
    standard: str
    declared: str = ""


def enter_purchaser(database: Database, actor: Actor, new: NewPurchaser, *, now: datetime) -> str:
    """Enter who may buy; answers the id. Refused for a name that is known; Invalid for a place of the wrong level.

    A purchaser has a row among the organizations, so that its purchases have a party before anyone has won; it is
    none of the community's and stands in none of their lists.
    """
    name = told(("购买主体", "purchaser"), new.name, longest=60)

    def unit(work: Work) -> str:
        allowed_in(work, actor, KEEP_PURCHASERS, division=new.division_code)
        hold(work, "purchasers")
        level = work.connection.scalar(select(divisions.c.level).where(divisions.c.code == new.division_code))
        if new.kind not in LEVELS or level != LEVELS[new.kind]:
            raise Invalid("purchase.place_does_not_fit", name=name)
        if work.connection.execute(select(centres.c.id).where(centres.c.id == new.centre_id)).first() is None:
            raise NotFound("organization.not_found")
        if work.connection.execute(select(purchasers.c.id).where(purchasers.c.name == name)).first():
            raise Refused("purchase.purchaser_known", name=name)
        identity = _enter(work, actor, new, name)
        note(work, actor, KEEP_PURCHASERS, stream=f"purchaser:{identity}", object=name, details={"kind": new.kind})
        return identity

    return act(database, actor, unit, now=now, action=KEEP_PURCHASERS, stream="purchasers", object=name)


def _enter(work: Work, actor: Actor, new: NewPurchaser, name: str) -> str:
    party = NewOrganization(
        name=name, legal_form="none", legal_status="UNFILED", category="SUPPORT_HUB", subtype=PURCHASER,
        home_division=new.division_code, leader_name=name,
    )  # fmt: skip
    identity, organization = new_id(), enter_organization(work, party)
    work.connection.execute(
        insert(purchasers).values(
            id=identity, kind=new.kind, name=name, division_code=new.division_code, organization_id=organization,
            centre_id=new.centre_id, entered_by=actor.id, entered_at=work.now,
        )
    )  # fmt: skip
    return identity


# The transfer catalogue -------------------------------------------------------------------------------------------


def draft_item(database: Database, actor: Actor, new: NewItem, *, now: datetime) -> str:
    """Draft an item, or a new version of one of the same code and year; answers the id.

    Refuses what may not be bought, with the rule of Art. 10 named (catalogue.not_purchasable), and a second draft
    beside one under way (catalogue.version_open).
    """
    code = told(("项目编码", "code"), new.code, longest=20)
    title = told(("服务名称", "title"), new.title, longest=60)
    unit_name = told(("计量单位", "unit"), new.unit, longest=10)
    standard = told(("服务标准", "standard"), " ".join(new.standard.split()), longest=800)
    if not 0 < new.price_fen <= MAXIMUM_FEN:
        raise unfit("input.out_of_range", ("单价", "price"))
    if not 2000 <= new.year <= 2099:
        raise unfit("input.out_of_range", ("年度", "year"))

    def unit(work: Work) -> str:
        allowed_in(work, actor, DRAFT, division=new.division_code)
        hold(work, f"catalogue:{new.division_code}")
        level = work.connection.scalar(select(divisions.c.level).where(divisions.c.code == new.division_code))
        if level != "county":
            raise NotFound("division.not_found", division=new.division_code)
        if (rule := not_purchasable(title, standard, new.declared)) is not None:
            raise Refused("catalogue.not_purchasable", title=title, rule=rule.zh, rule_en=rule.en)
        identity = new_id()
        work.connection.execute(
            insert(catalogue_items).values(
                id=identity, division_code=new.division_code, year=new.year, code=code,
                version=_version(work, new, code), title=title,
                unit=unit_name, price_fen=new.price_fen, standard=standard, state="DRAFT",
                drafted_by=actor.id, drafted_on=work.today,
            )
        )  # fmt: skip
        details = {"code": code, "year": new.year, "price_fen": new.price_fen}
        note(work, actor, DRAFT, stream=f"catalogue:{identity}", object=title, details=details)
        return identity

    return act(database, actor, unit, now=now, action=DRAFT, stream="catalogue", object=title)


def _version(work: Work, new: NewItem, code: str) -> int:
    of = catalogue_items.c
    same = (of.division_code == new.division_code) & (of.year == new.year) & (of.code == code)
    if work.connection.execute(select(of.id).where(same, of.state.in_(("DRAFT", "CONSULTED", "APPROVED")))).first():
        raise Refused("catalogue.version_open", item_code=code)
    return int(work.connection.scalar(select(func.max(of.version)).where(same)) or 0) + 1


def record_consultation(
    database: Database, actor: Actor, *, item_id: str, held_on: date, opinions: str, now: datetime
) -> None:
    """Note that departments and residents were consulted, and what they said. Refused unless it is a draft."""
    said = told(("征求意见情况", "what was said"), " ".join(opinions.split()), longest=800)

    def unit(work: Work) -> None:
        item = _held(work, actor, DRAFT, item_id, state="DRAFT")
        if held_on > work.today:
            raise unfit("input.out_of_range", ("征求意见日期", "consulted on"))
        _write(work, item_id, state="CONSULTED", consulted_on=held_on, consulted_note=said)
        note(work, actor, DRAFT, stream=f"catalogue:{item_id}", object=item.title, details={"state": "CONSULTED"})

    act(database, actor, unit, now=now, action=DRAFT, stream=f"catalogue:{item_id}", object=item_id)


def approve_item(database: Database, actor: Actor, *, item_id: str, now: datetime) -> None:
    """Approve a consulted item. Refused for whoever drafted it (catalogue.two_people) and in any other state."""

    def unit(work: Work) -> None:
        item = _held(work, actor, APPROVE, item_id, state="CONSULTED")
        if item.drafted_by == actor.id:
            raise Refused("catalogue.two_people", title=item.title)
        _write(work, item_id, state="APPROVED", approved_by=actor.id, approved_on=work.today)
        note(work, actor, APPROVE, stream=f"catalogue:{item_id}", object=item.title, details={"state": "APPROVED"})

    act(database, actor, unit, now=now, action=APPROVE, stream=f"catalogue:{item_id}", object=item_id)


def publish_item(database: Database, actor: Actor, *, item_id: str, now: datetime) -> None:
    """Publish an approved item; earlier ones of the same code are superseded by it. Refused in any other state."""

    def unit(work: Work) -> None:
        item, of = _held(work, actor, APPROVE, item_id, state="APPROVED"), catalogue_items.c
        work.connection.execute(
            update(catalogue_items)
            .where(of.division_code == item.division_code, of.code == item.code, of.state == "PUBLISHED")
            .values(state="SUPERSEDED", superseded_on=work.today)
        )
        _write(work, item_id, state="PUBLISHED", published_on=work.today)
        note(work, actor, APPROVE, stream=f"catalogue:{item_id}", object=item.title, details={"state": "PUBLISHED"})

    act(database, actor, unit, now=now, action=APPROVE, stream=f"catalogue:{item_id}", object=item_id)


def _held(work: Work, actor: Actor, action: str, item_id: str, *, state: str) -> Item:
    """The item, held against others; permission where it belongs, Refused when it is not in that state."""
    hold(work, f"catalogue-item:{item_id}")
    item = item_by_id(work, item_id)
    allowed_in(work, actor, action, division=item.division_code)
    if item.state != state:
        raise Refused("catalogue.not_in_this_state", title=item.title)
    return item


def _write(work: Work, item_id: str, **values: object) -> None:
    work.connection.execute(update(catalogue_items).where(catalogue_items.c.id == item_id).values(**values))

"""Donations beside the single moves: posting an offer, what is open, who could receive it, what became of a gift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, case, func, select

from services.actors import Actor
from services.authority.rules import demand
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.facts.offer import carriers, federation_near
from services.cases.lists import visible
from services.cases.models import case_moves, cases
from services.cases.offers import OfferLine
from services.cases.offers import offers as moves_open
from services.cases.opening import open_offer
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work
from services.donations.commands import NewOffer
from services.donations.models import offers
from services.donations.queries import Offer, gave, offer_of, read_offer
from services.donations.rules import KINDS, PROPERTY, UNITS, Need, answered_needs, called
from services.errors import Invalid, NotFound, Refused
from services.funding.models import awards, budget_lines, fund_programs, instalments
from services.issuance.models import issued_documents
from services.organizations.models import centres, organization_posts, organizations
from services.people.acts import act, told, unfit
from services.people.models import role_grants
from services.people.queries import names_of
from statemachines.registry import process_of
from statemachines.roles import Role
from statemachines.table import State

POST, OWN, MATCH, TAKE = "offer:post", "offer:own", "offer:match", "offer:take_money"
LONGEST_OPEN = 730
"""Days an offer may stay open at most."""


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """An offer as anybody may see it: nothing about a person."""

    number: str
    kind: str
    title: str
    quantity: int
    unit: str
    value_fen: int | None
    purpose: str
    description: str
    donor: str
    donor_en: str
    open_until: date


@dataclass(frozen=True, slots=True)
class GiftLine:
    """One offer in a list, with where it stands."""

    number: str
    state: State
    offer: Offer
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What an award out of given money came to; amounts in fen."""

    award: str
    organization: str
    project: str
    amount_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class GiftPage:
    """One gift as its donor sees it: where it stands, who got it and why, what became of it."""

    line: GiftLine
    version: int
    receiver: str
    through: str
    use: dict[str, Any] | None
    thanks: str
    history: tuple[tuple[State, date], ...]
    paper_id: str | None
    spent: tuple[Spent, ...]
    left_fen: int | None
    moves: tuple[OfferLine, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organization a gift could go to, and why; `barred` names what keeps it from receiving."""

    id: str
    name: str
    needs: tuple[Need, ...]
    wished: bool
    through: str
    barred: str


@dataclass(frozen=True, slots=True)
class GiftBudget:
    """A donation line that given money could stand on, with the room that is left on it."""

    id: str
    program: str
    year: int
    purpose: str
    room_fen: int


# Posting ------------------------------------------------------------------------------------------


def post_offer(
    database: Database, actor: Actor, new: NewOffer, *, centre_id: str, request_id: str = "", now: datetime
) -> Advanced:
    """Post an offer: the case is opened and posted at once, or not at all; answers how it stands.

    Forbidden for who is no donor; Invalid for what cannot be read; Refused for words of public fundraising, a
    beneficiary of one's own, a value not stated, and where no body of the county could keep the offer.
    """
    clean = _clean(new)

    def unit(work: Work) -> Advanced:
        demand(actor, POST)
        if (clean.open_until - work.today).days > LONGEST_OPEN:
            raise Invalid("input.out_of_range", field="open_until", label="开放至", label_en="open until")
        host = _host(work, actor, centre_id)
        opened = open_offer(work, actor=actor, centre_id=centre_id, host_id=host, new=clean)
        return advance(work, actor, AdvanceCase(opened.number, "post_offer", 0, {}, request_id))

    return act(database, actor, unit, now=now, action=POST, stream=f"offers:{actor.id}", object=clean.title)


def _clean(new: NewOffer) -> NewOffer:
    if new.kind not in KINDS:
        raise unfit("input.not_a_choice", ("类别", "kind"))
    money = new.kind == "money"
    if not money and not 1 <= new.quantity <= 1_000_000:
        raise unfit("input.out_of_range", ("数量", "quantity"))
    if new.kind in PROPERTY and new.value_fen is None:
        raise Refused("offer.value_missing")
    if new.value_fen is not None and not 0 < new.value_fen < 10**13:
        raise unfit("input.out_of_range", ("价值", "value"))
    return NewOffer(
        kind=new.kind,
        title=told(("名称", "what it is"), new.title, longest=60),
        quantity=1 if money else new.quantity,
        unit="笔" if money else told(("计量单位", "unit"), new.unit or UNITS[new.kind], longest=10),
        purpose=told(("用途", "purpose"), new.purpose, longest=200),
        open_until=new.open_until,
        value_fen=new.value_fen,
        proof=told(("价值依据", "proof of value"), new.proof, longest=200, needed=False),
        description=told(("说明", "description"), " ".join(new.description.split()), longest=1000, needed=False),
        unit_name=told(("单位名称", "name of the unit"), new.unit_name, longest=60, needed=False),
        anonymous=new.anonymous,
        wished_id=new.wished_id or None,
    )


def _host(work: Work, actor: Actor, centre_id: str) -> str:
    """The body of the centre's county that keeps open offers: a federation or charity, none of the donor's."""
    division = work.connection.execute(select(centres.c.division_code).where(centres.c.id == centre_id)).scalar()
    if division is None:
        raise NotFound("organization.not_found")
    found = federation_near(work, division, apart_from=actor.id)
    if found is None:
        raise Refused("offer.nobody_keeps_it")
    return found


def wishes(work: Work) -> tuple[tuple[str, str], ...]:
    """(id, name) of the organizations a donor may wish to give to: those being incubated."""
    rows = work.connection.execute(
        select(organizations.c.id, organizations.c.name)
        .join(cases, cases.c.organization_id == organizations.c.id)
        .where(cases.c.kind == "incubation", cases.c.live.is_(True), cases.c.stage.in_(("孵化", "评估")))
        .order_by(organizations.c.name)
        .distinct()
    )
    return tuple((row.id, row.name) for row in rows)


# What is open -------------------------------------------------------------------------------------


def open_offers(work: Work, *, kind: str = "") -> tuple[OpenOffer, ...]:
    """The checked offers that are still open, the one that closes first on top; for anybody."""
    statement = (
        select(offers, cases.c.number)
        .join(cases, cases.c.id == offers.c.case_id)
        .where(cases.c.state == "VERIFIED", cases.c.kind == "offer", offers.c.open_until >= work.today)
        .order_by(offers.c.open_until, cases.c.number)
        .limit(200)
    )
    if kind in KINDS:
        statement = statement.where(offers.c.kind == kind)
    return tuple(
        OpenOffer(
            row.number, row.kind, row.title, row.quantity, row.unit, row.value_fen, row.purpose, row.description,
            called(row.unit_name, anonymous=row.anonymous), called(row.unit_name, anonymous=row.anonymous, lang="en"),
            row.open_until,
        )
        for row in work.connection.execute(statement)
    )  # fmt: skip


def gifts(work: Work, actor: Actor) -> tuple[GiftLine, ...]:
    """The person's own offers, the latest first. Forbidden for who is no donor."""
    demand(actor, OWN)
    rows = work.connection.execute(
        select(offers, cases.c.number, cases.c.kind.label("case_kind"), cases.c.edition, cases.c.state, cases.c.due_on)
        .join(cases, cases.c.id == offers.c.case_id)
        .where(offers.c.donor_id == actor.id)
        .order_by(cases.c.opened_at.desc(), cases.c.number.desc())
    )
    return tuple(_gift_line(row) for row in rows)


def _gift_line(row: Row[Any]) -> GiftLine:
    state = process_of(row.case_kind, row.edition).state(row.state)
    return GiftLine(row.number, state, read_offer(row), row.due_on)


def gift_page(work: Work, actor: Actor, number: str) -> GiftPage:
    """One own gift with what became of it; NotFound for anybody else's, and for a case that is none."""
    demand(actor, OWN)
    subject = _own(work, actor, number)
    offer = offer_of(work, subject.case.id)
    state = subject.process.state(subject.case.state)
    line = GiftLine(number, state, offer, subject.case.due_on)
    used, thanked = subject.last("record_use"), subject.last("thank_donor")
    names = _names(work, offer.receiver_id, offer.through_id)
    spent = spent_out_of(work, offer.budget_line_id) if offer.budget_line_id else ()
    found = moves_open(work, actor, subject, standing=standing_on(work, actor, subject))
    left = None if offer.kind != "money" or not offer.budget_line_id else _left(work, offer)
    return GiftPage(
        line, subject.case.version, names.get(offer.receiver_id or "", ""), names.get(offer.through_id or "", ""),
        used.details if used else None, str(thanked.details["thanks"]) if thanked else "",
        tuple((subject.process.state(one.dest), one.on_date) for one in subject.moves if one.source != one.dest),
        paper_of(work, subject.case.id), spent, left, tuple(one for one in found if Role.DONOR in one.by),
    )  # fmt: skip


def _own(work: Work, actor: Actor, number: str) -> Subject:
    subject = load_subject(work, number=number)
    if subject.case.kind != "offer" or not gave(work, actor.id, subject.case.id):
        raise NotFound("case.not_found", case_number=number)
    return subject


def paper_of(work: Work, case_id: str) -> str | None:
    """The confirmation of the gift, once it was given out and drawn."""
    return work.connection.execute(
        select(issued_documents.c.id)
        .where(issued_documents.c.case_id == case_id, issued_documents.c.kind == "gift_confirmation")
        .order_by(issued_documents.c.decided_at.desc())
        .limit(1)
    ).scalar()


def own_paper(work: Work, actor: Actor, number: str) -> str:
    """The id of the paper of an own gift; NotFound when there is none."""
    demand(actor, OWN)
    found = paper_of(work, _own(work, actor, number).case.id)
    if found is None:
        raise NotFound("document.not_found")
    return found


def _names(work: Work, *ids: str | None) -> dict[str, str]:
    rows = work.connection.execute(
        select(organizations.c.id, organizations.c.name).where(organizations.c.id.in_([one for one in ids if one]))
    )
    return {row.id: row.name for row in rows}


# What given money was spent on --------------------------------------------------------------------


def spent_out_of(work: Work, budget_line_id: str) -> tuple[Spent, ...]:
    """The awards out of a donation line with what was paid of each, by number."""
    paid = func.coalesce(func.sum(case((instalments.c.value_date.is_not(None), instalments.c.amount_fen), else_=0)), 0)
    rows = work.connection.execute(
        select(cases.c.number, organizations.c.name, awards.c.project, awards.c.amount_fen, paid.label("paid"))
        .join(cases, cases.c.id == awards.c.case_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .outerjoin(instalments, instalments.c.award_id == awards.c.case_id)
        .where(awards.c.budget_line_id == budget_line_id, awards.c.committed_at.is_not(None))
        .group_by(cases.c.number, organizations.c.name, awards.c.project, awards.c.amount_fen)
        .order_by(cases.c.number)
    )
    return tuple(Spent(row.number, row.name, row.project, int(row.amount_fen or 0), int(row.paid)) for row in rows)


def _left(work: Work, offer: Offer) -> int:
    """What of the line the gift stands on is promised to nobody yet."""
    row = work.connection.execute(
        select(budget_lines.c.amount_fen, budget_lines.c.used_fen).where(budget_lines.c.id == offer.budget_line_id)
    ).one()
    return int(row.amount_fen - row.used_fen)


def gift_budgets(work: Work, actor: Actor) -> tuple[GiftBudget, ...]:
    """The donation lines with room for a gift, by programme. Forbidden for who records no given money."""
    demand(actor, TAKE)
    given = func.coalesce(
        select(func.sum(offers.c.value_fen)).where(offers.c.budget_line_id == budget_lines.c.id).scalar_subquery(), 0
    )
    rows = work.connection.execute(
        select(budget_lines, fund_programs.c.name, fund_programs.c.year, given.label("given"))
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .where(budget_lines.c.source == "donation", budget_lines.c.amount_fen > given)
        .order_by(fund_programs.c.year.desc(), fund_programs.c.name, budget_lines.c.purpose)
    )
    return tuple(GiftBudget(row.id, row.name, row.year, row.purpose, int(row.amount_fen - row.given)) for row in rows)


# Who could receive it -----------------------------------------------------------------------------


def offer_for(work: Work, actor: Actor, number: str) -> tuple[GiftLine, int, str]:
    """The offer of a case the person may see, its version, and the donor as the office may call them."""
    subject = load_subject(work, number=number)
    seen = work.connection.execute(select(cases.c.id).where(cases.c.id == subject.case.id, visible(actor))).first()
    if seen is None or subject.case.kind != "offer":
        raise NotFound("case.not_found", case_number=number)
    offer = offer_of(work, subject.case.id)
    line = GiftLine(number, subject.process.state(subject.case.state), offer, subject.case.due_on)
    name = offer.unit_name or names_of(work, {offer.donor_id})[offer.donor_id]
    return line, subject.case.version, name


def candidates(work: Work, actor: Actor, offer: Offer) -> tuple[Candidate, ...]:
    """The organizations under incubation, those whose needs the offer answers first; constant in questions.

    Posts and roles of the donor bar an organization here; what lies deeper (ties, shared contacts) when it is chosen.
    """
    demand(actor, MATCH)
    rows = work.connection.execute(
        select(organizations, cases.c.id.label("case_id"))
        .join(cases, cases.c.organization_id == organizations.c.id)
        .where(cases.c.kind == "incubation", cases.c.live.is_(True), cases.c.stage.in_(("孵化", "评估")))
        .order_by(organizations.c.name)
        .limit(200)
    ).all()
    needs = _needs(work, [row.case_id for row in rows])
    own = _own_bodies(work, offer.donor_id)
    through = carriers(work, offer.kind, rows)
    names = _names(work, *through.values())
    found = [
        Candidate(
            row.id, row.name, answered_needs(offer.kind, needs.get(row.case_id, ())), row.id == offer.wished_id,
            "" if through[row.id] == row.id else names.get(through[row.id] or "", ""),
            "interested" if row.id in own else "" if through[row.id] else "cannot_receive",
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (bool(one.barred), not one.wished, -len(one.needs), one.name)))


def _needs(work: Work, case_ids: Sequence[str]) -> dict[str, tuple[Need, ...]]:
    rows = work.connection.execute(
        select(case_moves.c.case_id, case_moves.c.details)
        .where(case_moves.c.case_id.in_(case_ids), case_moves.c.trigger == "record_plan")
        .order_by(case_moves.c.sequence)
    )
    return {
        row.case_id: tuple(Need(one["area"], int(one["level"])) for one in row.details.get("needs", ())) for row in rows
    }


def _own_bodies(work: Work, person_id: str) -> frozenset[str]:
    posts = select(organization_posts.c.organization_id).where(organization_posts.c.person_id == person_id)
    grants = select(role_grants.c.organization_id).where(
        role_grants.c.person_id == person_id, role_grants.c.organization_id.is_not(None)
    )
    return frozenset(work.connection.execute(posts.union(grants)).scalars())

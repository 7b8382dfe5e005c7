"""Opens cases: instalments when an award is approved, recoveries where money may be owed back, others when asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select

from services.actors import Actor
from services.audit.commands import record
from services.awards.commands import Terms, record_terms
from services.awards.queries import call_by_id, open_call_of, terms_of
from services.awards.rules import plan_fault
from services.calendar.queries import load_calendar
from services.calendar.rules import months_later
from services.cases.clocks import begin_at_opening, length_of
from services.cases.models import cases, incubations
from services.cases.turn import Subject, Turn
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.donations.commands import NewOffer, record_offer
from services.errors import Invalid, NotFound
from services.funding.commands import record_award, record_finding, record_instalment
from services.funding.models import awards, budget_lines
from services.funding.rules import split_instalments
from services.organizations.models import centres, organizations
from services.purchases.commands import record_purchase, record_supplier
from services.purchases.queries import item_by_id, purchaser_by_id
from services.reviews.commands import Complaint, record_review
from services.rulesets.commands import rule_set_on
from services.rulesets.rules import Rules
from services.stars.commands import record_application
from services.stars.queries import RoundLine
from statemachines.registry import CURRENT


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh case."""

    id: str
    number: str
    kind: str
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class NewAward:
    """What an organization asks money for; amount in fen.

    What is left out is as usual: the open call of the programme, the plan of the rule set, one budget item, a project
    that begins today and runs for the months of the rule set.
    """

    organization_id: str
    centre_id: str
    program_id: str
    budget_line_id: str
    project: str
    requested_fen: int
    account_id: str | None
    incubation_case_id: str | None = None
    purpose: str = ""
    call_id: str = ""
    plan: tuple[int, ...] = ()
    budget: tuple[tuple[str, int], ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


def _open(work: Work, *, actor: Actor, kind: str, number: str, organization_id: str, centre_id: str,
          parent_id: str | None, rule_set_id: str, earlier_case_id: str | None = None) -> Opened:  # fmt: skip
    process = CURRENT[kind]
    identity = new_id()
    state = process.state(process.initial)
    work.connection.execute(
        insert(cases).values(
            id=identity, number=number, kind=kind, edition=process.edition, state=state.name, stage=state.stage,
            version=0, organization_id=organization_id, centre_id=centre_id, parent_id=parent_id,
            earlier_case_id=earlier_case_id, rule_set_id=rule_set_id, live=kind != "incubation",
            opened_at=work.now, moved_at=work.now,
        )
    )  # fmt: skip
    role = "system" if actor.is_system else min((one.value for one in actor.roles), default="")
    record(work, stream=identity, actor=actor, role=role, action=f"case:open:{kind}", object=number)
    return Opened(identity, number, kind, state.name, 0)


def open_incubation(work: Work, *, actor: Actor, organization_id: str, centre_id: str, plan: str = "") -> Opened:
    """Open a draft application of the organization at the centre; answers the case. NotFound for unknown ones."""
    centre = work.connection.execute(select(centres).where(centres.c.id == centre_id)).one_or_none()
    known = work.connection.execute(select(organizations.c.id).where(organizations.c.id == organization_id)).first()
    if centre is None or known is None:
        raise NotFound("organization.not_found")
    earlier = work.connection.execute(
        select(cases.c.id)
        .where(cases.c.organization_id == organization_id, cases.c.kind == "incubation")
        .order_by(cases.c.opened_at.desc())
        .limit(1)
    ).scalar()
    year = work.today.year
    serial = next_number(work, f"case-{centre.case_prefix}-{year}")
    opened = _open(
        work, actor=actor, kind="incubation", number=f"{centre.case_prefix}-{year}-{serial:04d}",
        organization_id=organization_id, centre_id=centre_id, parent_id=None,
        rule_set_id=rule_set_on(work, work.today).id, earlier_case_id=earlier,
    )  # fmt: skip
    work.connection.execute(insert(incubations).values(case_id=opened.id, plan=plan, extended=False, suspended_days=0))
    return opened


def open_award(work: Work, *, actor: Actor, new: NewAward) -> Opened:
    """Open a draft award application within a call; answers the case. NotFound for an unknown centre or call.

    Refused("award.call_closed") while no call of the programme is open; Invalid for a plan that does not total 100, a
    budget that is not the sum asked for, and a project that ends before it begins.
    """
    rule_set = rule_set_on(work, work.today)
    terms = _terms(work, new, rule_set)
    centre = work.connection.execute(select(centres).where(centres.c.id == new.centre_id)).one_or_none()
    if centre is None:
        raise NotFound("organization.not_found")
    year = work.today.year
    serial = next_number(work, f"case-{centre.case_prefix}-award-{year}")
    opened = _open(
        work, actor=actor, kind="award", number=f"{centre.case_prefix}-ZZ-{year}-{serial:04d}",
        organization_id=new.organization_id, centre_id=new.centre_id, parent_id=new.incubation_case_id,
        rule_set_id=rule_set.id,
    )  # fmt: skip
    values: dict[str, Any] = {
        "incubation_case_id": new.incubation_case_id, "program_id": new.program_id,
        "budget_line_id": new.budget_line_id, "project": new.project, "purpose": new.purpose,
        "requested_fen": new.requested_fen, "account_id": new.account_id,
    }  # fmt: skip
    record_award(work, case_id=opened.id, values=values)
    record_terms(work, terms, award_id=opened.id)
    return opened


def _terms(work: Work, new: NewAward, rules: Rules) -> Terms:
    call = call_by_id(work, new.call_id) if new.call_id else open_call_of(work, new.program_id)
    if call.program_id != new.program_id:
        raise NotFound("call.not_found")
    plan = new.plan or tuple(rules.value("money.plan"))
    if fault := plan_fault(plan):
        raise Invalid(fault)
    budget = new.budget or ((new.project[:60], new.requested_fen),)
    if len({name for name, _ in budget}) != len(budget):
        raise Invalid("award.budget_item_twice")
    if any(amount < 1 for _, amount in budget) or sum(amount for _, amount in budget) != new.requested_fen:
        raise Invalid("award.budget_not_the_sum")
    starts_on = new.starts_on or work.today
    ends_on = new.ends_on or months_later(starts_on, rules.number("money.project_months"))
    if ends_on <= starts_on:
        raise Invalid("award.project_not_in_order")
    return Terms(call.id, plan, starts_on, ends_on, budget)


def open_review(work: Work, *, actor: Actor, decision: Subject, against: Complaint) -> Opened:
    """Open a review of a decision taken on that case, its parent; it goes by the rules of the day it is lodged on."""
    year = work.today.year
    prefix = decision.centre.case_prefix
    serial = next_number(work, f"case-{prefix}-review-{year}")
    opened = _open(
        work, actor=actor, kind="review", number=f"{prefix}-FH-{year}-{serial:04d}",
        organization_id=decision.case.organization_id, centre_id=decision.case.centre_id, parent_id=decision.case.id,
        rule_set_id=rule_set_on(work, work.today).id,
    )  # fmt: skip
    record_review(work, case_id=opened.id, against=against)
    return opened


def open_recovery(work: Work, *, actor: Actor, award: Subject, cause: str) -> Opened:
    """Open a recovery on that award, its parent, for the named cause; it goes by the rules of its first day."""
    year = work.today.year
    prefix = award.centre.case_prefix
    serial = next_number(work, f"case-{prefix}-recovery-{year}")
    rules = rule_set_on(work, work.today)
    opened = _open(
        work, actor=actor, kind="recovery", number=f"{prefix}-ZH-{year}-{serial:04d}",
        organization_id=award.case.organization_id, centre_id=award.case.centre_id, parent_id=award.case.id,
        rule_set_id=rules.id,
    )  # fmt: skip
    record_finding(work, case_id=opened.id, award_id=award.case.id, cause=cause)
    length = length_of(rules, "recovery_notice")
    begin_at_opening(work, load_calendar(work), opened.id, key="recovery_notice", length=length)
    return opened


def open_star(
    work: Work, *, actor: Actor, present: RoundLine, organization: Row[Any], self_scores: dict[str, str]
) -> Opened:
    """Open an organization's case in an announced round, with its own scores beside it; answers the case."""
    centre = work.connection.execute(select(centres).where(centres.c.id == present.centre_id)).one()
    serial = next_number(work, f"case-{centre.case_prefix}-star-{work.today.year}")
    opened = _open(
        work, actor=actor, kind="star", number=f"{centre.case_prefix}-XJ-{work.today.year}-{serial:04d}",
        organization_id=organization.id, centre_id=centre.id, parent_id=None,
        rule_set_id=rule_set_on(work, work.today).id,
    )  # fmt: skip
    record_application(
        work,
        case_id=opened.id,
        present=present,
        organization_id=organization.id,
        category=organization.category,
        self_scores=self_scores,
    )
    return opened


def open_offer(work: Work, *, actor: Actor, centre_id: str, host_id: str, new: NewOffer) -> Opened:
    """Open the case of a donor's offer; until somebody is found to receive it, it lies with the body `host_id`."""
    centre = work.connection.execute(select(centres).where(centres.c.id == centre_id)).one_or_none()
    if centre is None:
        raise NotFound("organization.not_found")
    year = work.today.year
    serial = next_number(work, f"case-{centre.case_prefix}-offer-{year}")
    opened = _open(
        work, actor=actor, kind="offer", number=f"{centre.case_prefix}-JZ-{year}-{serial:04d}",
        organization_id=host_id, centre_id=centre.id, parent_id=None, rule_set_id=rule_set_on(work, work.today).id,
    )  # fmt: skip
    record_offer(work, case_id=opened.id, donor_id=actor.id, host_id=host_id, new=new)
    return opened


@dataclass(frozen=True, slots=True)
class NewPurchase:
    """What an office needs: an item of the catalogue, how much of it, from which budget line."""

    purchaser_id: str
    item_id: str
    budget_line_id: str
    title: str
    need: str
    quantity: int
    procurement: bool = False


def open_purchase(work: Work, *, actor: Actor, new: NewPurchase) -> Opened:
    """Open a purchase of its purchaser; the most it may cost is the catalogue's price for the quantity."""
    by, item = purchaser_by_id(work, new.purchaser_id), item_by_id(work, new.item_id)
    opened = _open(
        work, actor=actor, kind="purchase", number=_next(work, by.centre_id, "purchase", "GM"),
        organization_id=by.organization_id, centre_id=by.centre_id, parent_id=None,
        rule_set_id=rule_set_on(work, work.today).id,
    )  # fmt: skip
    program = work.connection.scalar(select(budget_lines.c.program_id).where(budget_lines.c.id == new.budget_line_id))
    values: dict[str, Any] = {
        "program_id": program, "budget_line_id": new.budget_line_id, "project": new.title,
        "requested_fen": new.quantity * item.price_fen,
    }  # fmt: skip
    record_award(work, case_id=opened.id, values=values)
    record_purchase(
        work, case_id=opened.id, purchaser_id=by.id, item_id=item.id, title=new.title, need=new.need,
        quantity=new.quantity, procurement=new.procurement, federation_rule=False,
    )  # fmt: skip
    return opened


def open_supplier(
    work: Work, *, actor: Actor, organization_id: str, centre_id: str, services: str, staff: int
) -> Opened:
    """Open an organization's entry in the supplier catalogue, with what it says of itself."""
    opened = _open(
        work, actor=actor, kind="supplier", number=_next(work, centre_id, "supplier", "CJ"),
        organization_id=organization_id, centre_id=centre_id, parent_id=None,
        rule_set_id=rule_set_on(work, work.today).id,
    )  # fmt: skip
    record_supplier(work, case_id=opened.id, organization_id=organization_id, services=services, staff=staff)
    return opened


def _next(work: Work, centre_id: str, kind: str, letters: str) -> str:
    prefix = work.connection.scalar(select(centres.c.case_prefix).where(centres.c.id == centre_id))
    year = work.today.year
    return f"{prefix}-{letters}-{year}-{next_number(work, f'case-{prefix}-{kind}-{year}'):04d}"


def open_instalments(turn: Turn) -> tuple[Opened, ...]:
    """One instalment case for each part of the plan; the parts sum to the award exactly."""
    row = turn.work.connection.execute(select(awards).where(awards.c.case_id == turn.case.id)).one()
    whole = turn.case.kind == "purchase"  # paid once, for what was accepted
    parts = split_instalments(row.amount_fen, (100,) if whole else terms_of(turn.work, turn.case.id).plan)
    opened = []
    for number, amount_fen in enumerate(parts, start=1):
        one = _open(
            turn.work, actor=turn.actor, kind="instalment", number=f"{turn.case.number}-{number}",
            organization_id=turn.case.organization_id, centre_id=turn.case.centre_id, parent_id=turn.case.id,
            rule_set_id=turn.case.rule_set_id,
        )  # fmt: skip
        record_instalment(turn.work, case_id=one.id, award_id=turn.case.id, number=number, amount_fen=amount_fen)
        opened.append(one)
    return tuple(opened)

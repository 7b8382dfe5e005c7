"""Gathers what the guards of a purchase ask."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from services.calendar.rules import WorkingCalendar
from services.cases.facts.award import open_instalments, payee_account_fit
from services.cases.models import cases
from services.cases.turn import Subject
from services.database.work import Work, office_instant
from services.funding.models import awards, budget_lines
from services.organizations.models import organizations, payee_accounts
from services.organizations.operators import operates
from services.purchases.models import bids
from services.purchases.queries import Purchase, count_bids, points_of, purchase_of, would_win
from services.purchases.rules import CRITERIA, FEWEST_EVALUATORS, PASSING_QUALITY, contractor_reasons, longest_end
from services.rulesets.rules import Rules
from statemachines.purchase.facts import PurchaseFacts


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,
    calendar: WorkingCalendar,  # noqa: ARG001 - every gatherer is asked alike
) -> PurchaseFacts:
    """The facts of the purchase today, with what is being said right now already counted in."""
    purchase = purchase_of(work, subject.case.id)
    row = work.connection.execute(
        select(awards, budget_lines.c.amount_fen.label("line_fen"), budget_lines.c.used_fen)
        .join(budget_lines, budget_lines.c.id == awards.c.budget_line_id)
        .where(awards.c.case_id == subject.case.id)
    ).one()
    handed_in = subject.in_stay("hand_in_work", "return_work")
    facts = PurchaseFacts(
        today=work.today,
        item_published=purchase.item.state == "PUBLISHED",
        ceiling_fen=row.amount_fen or row.requested_fen,
        available_fen=row.line_fen - row.used_fen,
        closes_ahead="closes_on" not in details or closing_hour(details) > work.now,
        rule_announced=details.get("federation_rule", "yes" if purchase.federation_rule else "no") == "yes",
        civil_affairs_buys=purchase.purchaser.kind == "civil_affairs",
        closing_over=purchase.closed(work.now),
        bids=count_bids(work, purchase.case_id),
        points_complete=points_complete(work, purchase),
        two_approvals_from_fen=rules.number("money.two_approvals_from_fen"),
        first_approval_given=subject.in_stay("agree_award") is not None,
        payee_fit=payee_account_fit(work, row.account_id or account_for(work, subject.case.organization_id)),
        signed_by_contractor=row.signed_by_payee_on is not None,
        notice_needed=purchase.procurement,
        notice_given=purchase.notice_on is not None,
        handed_in=handed_in is not None and handed_in.trigger == "hand_in_work",
        accepted=int(details.get("accepted_quantity", 1)),
        asked=purchase.quantity,
        quality=int(details.get("quality", 100)),
        quality_wanted=PASSING_QUALITY,
        open_instalments=open_instalments(work, subject.case.id),
        overdue=subject.overdue(work.today),
    )
    return _contractor(work, _term(facts, details), purchase)


def account_for(work: Work, organization_id: str) -> str | None:
    """The account a contractor is paid into: the one that was verified last."""
    found = (
        select(payee_accounts.c.id)
        .where(payee_accounts.c.organization_id == organization_id, payee_accounts.c.verified_by.is_not(None))
        .order_by(payee_accounts.c.created_at.desc(), payee_accounts.c.id.desc())
        .limit(1)
    )
    return work.connection.scalar(found)


def closing_hour(details: dict[str, Any]) -> datetime:
    """The instant said with the call: that day, on that full hour of the office's clock."""
    return office_instant(date.fromisoformat(details["closes_on"]), min(int(details["closes_hour"]), 23))


def points_complete(work: Work, purchase: Purchase) -> bool:
    """Whether as many evaluators as it takes gave every opened bid points for each item, the same people for all."""
    points = points_of(work, purchase.case_id)
    if not points or len(points) != count_bids(work, purchase.case_id):
        return False
    panels = {frozenset(sheets) for sheets in points.values()}
    whole = all(len(given) == len(CRITERIA) for sheets in points.values() for given in sheets.values())
    return whole and len(panels) == 1 and len(next(iter(panels))) >= FEWEST_EVALUATORS


def _term(facts: PurchaseFacts, details: dict[str, Any]) -> PurchaseFacts:
    if "ends_on" not in details:
        return facts
    starts_on = date.fromisoformat(details["starts_on"])
    longest = longest_end(
        starts_on, stable=details["stable"] == "yes", budget_secured=details["budget_secured"] == "yes"
    )
    return replace(facts, contract_to=date.fromisoformat(details["ends_on"]), longest_to=longest)


def _contractor(work: Work, facts: PurchaseFacts, purchase: Purchase) -> PurchaseFacts:
    """What is asked of whoever wins by the points entered (or has won)."""
    won = would_win(work, purchase)
    wanted = purchase.bid_id or (won.bid_id if won else None)
    if wanted is None:
        return facts
    bid = work.connection.execute(select(bids).where(bids.c.id == wanted)).one()
    reasons = reasons_against(work, purchase, bidder_of(bid))
    return replace(
        facts,
        agreed_fen=bid.price_fen,
        contractor_is_legal_person="purchase.filed_sole_contractor" not in reasons,
        contractor_runs_centre="purchase.operator_sells_to_itself" in reasons,
        contractor_on_list="purchase.bidder_on_list" in reasons,
        contractor_granted="purchase.granted_already" in reasons,
    )


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who bids: the organization, its partner where it has one, or the committee beside which it comes."""

    organization_id: str
    partner_id: str | None = None
    committee: str | None = None


def bidder_of(row: Row[Any]) -> Bidder:
    """Who is behind a row of bids."""
    return Bidder(row.organization_id, row.partner_id, row.committee_code)


def reasons_against(work: Work, purchase: Purchase, bidder: Bidder) -> tuple[str, ...]:
    """Why that bidder may not take the purchase, asked of the organization and of its partner."""
    ids = [one for one in (bidder.organization_id, bidder.partner_id) if one]
    rows = {row.id: row for row in work.connection.execute(select(organizations).where(organizations.c.id.in_(ids)))}
    return contractor_reasons(
        legal_status=rows[bidder.organization_id].legal_status,
        on_committee=bidder.committee is not None,
        is_operator=any(operates(work, centre_id=purchase.purchaser.centre_id, organization_id=one) for one in ids),
        listed=any(row.list_standing != "normal" for row in rows.values()),
        granted=_granted(work, purchase, ids),
    )


def _granted(work: Work, purchase: Purchase, organization_ids: list[str]) -> bool:
    """Whether a grant to one of them pays for the same output: an award of the same name that was not given up."""
    names = {purchase.title, purchase.item.title}
    found = (
        select(awards.c.case_id)
        .join(cases, cases.c.id == awards.c.case_id)
        .where(
            cases.c.kind == "award", cases.c.organization_id.in_(organization_ids), awards.c.project.in_(names),
            awards.c.committed_at.is_not(None), cases.c.state != "TERMINATED",
        )
        .limit(1)
    )  # fmt: skip
    return work.connection.execute(found).first() is not None

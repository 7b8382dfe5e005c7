"""Gathers what the guards of an offer ask: what the posting says, who would get it, and what stands on the line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, or_, select

from services.calendar.rules import WorkingCalendar
from services.cases.turn import Subject
from services.database.work import Work
from services.donations.queries import Offer, given_on_line, offer_of
from services.donations.rules import fits_line, fundraising_words, may_own, may_use
from services.evaluators.conflicts import conflicts_of
from services.funding.models import awards, budget_lines
from services.organizations.models import organizations, payee_accounts
from services.organizations.queries import holds_post
from services.rulesets.rules import Rules
from statemachines.offer.facts import OfferFacts

CARRIERS = ("SUPPORT_HUB", "CHARITY")
"""Categories of registered organizations that receive for others: federations, support centres, charities."""
STREET_DIGITS, COUNTY_DIGITS = 9, 6


def gather(
    work: Work,
    subject: Subject,
    *,
    details: dict[str, Any],
    rules: Rules,  # noqa: ARG001 - every gatherer is asked alike
    calendar: WorkingCalendar,  # noqa: ARG001
) -> OfferFacts:
    """The facts of the offer today, with what is being said right now already counted in."""
    offer = offer_of(work, subject.case.id)
    facts = OfferFacts(
        today=work.today,
        in_money=offer.kind == "money",
        accepted=subject.in_stay("accept_match") is not None,
        overdue=subject.overdue(work.today),
    )
    state = subject.case.state
    if state == "DRAFT":
        return _posting(work, offer, facts)
    if state == "VERIFIED" and "receiver" in details:
        return _matching(work, offer, facts, str(details["receiver"]))
    if state == "AGREED":
        return _delivery(work, offer, facts, details)
    if state == "DELIVERED":
        return replace(facts, money_awarded=offer.kind != "money" or _awarded(work, offer))
    return facts


def _posting(work: Work, offer: Offer, facts: OfferFacts) -> OfferFacts:
    told = (offer.title, offer.purpose, offer.description, offer.unit_name, offer.proof)
    return replace(
        facts,
        fundraising="、".join(fundraising_words(*told)),
        proof_given=offer.kind != "goods" or bool(offer.proof),
        wish_interested=offer.wished_id is not None and interested(work, offer, offer.wished_id),
        open_day_ahead=offer.open_until >= work.today,
    )


def interested(work: Work, offer: Offer, organization_id: str) -> bool:
    """Whether something is found between the donor and that organization: a post, a tie, a shared telephone …"""
    return bool(conflicts_of(work, people=(offer.donor_id,), organization_id=organization_id)[offer.donor_id])


def receiver_row(work: Work, wanted: str) -> Row[Any] | None:
    """The organization meant by a name, a number or an id; None when there is none, or more than one."""
    named = or_(
        organizations.c.name == wanted, organizations.c.credit_code == wanted, organizations.c.filing_number == wanted
    )
    is_id = len(wanted) == 36 and wanted.count("-") == 4
    rows = work.connection.execute(
        select(organizations).where(organizations.c.id == wanted if is_id else named)
    ).fetchmany(2)
    return rows[0] if len(rows) == 1 else None


def carriers(work: Work, kind: str, receivers: Sequence[Row[Any]]) -> dict[str, str | None]:
    """Each organization with the body through which it would receive this: itself, the one that keeps money for it
    under custody, or the federation or charity near it. None when it can receive in no way.
    """
    kept = {
        row.organization_id: row.holder_organization_id
        for row in work.connection.execute(
            select(payee_accounts.c.organization_id, payee_accounts.c.holder_organization_id)
            .where(
                payee_accounts.c.organization_id.in_([one.id for one in receivers]), payee_accounts.c.kind == "custody",
                payee_accounts.c.verified_by.is_not(None),
            )
            .order_by(payee_accounts.c.created_at)
        )
    }  # fmt: skip
    near = _federations(work)
    return {one.id: _carrier(kind, one, kept.get(one.id), near) for one in receivers}


def _carrier(kind: str, receiver: Row[Any], keeper: str | None, near: Sequence[Any]) -> str | None:
    if may_own(receiver.legal_status, receiver.list_standing) or may_use(kind, receiver.legal_status):
        return str(receiver.id)
    if receiver.legal_status != "FILED" or receiver.list_standing != "normal":
        return None
    return keeper or _nearest(near, receiver.home_division)


def _federations(work: Work) -> list[Any]:
    """The registered federations, support centres and charities on no list; those that serve others first."""
    rows = work.connection.execute(
        select(organizations.c.id, organizations.c.home_division)
        .where(
            organizations.c.category.in_(CARRIERS), organizations.c.legal_status == "REGISTERED",
            organizations.c.list_standing == "normal",
        )
        .order_by(organizations.c.category.desc(), organizations.c.created_at, organizations.c.id)
    )  # fmt: skip
    return list(rows)


def _nearest(near: Sequence[Any], division: str) -> str | None:
    """The first of the same street, else of the same county."""
    for digits in (STREET_DIGITS, COUNTY_DIGITS):
        found = next((one.id for one in near if one.home_division.startswith(division[:digits])), None)
        if found is not None and len(division) >= digits:
            return str(found)
    return None


def federation_near(work: Work, division: str, *, apart_from: str) -> str | None:
    """The federation or charity that keeps open offers for that place; none in which the person holds a post."""
    found = [one for one in _federations(work) if not holds_post(work, apart_from, one.id)]
    return _nearest(found, division)


def _matching(work: Work, offer: Offer, facts: OfferFacts, wanted: str) -> OfferFacts:
    receiver = receiver_row(work, wanted)
    if receiver is None:
        return replace(facts, receiver_known=False)
    return replace(
        facts,
        receiver_interested=interested(work, offer, receiver.id),
        receiver_can_receive=carriers(work, offer.kind, (receiver,))[receiver.id] is not None,
    )


def _delivery(work: Work, offer: Offer, facts: OfferFacts, details: dict[str, Any]) -> OfferFacts:
    quantity = int(details.get("quantity", offer.quantity))
    day = date.fromisoformat(details["delivered_on"]) if "delivered_on" in details else work.today
    return replace(
        facts,
        quantity_fits=1 <= quantity <= offer.quantity,
        day_past=day <= work.today,
        line_fits="budget_line" not in details or _line_fits(work, offer, str(details["budget_line"])),
    )


def _line_fits(work: Work, offer: Offer, line_id: str) -> bool:
    if len(line_id) != 36:
        return False
    # Locked, so that two gifts recorded at once cannot both find the same room.
    row = work.connection.execute(
        select(budget_lines.c.source, budget_lines.c.amount_fen).where(budget_lines.c.id == line_id).with_for_update()
    ).one_or_none()
    return row is not None and fits_line(
        row.source, appropriated_fen=row.amount_fen, given_fen=given_on_line(work, line_id),
        value_fen=offer.value_fen or 0,
    )  # fmt: skip


def _awarded(work: Work, offer: Offer) -> bool:
    found = exists().where(awards.c.budget_line_id == offer.budget_line_id, awards.c.committed_at.is_not(None))
    return bool(work.connection.scalar(select(found)))

"""The questions a purchase asks of its facts; each answers None, or the code of the reason why not."""

from statemachines.purchase.facts import PurchaseFacts as Facts
from statemachines.table import unless


def item_published(facts: Facts) -> str | None:
    """Only what stands in the published transfer catalogue is bought."""
    return unless(facts.item_published, "purchase.item_not_published")


def budget_covers(facts: Facts) -> str | None:
    return unless(facts.available_fen >= facts.ceiling_fen, "purchase.budget_exceeded")


def closes_ahead(facts: Facts) -> str | None:
    return unless(facts.closes_ahead, "purchase.closing_too_early")


def rule_fits_purchaser(facts: Facts) -> str | None:
    """Only civil affairs puts a federation first, other things being equal; a street may not announce it."""
    return unless(not facts.rule_announced or facts.civil_affairs_buys, "purchase.rule_not_for_streets")


def closing_over(facts: Facts) -> str | None:
    """Nobody opens a bid before the closing hour."""
    return unless(facts.closing_over, "purchase.not_closed")


def bids_came(facts: Facts) -> str | None:
    return unless(facts.bids > 0, "purchase.no_bids")


def no_bids_came(facts: Facts) -> str | None:
    return unless(facts.bids == 0, "purchase.bids_came")


def points_complete(facts: Facts) -> str | None:
    return unless(facts.points_complete, "purchase.points_missing")


def large_amount(facts: Facts) -> str | None:
    return unless(facts.agreed_fen >= facts.two_approvals_from_fen, "purchase.first_approval_not_needed")


def not_yet_approved(facts: Facts) -> str | None:
    return unless(not facts.first_approval_given, "decision.already_approved")


def two_approvals(facts: Facts) -> str | None:
    """Above the threshold a second person of another office agrees first."""
    small = facts.agreed_fen < facts.two_approvals_from_fen
    return unless(small or facts.first_approval_given, "decision.first_approval_missing")


def within_ceiling(facts: Facts) -> str | None:
    return unless(0 < facts.agreed_fen <= facts.ceiling_fen, "purchase.price_above_ceiling")


def contractor_legal(facts: Facts) -> str | None:
    """A filed organization is no legal person: it comes as the partner of a registered body or a committee."""
    return unless(facts.contractor_is_legal_person, "purchase.filed_sole_contractor")


def contractor_not_operator(facts: Facts) -> str | None:
    """Whoever runs the centre does not sell to it."""
    return unless(not facts.contractor_runs_centre, "purchase.operator_sells_to_itself")


def contractor_not_listed(facts: Facts) -> str | None:
    return unless(not facts.contractor_on_list, "purchase.bidder_on_list")


def not_granted(facts: Facts) -> str | None:
    """What a grant already pays for is not bought again."""
    return unless(not facts.contractor_granted, "purchase.granted_already")


def payee_fit(facts: Facts) -> str | None:
    return unless(facts.payee_fit, "purchase.payee_not_fit")


def not_yet_signed(facts: Facts) -> str | None:
    return unless(not facts.signed_by_contractor, "agreement.already_signed")


def signed_by_contractor(facts: Facts) -> str | None:
    return unless(facts.signed_by_contractor, "purchase.not_signed_by_contractor")


def term_allowed(facts: Facts) -> str | None:
    """A year, or three where the need is stable and the money secured."""
    open_ended = facts.contract_to is None or facts.longest_to is None
    return unless(open_ended or facts.contract_to <= facts.longest_to, "purchase.term_too_long")  # type: ignore[operator]


def notice_needed(facts: Facts) -> str | None:
    return unless(facts.notice_needed, "purchase.notice_not_needed")


def notice_not_given(facts: Facts) -> str | None:
    return unless(not facts.notice_given, "purchase.notice_given")


def notice_given(facts: Facts) -> str | None:
    return unless(not facts.notice_needed or facts.notice_given, "purchase.notice_missing")


def handed_in(facts: Facts) -> str | None:
    return unless(facts.handed_in, "purchase.not_handed_in")


def not_more_than_asked(facts: Facts) -> str | None:
    return unless(0 < facts.accepted <= facts.asked, "purchase.more_than_asked")


def quality_sufficient(facts: Facts) -> str | None:
    return unless(facts.quality >= facts.quality_wanted, "purchase.quality_too_low")


def instalments_settled(facts: Facts) -> str | None:
    return unless(facts.open_instalments == 0, "purchase.payment_open")

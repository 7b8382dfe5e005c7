"""What each trigger of a star case is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "apply_star": Verb.ACT,
    "request_star_correction": Verb.RETURN,
    "resubmit_star": Verb.ACT,
    "lapse_star": Verb.ACT,
    "find_star_eligible": Verb.AGREE,
    "find_star_ineligible": Verb.REFUSE,
    "record_site_visit": Verb.ACT,
    "conclude_site_review": Verb.ACT,
    "record_survey": Verb.ACT,
    "propose_star": Verb.AGREE,
    "refuse_star": Verb.REFUSE,
    "publish_star": Verb.ACT,
    "confirm_star": Verb.AGREE,
    "return_star": Verb.RETURN,
    "certify_star": Verb.ACT,
    "start_star_check": Verb.ACT,
    "pass_star_check": Verb.AGREE,
    "propose_star_measure": Verb.ACT,
    "drop_star_measure": Verb.RETURN,
    "downgrade_star": Verb.REFUSE,
    "renew_certificate": Verb.ACT,
    "cancel_star": Verb.REFUSE,
    "expire_star": Verb.ACT,
    "withdraw_star": Verb.WITHDRAW,
}

BULK: frozenset[str] = frozenset()
"""Each rating is looked at by itself: it scores, publishes or certifies one organization."""

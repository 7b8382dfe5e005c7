"""What each trigger of a purchase is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "secure_budget": Verb.AGREE,
    "publish_call": Verb.ACT,
    "open_bids": Verb.ACT,
    "fail_purchase": Verb.ACT,
    "conclude_evaluation": Verb.ACT,
    "return_evaluation": Verb.RETURN,
    "agree_award": Verb.AGREE,
    "award_bid": Verb.AGREE,
    "sign_contract": Verb.ACT,
    "conclude_contract": Verb.AGREE,
    "record_notice": Verb.ACT,
    "start_performing": Verb.ACT,
    "hand_in_work": Verb.ACT,
    "return_work": Verb.RETURN,
    "accept_work": Verb.AGREE,
    "record_settled": Verb.ACT,
    "assess_purchase": Verb.AGREE,
    "cancel_purchase": Verb.REFUSE,
    "terminate_contract": Verb.REFUSE,
}

BULK: frozenset[str] = frozenset()
"""Each purchase is decided by itself: it binds money."""

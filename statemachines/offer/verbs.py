"""What each trigger of an offer is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "post_offer": Verb.ACT,
    "verify_offer": Verb.AGREE,
    "decline_offer": Verb.REFUSE,
    "match_offer": Verb.ACT,
    "unmatch_offer": Verb.RETURN,
    "accept_match": Verb.AGREE,
    "agree_offer": Verb.AGREE,
    "confirm_delivery": Verb.ACT,
    "receive_money": Verb.ACT,
    "record_use": Verb.ACT,
    "report_offer": Verb.AGREE,
    "thank_donor": Verb.ACT,
    "withdraw_offer": Verb.WITHDRAW,
    "expire_offer": Verb.ACT,
}

BULK: frozenset[str] = frozenset()
"""Each gift is looked at by itself."""

"""What each trigger of an award is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "apply_award": Verb.ACT,
    "find_eligible": Verb.AGREE,
    "propose": Verb.AGREE,
    "approve_first": Verb.AGREE,
    "approve": Verb.AGREE,
    "sign_award": Verb.ACT,
    "start_payments": Verb.AGREE,
    "close_award": Verb.AGREE,
    "reject_award": Verb.REFUSE,
    "terminate_award": Verb.REFUSE,
}

BULK: frozenset[str] = frozenset()
"""Each award is decided by itself: it binds money."""

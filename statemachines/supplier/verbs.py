"""What each trigger of a supplier case is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "apply_supplier": Verb.ACT,
    "check_supplier": Verb.AGREE,
    "refuse_supplier": Verb.REFUSE,
    "publish_supplier": Verb.ACT,
    "list_supplier": Verb.AGREE,
    "return_supplier": Verb.RETURN,
    "start_supplier_review": Verb.ACT,
    "pass_supplier_review": Verb.AGREE,
    "remove_supplier": Verb.REFUSE,
    "withdraw_supplier": Verb.WITHDRAW,
}

BULK: frozenset[str] = frozenset()
"""Each supplier is looked at by itself: every condition has an answer of its own."""

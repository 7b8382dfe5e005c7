"""What each trigger of a review is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "lodge_review": Verb.ACT,
    "accept_review": Verb.AGREE,
    "find_inadmissible": Verb.REFUSE,
    "form_panel": Verb.ACT,
    "replace_member": Verb.ACT,
    "record_hearing": Verb.ACT,
    "decide_review": Verb.AGREE,
    "serve_review": Verb.ACT,
    "withdraw_review": Verb.WITHDRAW,
}

BULK: frozenset[str] = frozenset()
"""Each complaint is looked at by itself."""

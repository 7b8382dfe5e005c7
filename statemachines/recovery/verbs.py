"""What each trigger of a recovery is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "serve_notice": Verb.ACT,
    "reply_recovery": Verb.ACT,
    "drop_finding": Verb.REFUSE,
    "propose_recovery": Verb.ACT,
    "approve_recovery": Verb.AGREE,
    "return_proposal": Verb.RETURN,
    "decide_recovery": Verb.AGREE,
    "start_repayment": Verb.ACT,
    "agree_plan": Verb.ACT,
    "ask_for_plan": Verb.ACT,
    "record_repayment": Verb.ACT,
    "take_back_repayment": Verb.RETURN,
    "enforce_recovery": Verb.AGREE,
    "propose_write_off": Verb.ACT,
    "approve_write_off": Verb.AGREE,
}

BULK: frozenset[str] = frozenset()
"""Each recovery is looked at by itself: it makes somebody owe money, or lets it go."""

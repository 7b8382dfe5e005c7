"""What each trigger of an instalment is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "release": Verb.ACT,
    "request_instalment": Verb.ACT,
    "report_milestone": Verb.ACT,
    "confirm_milestone": Verb.AGREE,
    "check_payment": Verb.AGREE,
    "approve_large_payment": Verb.AGREE,
    "approve_payment": Verb.AGREE,
    "instruct_payment": Verb.ACT,
    "recall_instruction": Verb.WITHDRAW,
    "send_payment": Verb.ACT,
    "record_payment": Verb.ACT,
    "settle_payment": Verb.ACT,
    "mark_unknown": Verb.ACT,
    "propose_resend": Verb.ACT,
    "agree_resend": Verb.AGREE,
    "propose_reversal": Verb.ACT,
    "agree_reversal": Verb.AGREE,
    "confirm_receipt": Verb.ACT,
    "hold": Verb.ACT,
    "lift_hold": Verb.ACT,
    "record_bank_return": Verb.ACT,
    "recheck_payment": Verb.AGREE,
    "cancel": Verb.REFUSE,
}

BULK: frozenset[str] = frozenset()
"""Each payment is looked at by itself."""

"""What each trigger of an award is to the person who decides; none may be pulled for many cases at once."""

from statemachines.table import Verb

VERBS: dict[str, Verb] = {
    "apply_award": Verb.ACT,
    "request_award_correction": Verb.RETURN,
    "resubmit_award": Verb.ACT,
    "lapse_award": Verb.ACT,
    "find_eligible": Verb.AGREE,
    "record_award_result": Verb.ACT,
    "propose": Verb.AGREE,
    "approve_first": Verb.AGREE,
    "approve": Verb.AGREE,
    "sign_award": Verb.ACT,
    "start_payments": Verb.AGREE,
    "confirm_progress": Verb.AGREE,
    "request_acceptance": Verb.ACT,
    "return_acceptance": Verb.RETURN,
    "record_audit": Verb.ACT,
    "record_acceptance_result": Verb.ACT,
    "accept_award": Verb.AGREE,
    "fail_acceptance": Verb.REFUSE,
    "confirm_failure": Verb.REFUSE,
    "close_award": Verb.AGREE,
    "withdraw_award": Verb.WITHDRAW,
    "reject_award": Verb.REFUSE,
    "terminate_award": Verb.REFUSE,
    "reopen_by_review": Verb.RETURN,
}

BULK: frozenset[str] = frozenset()
"""Each award is decided by itself: it binds money."""

BY_REVIEW = frozenset({"reopen_by_review"})
"""What a decided review does in the award complained about; nobody can pull it."""

"""What each trigger of an incubation is to the person who decides, and which may be pulled for many cases at once."""

from statemachines.table import Verb

ASSISTED = frozenset({"submit_assisted", "resubmit_assisted"})
"""代办: what the intake clerk hands in for an applicant who signed on paper."""

HANDED_IN = ("submit", "submit_assisted")
"""The triggers by which an application comes in."""

VERBS: dict[str, Verb] = {
    "submit": Verb.ACT,
    "submit_assisted": Verb.ACT,
    "accept_application": Verb.AGREE,
    "request_correction": Verb.RETURN,
    "resubmit": Verb.ACT,
    "resubmit_assisted": Verb.ACT,
    "lapse_uncorrected": Verb.ACT,
    "propose_not_accepting": Verb.ACT,
    "not_accept": Verb.REFUSE,
    "begin_preliminary_review": Verb.ACT,
    "open_admission_review": Verb.AGREE,
    "refuse_ineligible": Verb.REFUSE,
    "agree_admission": Verb.AGREE,
    "admit": Verb.AGREE,
    "waitlist": Verb.ACT,
    "offer_place": Verb.AGREE,
    "lapse_waitlisted": Verb.ACT,
    "reject": Verb.REFUSE,
    "confirm_admission": Verb.AGREE,
    "return_to_admission_review": Verb.RETURN,
    "record_plan": Verb.ACT,
    "sign_agreement": Verb.ACT,
    "start_incubation": Verb.AGREE,
    "lapse_unsigned": Verb.ACT,
    "start_midterm": Verb.ACT,
    "pass_midterm": Verb.AGREE,
    "order_rectification": Verb.REFUSE,
    "extend_rectification": Verb.ACT,
    "report_recheck": Verb.ACT,
    "close_rectification": Verb.AGREE,
    "fail_rectification": Verb.REFUSE,
    "suspend": Verb.ACT,
    "resume": Verb.ACT,
    "expel_after_suspension": Verb.REFUSE,
    "close_after_suspension": Verb.REFUSE,
    "request_extension": Verb.ACT,
    "grant_extension": Verb.AGREE,
    "refuse_extension": Verb.REFUSE,
    "apply_graduation": Verb.ACT,
    "request_graduation_correction": Verb.RETURN,
    "resubmit_graduation": Verb.ACT,
    "lapse_graduation_correction": Verb.ACT,
    "check_graduation_file": Verb.AGREE,
    "open_graduation_review": Verb.AGREE,
    "record_gates": Verb.ACT,
    "agree_graduation": Verb.AGREE,
    "approve_graduation": Verb.AGREE,
    "return_to_incubation": Verb.RETURN,
    "fail_graduation": Verb.REFUSE,
    "confirm_graduation": Verb.AGREE,
    "return_to_graduation_review": Verb.RETURN,
    "expire_term": Verb.ACT,
    "review_late_extension": Verb.ACT,
    "expel_expired": Verb.REFUSE,
    "request_withdrawal": Verb.WITHDRAW,
    "confirm_withdrawal": Verb.AGREE,
    "propose_expulsion": Verb.ACT,
    "start_expulsion": Verb.REFUSE,
    "accept_defence": Verb.RETURN,
    "approve_expulsion": Verb.AGREE,
    "expel": Verb.REFUSE,
    "approve_revocation": Verb.AGREE,
    "revoke_graduation": Verb.REFUSE,
    "withdraw_application": Verb.WITHDRAW,
    "reopen_by_review": Verb.RETURN,
    "change_by_review": Verb.AGREE,
}

BULK = frozenset({"accept_application", "confirm_admission"})
"""Routine: the papers are complete, the publicity ended without objection."""

BY_REVIEW = frozenset({"reopen_by_review", "change_by_review"})
"""What a decided review does in the case complained about; nobody can pull it."""

TOGETHER = frozenset({"admit", "waitlist", "reject"})
"""Results of one call for applications: each is decided by itself, and all become known at one moment."""

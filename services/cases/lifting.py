"""Who can lift what keeps a move closed: each reason of a guard with the roles that can act on it, or time alone."""

from statemachines.roles import Role

TIME = (Role.SYSTEM,)
"""Nobody has to act: the day does it."""

NOBODY: tuple[Role, ...] = ()
"""Nothing lifts it on this case; another way has to be taken."""

_APPLICANT, _MANAGER, _CLERK = (Role.APPLICANT,), (Role.CASE_MANAGER,), (Role.INTAKE_CLERK,)
_CENTRE, _SECRETARY, _BUREAU = (Role.CENTRE_MANAGER,), (Role.ASSESSMENT_SECRETARY,), (Role.CIVIL_AFFAIRS_LEADER,)

LIFTERS: dict[str, tuple[Role, ...]] = {
    "agreement.already_signed": NOBODY,
    "agreement.not_signed_by_applicant": _APPLICANT,
    "agreement.plan_not_recorded": _MANAGER,
    "application.call_closed": _CENTRE,
    "application.commitments_not_accepted": _APPLICANT,
    "application.cooling_off_not_over": TIME,
    "application.materials_missing": (Role.APPLICANT, Role.INTAKE_CLERK),
    "application.non_acceptance_not_proposed": _CLERK,
    "application.not_signed_off": _APPLICANT,
    "application.on_serious_list": (Role.CIVIL_AFFAIRS_HANDLER,),
    "application.other_case_live": (Role.APPLICANT, Role.CENTRE_MANAGER),
    "application.privacy_notice_not_accepted": _APPLICANT,
    "application.sections_open": _APPLICANT,
    "assessment.arbitration_open": _SECRETARY,
    "assessment.interests_undeclared": (Role.EVALUATOR, Role.ASSESSMENT_SECRETARY),
    "assessment.mark_not_reached": NOBODY,
    "assessment.mark_reached": NOBODY,
    "assessment.panel_too_small": _SECRETARY,
    "assessment.self_report_missing": _APPLICANT,
    "assessment.sheets_not_locked": (Role.EVALUATOR,),
    "award.amount_above_request": _CENTRE,
    "award.amount_missing": _CENTRE,
    "award.budget_exceeded": _BUREAU,
    "award.incubation_not_signed": (Role.APPLICANT, Role.CENTRE_MANAGER),
    "award.instalments_open": (Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER),
    "award.payee_not_fit": (Role.APPLICANT, Role.FINANCE_CHECKER),
    "award.score_missing": _MANAGER,
    "centre.no_place_free": _CENTRE,
    "centre.others_first": _CENTRE,
    "centre.place_free": NOBODY,
    "clock.not_due": TIME,
    "correction.items_unanswered": _APPLICANT,
    "correction.nothing_listed": _CLERK,
    "correction.rounds_used_up": NOBODY,
    "decision.already_approved": NOBODY,
    "decision.civil_affairs_not_agreed": _BUREAU,
    "decision.civil_affairs_not_needed": NOBODY,
    "decision.first_approval_missing": _CENTRE,
    "expulsion.came_from_elsewhere": NOBODY,
    "expulsion.hearing_not_over": TIME,
    "expulsion.not_proposed": _CENTRE,
    "graduation.file_not_checked": _MANAGER,
    "graduation.gates_missing": (Role.ASSESSMENT_SECRETARY, Role.APPLICANT),
    "graduation.return_not_applicable": NOBODY,
    "graduation.revocation_too_late": NOBODY,
    "graduation.too_early": TIME,
    "instalment.account_not_verified": (Role.FINANCE_CHECKER,),
    "instalment.award_not_live": _CENTRE,
    "instalment.bank_serial_missing": (Role.FINANCE_PAYER,),
    "instalment.bank_serial_used": (Role.FINANCE_PAYER,),
    "instalment.case_on_hold": _CENTRE,
    "instalment.earlier_not_confirmed": _APPLICANT,
    "instalment.held_elsewhere": NOBODY,
    "instalment.milestone_not_reported": _MANAGER,
    "instalment.not_earned": _MANAGER,
    "midterm.not_due": TIME,
    "midterm.not_passed": _CENTRE,
    "preliminary_review.lists_not_checked": _MANAGER,
    "preliminary_review.not_found_eligible": _MANAGER,
    "preliminary_review.not_found_ineligible": _MANAGER,
    "preliminary_review.two_visitors_needed": _MANAGER,
    "publicity.no_objection_upheld": NOBODY,
    "publicity.not_over": TIME,
    "publicity.objection_open": _CENTRE,
    "publicity.objection_upheld": NOBODY,
    "rectification.already_extended": NOBODY,
    "rectification.not_failed": NOBODY,
    "rectification.recheck_not_passed": (Role.APPLICANT, Role.CASE_MANAGER),
    "suspension.allowance_used_up": NOBODY,
    "term.extension_used": NOBODY,
    "term.too_late": NOBODY,
    "withdrawal.accounts_unsettled": (Role.APPLICANT, Role.FINANCE_CHECKER),
    "withdrawal.assets_not_returned": (Role.APPLICANT, Role.CASE_MANAGER),
}


def lifters(code: str, *, by: tuple[Role, ...]) -> tuple[Role, ...]:
    """The roles that can lift the reason on a move of `by`; another person of the same roles lifts a joined duty."""
    return by if code == "case.duties_must_be_separate" else LIFTERS.get(code, NOBODY)

"""Edition 1 of the award case: every state and every move, one line each (policy heading 四(三) 加大资金扶持力度)."""

from statemachines import publicity as p
from statemachines.award import guards as g
from statemachines.award.facts import AwardFacts
from statemachines.award.forms import FORMS
from statemachines.award.verbs import BULK, BY_REVIEW, VERBS
from statemachines.roles import Role
from statemachines.table import (
    Act,
    Book,
    CancelUnpaid,
    Issue,
    Limit,
    Move,
    Notify,
    OpenAssessment,
    OpenRecovery,
    PlanInstalments,
    Process,
    Release,
    State,
)

APPLICANT, CASE_MANAGER, MANAGER, BUREAU = Role.APPLICANT, Role.CASE_MANAGER, Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER
SECRETARY, EVALUATOR, TIMER = Role.ASSESSMENT_SECRETARY, Role.EVALUATOR, Role.SYSTEM
MONEY = frozenset({"receive_money"})

# fmt: off
STATES = (
    #     code name        label           English               stage   who is waited for        clocks                                     more
    State("DRAFT",         "草稿",         "draft",              "申请", (APPLICANT,)),
    State("APPLIED",       "已申请",       "applied",            "申请", (CASE_MANAGER,),         (Limit("award_intake"),)),
    State("CORRECTION",    "申请补正",     "correction",         "申请", (APPLICANT,),            (Limit("correction", "lapse_award"),),     pauses=("award_intake",)),
    State("ELIGIBLE",      "符合条件",     "eligible",           "评审", (EVALUATOR, SECRETARY),  (Limit("award_review"),)),
    State("SCORED",        "评审完毕",     "scored",             "评审", (MANAGER,),              (Limit("award_review"),)),
    State("PUBLICITY",     "公示中",       "publicity",          "评审", (BUREAU, MANAGER),       (Limit("publicity"),)),
    State("APPROVED",      "已批准",       "approved",           "协议", (APPLICANT,),            (Limit("award_signing"),)),
    State("AGREEMENT",     "待甲方签署",   "agreement",          "协议", (MANAGER,),              (Limit("award_signing"),)),
    State("EXECUTING",     "执行中",       "executing",          "执行", (),                      (Limit("award_final_report", dated=True),), permits=MONEY, rests=True),
    State("ACCEPTANCE",    "结项验收",     "acceptance",         "验收", (EVALUATOR, SECRETARY, CASE_MANAGER, MANAGER, BUREAU), (Limit("acceptance_review"),), permits=MONEY),
    State("ACCEPTED",      "验收通过",     "accepted",           "验收", (MANAGER,),              (),                                        permits=MONEY, rests=True),
    State("CLOSED",        "已结项",       "closed",             "完结", final=True),
    State("REJECTED",      "不予资助",     "rejected",           "完结", final=True),
    State("WITHDRAWN",     "已撤回",       "withdrawn",          "完结", final=True),
    State("TERMINATED",    "已终止",       "terminated",         "完结", final=True),
)

ASKED = ("APPLIED", "CORRECTION", "ELIGIBLE", "SCORED", "PUBLICITY")
UNDER_AGREEMENT = ("APPROVED", "AGREEMENT", "EXECUTING", "ACCEPTANCE", "ACCEPTED")

MOVES: tuple[Move[AwardFacts], ...] = (
    #    row    trigger                     label               English                       from                         to             by                guards                                                                                                                              effects                                                                     duty
    Move("W01", "apply_award",              "申请资助",         "apply for an award",         ("DRAFT",),                  "APPLIED",     (APPLICANT,),     (g.amount_requested, g.call_open, g.called_for, g.within_ceiling, g.plan_fits, g.not_operator),                                     (Notify("award_applied", (CASE_MANAGER,)),),                                "apply"),
    Move("W01a", "request_award_correction", "退回补正",        "return for correction",      ("APPLIED",),                "CORRECTION",  (CASE_MANAGER,),  (g.correction_listed, g.correction_rounds_left),                                                                                    (Issue("correction_notice"),),                                              "manage"),
    Move("W01b", "resubmit_award",          "提交补正",         "hand in the correction",     ("CORRECTION",),             "APPLIED",     (APPLICANT,),     (g.correction_answered, g.within_ceiling),                                                                                          (Notify("award_resubmitted", (CASE_MANAGER,)),),                            "apply"),
    Move("W01c", "lapse_award",             "逾期未补正",       "lapse uncorrected",          ("CORRECTION",),             "WITHDRAWN",   (TIMER,),         (g.correction_overdue,),                                                                                                            (Notify("award_lapsed", (APPLICANT,)),)),
    Move("W02", "find_eligible",            "符合资助条件",     "find eligible",              ("APPLIED",),                "ELIGIBLE",    (CASE_MANAGER,),  (g.payee_fit,),                                                                                                                     (OpenAssessment("award"),),                                                 "manage"),
    Move("W02a", "record_award_result",     "登记评审结果",     "record the panel's result",  ("ELIGIBLE",),               "SCORED",      (SECRETARY,),     (g.all_sheets_locked, g.arbitration_settled, g.sheets_there, g.no_sheets_beside_panel),                                             (Notify("award_scored", (MANAGER,)),),                                      "convene"),
    Move("W03", "propose",                  "拟资助并公示",     "propose, publish",           ("SCORED",),                 "PUBLICITY",   (MANAGER,),       (g.score_recorded, g.mark_reached, g.amount_within_request, g.amount_within_advice, g.less_explained, g.call_scored, g.in_order, g.budget_covers), (Issue("publicity_notice"), Notify("award_proposed", (APPLICANT, BUREAU))), "decide"),
    Move("W04", "approve_first",            "中心同意资助",     "approve for the centre",     ("PUBLICITY",),              "PUBLICITY",   (MANAGER,),       (p.publicity_over, p.no_objection_open, p.no_objection_upheld, g.not_yet_approved),                                                 (Notify("award_first_approved", (BUREAU,)),),                               "decide"),
    Move("W05", "approve",                  "批准资助",         "approve the award",          ("PUBLICITY",),              "APPROVED",    (BUREAU,),        (p.publicity_over, p.no_objection_open, p.no_objection_upheld, g.not_operator, g.two_approvals, g.budget_covers),                   (Book("commit"), PlanInstalments(), Issue("award_notice")),                 "confirm"),
    Move("W06", "sign_award",               "签订资助协议",     "sign the award agreement",   ("APPROVED",),               "AGREEMENT",   (APPLICANT,),     (),                                                                                                                                 (Notify("award_signed", (MANAGER,)),),                                      "apply"),
    Move("W07", "start_payments",           "协议生效",         "agreement in force",         ("AGREEMENT",),              "EXECUTING",   (MANAGER,),       (g.signed_by_payee, g.incubation_signed),                                                                                           (Issue("award_agreement"), Release(1)),                                     "decide"),
    Move("W07a", "confirm_progress",        "中期检查通过",     "pass the check halfway",     ("EXECUTING",),              "EXECUTING",   (MANAGER,),       (g.stands_alone, g.expenses_told),                                                                                                  (Release(2),),                                                              "decide"),
    Move("W08", "request_acceptance",       "申请结项验收",     "ask for acceptance",         ("EXECUTING",),              "ACCEPTANCE",  (APPLICANT,),     (g.expenses_told,),                                                                                                                 (OpenAssessment("acceptance"), Notify("acceptance_requested", (CASE_MANAGER,))), "apply"),
    Move("W08a", "return_acceptance",       "退回补充结项材料", "return the final report",    ("ACCEPTANCE",),             "EXECUTING",   (CASE_MANAGER,),  (g.failure_not_found,),                                                                                                             (Notify("acceptance_returned", (APPLICANT,)),),                             "manage"),
    Move("W08b", "record_audit",            "登记外部审计",     "record the external audit",  ("ACCEPTANCE",),             "ACCEPTANCE",  (CASE_MANAGER,),  (g.audit_asked,),                                                                                                                   (),                                                                         "manage"),
    Move("W08c", "record_acceptance_result", "登记验收评分",    "record the acceptance score", ("ACCEPTANCE",),            "ACCEPTANCE",  (SECRETARY,),     (g.all_sheets_locked, g.arbitration_settled, g.sheets_there, g.no_sheets_beside_panel),                                             (Notify("acceptance_scored", (MANAGER,)),),                                 "convene"),
    Move("W08d", "accept_award",            "验收通过",         "accept",                     ("ACCEPTANCE",),             "ACCEPTED",    (MANAGER,),       (g.acceptance_scored, g.acceptance_reached, g.audited, g.failure_not_found),                                                        (Issue("acceptance_report"), Release(3)),                                   "decide"),
    Move("W08e", "fail_acceptance",         "验收不合格意见",   "propose failure",            ("ACCEPTANCE",),             "ACCEPTANCE",  (MANAGER,),       (g.acceptance_scored, g.acceptance_missed, g.audited, g.failure_not_found),                                                         (Notify("failure_proposed", (BUREAU,)),),                                   "decide"),
    Move("W08f", "confirm_failure",         "确认验收不合格",   "confirm the failure",        ("ACCEPTANCE",),             "TERMINATED",  (BUREAU,),        (g.failure_found,),                                                                                                                 (CancelUnpaid(), OpenRecovery("failed_acceptance"), Issue("acceptance_report"), Notify("acceptance_failed", (APPLICANT, MANAGER))), "confirm"),
    Move("W08g", "close_award",             "结项",             "close the award",            ("ACCEPTED",),               "CLOSED",      (MANAGER,),       (g.instalments_settled, g.balance_returned),                                                                                        (Notify("award_closed", (APPLICANT,)),),                                    "decide"),
    Move("W09", "reject_award",             "不予资助",         "reject the award",           ("APPLIED", "ELIGIBLE", "SCORED", "PUBLICITY"), "REJECTED", (MANAGER,), (),                                                                                                                                (Notify("award_rejected", (APPLICANT,)),),                                  "decide"),
    Move("W09a", "withdraw_award",          "撤回申请",         "withdraw the application",   ASKED,                       "WITHDRAWN",   (APPLICANT,),     (),                                                                                                                                 (Notify("award_withdrawn", (CASE_MANAGER,)),),                              "apply"),
    Move("W10", "terminate_award",          "终止资助",         "terminate the award",        UNDER_AGREEMENT,             "TERMINATED",  (BUREAU,),        (),                                                                                                                                 (CancelUnpaid(), OpenRecovery("unspent"), Notify("award_terminated", (APPLICANT,))),                 "confirm"),
    # What a decided review orders, carried out by the system; the only row that leaves an end.
    Move("R01", "reopen_by_review",         "复核发回：重新审核", "remanded: looked at anew", ("REJECTED",),               "APPLIED",     (TIMER,),         (g.review_orders_new_look,),                                                                                                        (Notify("reopened_by_review", (CASE_MANAGER, MANAGER)),)),
)

ACTS = (Act("lock_score_sheet", "score", (EVALUATOR,), ("ELIGIBLE", "ACCEPTANCE")),)

# Two approvers of different offices; who manages, convenes, scores, decides and applies are different people.
CONFLICTS = (
    ("manage", "decide"), ("manage", "confirm"), ("decide", "confirm"), ("apply", "manage"), ("apply", "decide"), ("apply", "confirm"),
    ("manage", "score"), ("score", "convene"), ("score", "decide"), ("score", "confirm"), ("apply", "convene"), ("apply", "score"),
)
# fmt: on

PROCESS = Process(
    kind="award",
    edition=1,
    zh="资助",
    en="award",
    initial="DRAFT",
    states=STATES,
    moves=MOVES,
    facts=AwardFacts,
    conflicts=CONFLICTS,
    acts=ACTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
    by_review=BY_REVIEW,
)

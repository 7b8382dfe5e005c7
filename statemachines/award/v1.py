"""Edition 1 of the award case: every state and every move, one line each (policy heading 四(三) 加大资金扶持力度)."""

from statemachines import publicity as p
from statemachines.award import guards as g
from statemachines.award.facts import AwardFacts
from statemachines.award.forms import FORMS
from statemachines.award.verbs import BULK, BY_REVIEW, VERBS
from statemachines.roles import Role
from statemachines.table import Book, CancelUnpaid, Issue, Limit, Move, Notify, PlanInstalments, Process, Release, State

APPLICANT, CASE_MANAGER, MANAGER, BUREAU = Role.APPLICANT, Role.CASE_MANAGER, Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER
MONEY = frozenset({"receive_money"})

# fmt: off
STATES = (
    #     code name        label           English               stage   who is waited for   clocks                                     more
    State("DRAFT",         "草稿",         "draft",              "申请", (APPLICANT,)),
    State("APPLIED",       "已申请",       "applied",            "申请", (CASE_MANAGER,),    (Limit("award_intake"),)),
    State("ELIGIBLE",      "符合条件",     "eligible",           "评审", (MANAGER,),         (Limit("award_review"),)),
    State("PUBLICITY",     "公示中",       "publicity",          "评审", (BUREAU, MANAGER),  (Limit("publicity"),)),
    State("APPROVED",      "已批准",       "approved",           "协议", (APPLICANT,),       (Limit("award_signing"),)),
    State("EXECUTING",     "执行中",       "executing",          "执行", (),                 (),                                        permits=MONEY, rests=True),
    State("CLOSED",        "已结项",       "closed",             "完结", final=True),
    State("REJECTED",      "不予资助",     "rejected",           "完结", final=True),
    State("TERMINATED",    "已终止",       "terminated",         "完结", final=True),
)

MOVES: tuple[Move[AwardFacts], ...] = (
    #    row    trigger            label             English                       from                         to             by                    guards                                                              effects                                                                     duty
    Move("W01", "apply_award",     "申请资助",       "apply for an award",         ("DRAFT",),                  "APPLIED",     (APPLICANT,),         (g.amount_requested,),                                              (Notify("award_applied", (CASE_MANAGER,)),),                                "apply"),
    Move("W02", "find_eligible",   "符合资助条件",   "find eligible",              ("APPLIED",),                "ELIGIBLE",    (CASE_MANAGER,),      (g.payee_fit,),                                                     (Notify("award_eligible", (MANAGER,)),),                                    "manage"),
    Move("W03", "propose",         "拟资助并公示",   "propose, publish",           ("ELIGIBLE",),               "PUBLICITY",   (MANAGER,),           (g.amount_within_request, g.score_recorded, g.budget_covers),       (Notify("award_proposed", (APPLICANT, BUREAU)),),                           "decide"),
    Move("W04", "approve_first",   "中心同意资助",   "approve for the centre",     ("PUBLICITY",),              "PUBLICITY",   (MANAGER,),           (p.publicity_over, p.no_objection_open, p.no_objection_upheld, g.not_yet_approved),(Notify("award_first_approved", (BUREAU,)),),                               "decide"),
    Move("W05", "approve",         "批准资助",       "approve the award",          ("PUBLICITY",),              "APPROVED",    (BUREAU,),            (p.publicity_over, p.no_objection_open, p.no_objection_upheld, g.two_approvals, g.budget_covers), (Book("commit"), PlanInstalments(), Issue("award_notice")),          "confirm"),
    Move("W06", "sign_award",      "签订资助协议",   "sign the award agreement",   ("APPROVED",),               "APPROVED",    (APPLICANT,),         (g.not_yet_signed,),                                                (Notify("award_signed", (MANAGER,)),),                                      "apply"),
    Move("W07", "start_payments",  "协议生效",       "agreement in force",         ("APPROVED",),               "EXECUTING",   (MANAGER,),           (g.signed_by_payee, g.incubation_signed),                           (Release(1),),                                                              "decide"),
    Move("W08", "close_award",     "结项",           "close the award",            ("EXECUTING",),              "CLOSED",      (MANAGER,),           (g.instalments_settled,),                                           (Notify("award_closed", (APPLICANT,)),),                                    "decide"),
    Move("W09", "reject_award",    "不予资助",       "reject the award",           ("APPLIED", "ELIGIBLE", "PUBLICITY"), "REJECTED", (MANAGER,),     (),                                                                 (Notify("award_rejected", (APPLICANT,)),),                                  "decide"),
    Move("W10", "terminate_award", "终止资助",       "terminate the award",        ("APPROVED", "EXECUTING"),   "TERMINATED",  (BUREAU,),            (),                                                                 (CancelUnpaid(), Notify("award_terminated", (APPLICANT,))),                 "confirm"),
    # What a decided review orders, carried out by the system; the only row that leaves an end.
    Move("R01", "reopen_by_review", "复核发回：重新审核", "remanded: looked at anew",    ("REJECTED",),               "APPLIED",     (Role.SYSTEM,),       (g.review_orders_new_look,),                                        (Notify("reopened_by_review", (CASE_MANAGER, MANAGER)),)),
)

# Two approvers of different offices; the case manager, the decider and the applicant are different people.
CONFLICTS = (("manage", "decide"), ("manage", "confirm"), ("decide", "confirm"), ("apply", "manage"), ("apply", "decide"), ("apply", "confirm"))
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
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
    by_review=BY_REVIEW,
)

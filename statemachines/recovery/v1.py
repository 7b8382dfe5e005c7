"""Edition 1 of the recovery: every state and every move, one line each; nobody decides alone that money is owed back."""

from statemachines.recovery import guards as g
from statemachines.recovery.facts import RecoveryFacts
from statemachines.recovery.forms import FORMS
from statemachines.recovery.verbs import BULK, VERBS
from statemachines.roles import Role
from statemachines.table import Book, Issue, Limit, Move, Notify, Process, State

APPLICANT, CASE_MANAGER, MANAGER, BUREAU = Role.APPLICANT, Role.CASE_MANAGER, Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER
MAKER, CHECKER, PAYER, SYSTEM = Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER, Role.SYSTEM
REPAY = Limit("recovery_repayment", dated=True)

# fmt: off
STATES = (
    #     code name        label           English                stage   who is waited for           clocks
    State("FINDING",       "核查线索",     "finding",             "核查", (CASE_MANAGER, MANAGER),    (Limit("recovery_notice"),)),
    State("NOTICE_SERVED", "已告知追回",   "notice served",       "告知", (APPLICANT, CASE_MANAGER),  (Limit("recovery_reply"),)),
    State("REPLIED",       "已陈述申辩",   "replied",             "告知", (CASE_MANAGER,),            (Limit("recovery_proposal"),)),
    State("PROPOSED",      "拟追回",       "recovery proposed",   "决定", (MANAGER, BUREAU),          (Limit("recovery_decision"),)),
    State("DECIDED",       "已决定追回",   "recovery decided",    "决定", (MAKER,),                   (REPAY,)),
    State("REPAYING",      "待归还",       "repaying",            "归还", (PAYER, APPLICANT),         (REPAY,)),
    State("PARTIAL",       "部分归还",     "partly repaid",       "归还", (PAYER, APPLICANT),         (REPAY,)),
    State("ENFORCED",      "追缴中",       "being enforced",      "归还", (PAYER, MAKER)),
    State("REPAID",        "已全部归还",   "repaid",              "完结", goal=True),
    State("WRITTEN_OFF",   "已核销",       "written off",         "完结", final=True),
    State("DROPPED",       "不予追回",     "finding dropped",     "完结", final=True),
)

BEFORE_DECISION = ("FINDING", "NOTICE_SERVED", "REPLIED", "PROPOSED")
OWED = ("REPAYING", "PARTIAL", "ENFORCED")
PAID_BACK = (Book("recovery_repaid"), Notify("recovery_repaid", (APPLICANT, MAKER)))
SOME_PAID_BACK = (Book("recovery_repaid"), Notify("recovery_part_repaid", (APPLICANT, MAKER)))

MOVES: tuple[Move[RecoveryFacts], ...] = (
    #    row     trigger              label             English                     from               to               by               guards                                                                                                            effects                                                                                          duty
    Move("F01",  "serve_notice",      "告知拟追回",     "serve the notice",         ("FINDING",),      "NOTICE_SERVED", (CASE_MANAGER,), (g.something_to_recover, g.none_decided, g.no_review_open),                                                       (Issue("recovery_notice"), Notify("recovery_intended", (APPLICANT,))),                            "manage"),
    Move("F02",  "reply_recovery",    "陈述申辩",       "reply",                    ("NOTICE_SERVED",), "REPLIED",      (APPLICANT,),    (),                                                                                                               (Notify("recovery_replied", (CASE_MANAGER,)),),                                                  "apply"),
    Move("F03a", "propose_recovery",  "提议追回",       "propose the recovery",     ("NOTICE_SERVED",), "PROPOSED",     (CASE_MANAGER,), (g.reply_over, g.amount_within_notice, g.amount_still_kept),                                                      (Notify("recovery_proposed", (MANAGER,)),),                                                      "manage"),
    Move("F03b", "propose_recovery",  "提议追回",       "propose the recovery",     ("REPLIED",),      "PROPOSED",      (CASE_MANAGER,), (g.amount_within_notice, g.amount_still_kept),                                                                    (Notify("recovery_proposed", (MANAGER,)),),                                                      "manage"),
    Move("F04",  "approve_recovery",  "中心同意追回",   "approve for the centre",   ("PROPOSED",),     "PROPOSED",      (MANAGER,),      (g.not_yet_approved,),                                                                                            (Notify("recovery_first_approved", (BUREAU,)),),                                                 "decide"),
    Move("F05",  "decide_recovery",   "决定追回",       "decide the recovery",      ("PROPOSED",),     "DECIDED",       (BUREAU,),       (g.first_approval_given, g.amount_within_notice, g.amount_still_kept, g.none_decided, g.no_review_open),          (Book("recovery_decided"), Issue("recovery_notice"), Notify("recovery_to_collect", (MAKER,))),    "confirm"),
    Move("F06",  "return_proposal",   "退回重新核查",   "return for another look",  ("PROPOSED",),     "FINDING",       (BUREAU,),       (),                                                                                                               (Notify("recovery_returned", (CASE_MANAGER, MANAGER)),),                                         "confirm"),
    Move("F07",  "drop_finding",      "不予追回",       "drop the finding",         BEFORE_DECISION,   "DROPPED",       (MANAGER,),      (),                                                                                                               (Notify("recovery_dropped", (APPLICANT, CASE_MANAGER)),),                                        "decide"),
    Move("F08",  "start_repayment",   "落实归还安排",   "arrange the repayment",    ("DECIDED",),      "REPAYING",      (MAKER,),        (g.plan_adds_up, g.no_review_open),                                                                               (Notify("recovery_repayment_due", (APPLICANT, PAYER)),),                                         "make"),
    Move("F09a", "agree_plan",        "同意分期归还",   "agree on a plan",          ("REPAYING",),     "REPAYING",      (MAKER,),        (g.plan_adds_up,),                                                                                                (Notify("recovery_plan_agreed", (APPLICANT, PAYER)),),                                           "make"),
    Move("F09b", "agree_plan",        "同意分期归还",   "agree on a plan",          ("PARTIAL",),      "PARTIAL",       (MAKER,),        (g.plan_adds_up,),                                                                                                (Notify("recovery_plan_agreed", (APPLICANT, PAYER)),),                                           "make"),
    Move("F09c", "ask_for_plan",      "申请分期归还",   "ask for a plan",           ("REPAYING",),     "REPAYING",      (APPLICANT,),    (),                                                                                                               (Notify("recovery_plan_asked", (MAKER,)),),                                                      "apply"),
    Move("F09d", "ask_for_plan",      "申请分期归还",   "ask for a plan",           ("PARTIAL",),      "PARTIAL",       (APPLICANT,),    (),                                                                                                               (Notify("recovery_plan_asked", (MAKER,)),),                                                      "apply"),
    Move("F10a", "record_repayment",  "登记归还到账",   "record a repayment",       ("REPAYING", "PARTIAL"), "PARTIAL", (PAYER,),        (g.repayment_within, g.rest_remains),                                                                             SOME_PAID_BACK,                                                                                  "pay"),
    Move("F10b", "record_repayment",  "登记归还到账",   "record a repayment",       ("ENFORCED",),     "ENFORCED",      (PAYER,),        (g.repayment_within, g.rest_remains),                                                                             SOME_PAID_BACK,                                                                                  "pay"),
    Move("F10c", "record_repayment",  "登记归还到账",   "record the last repayment", OWED,             "REPAID",        (PAYER,),        (g.repayment_within, g.rest_settled),                                                                             PAID_BACK,                                                                                       "pay"),
    # What finance reverses in the book counts as not repaid, wherever the case stands by then.
    Move("F10d", "take_back_repayment", "归还登记已冲销", "repayment reversed",      ("PARTIAL", "REPAID"), "PARTIAL",  (SYSTEM,),       (g.something_owed,),                                                                                              (Notify("recovery_repayment_reversed", (APPLICANT, MAKER)),)),
    Move("F10e", "take_back_repayment", "归还登记已冲销", "repayment reversed",      ("ENFORCED",),     "ENFORCED",      (SYSTEM,),       (g.something_owed,),                                                                                              (Notify("recovery_repayment_reversed", (APPLICANT, MAKER)),)),
    Move("F11",  "enforce_recovery",  "依法追缴",       "enforce",                  ("REPAYING", "PARTIAL"), "ENFORCED", (MANAGER,),     (g.repayment_overdue, g.no_review_open),                                                                          (Notify("recovery_enforced", (APPLICANT, BUREAU, MAKER)),),                                      "decide"),
    Move("F12a", "propose_write_off", "提议核销",       "propose to write off",     ("REPAYING",),     "REPAYING",      (MAKER,),        (g.repayment_overdue,),                                                                                           (Notify("recovery_write_off_proposed", (CHECKER,)),),                                            "make"),
    Move("F12b", "propose_write_off", "提议核销",       "propose to write off",     ("PARTIAL",),      "PARTIAL",       (MAKER,),        (g.repayment_overdue,),                                                                                           (Notify("recovery_write_off_proposed", (CHECKER,)),),                                            "make"),
    Move("F12c", "propose_write_off", "提议核销",       "propose to write off",     ("ENFORCED",),     "ENFORCED",      (MAKER,),        (),                                                                                                               (Notify("recovery_write_off_proposed", (CHECKER,)),),                                            "make"),
    Move("F13",  "approve_write_off", "批准核销",       "approve the write-off",    OWED,              "WRITTEN_OFF",   (CHECKER,),      (g.write_off_proposed,),                                                                                          (Book("recovery_written_off"), Notify("recovery_written_off", (APPLICANT, MANAGER))),             "check"),
)

# The finding, its approval and its confirmation are three people; so are whoever makes out, checks and receives the
# money; and nobody of the organization has a part in it (award rules: two approvers of different units).
CONFLICTS = (
    ("manage", "decide"), ("manage", "confirm"), ("decide", "confirm"), ("make", "check"), ("make", "pay"), ("check", "pay"),
    ("apply", "manage"), ("apply", "decide"), ("apply", "confirm"), ("apply", "make"), ("apply", "check"), ("apply", "pay"),
)
# fmt: on

PROCESS = Process(
    kind="recovery",
    edition=1,
    zh="资金追回",
    en="recovery",
    initial="FINDING",
    states=STATES,
    moves=MOVES,
    facts=RecoveryFacts,
    conflicts=CONFLICTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

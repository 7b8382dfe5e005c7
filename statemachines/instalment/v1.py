"""Edition 1 of the instalment: every state and every move, one line each; maker, checker and payer are three people."""

from statemachines.instalment import guards as g
from statemachines.instalment.facts import InstalmentFacts
from statemachines.instalment.forms import FORMS
from statemachines.instalment.verbs import BULK, VERBS
from statemachines.roles import Role
from statemachines.table import Book, Issue, Limit, Move, Notify, Process, State

APPLICANT, CASE_MANAGER, MANAGER, BUREAU = Role.APPLICANT, Role.CASE_MANAGER, Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER
MAKER, CHECKER, PAYER, SYSTEM = Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER, Role.SYSTEM

# fmt: off
STATES = (
    #     code name              label             English                 stage   who is waited for             clocks
    State("PLANNED",             "待达标",         "planned",              "计划", (SYSTEM,)),
    State("RELEASED",            "可申请",         "released",             "计划", (APPLICANT,)),
    State("REQUESTED",           "已申请拨付",     "requested",            "审核", (CASE_MANAGER, MANAGER),      (Limit("instalment_milestone"),)),
    State("MILESTONE_CONFIRMED", "节点已确认",     "milestone confirmed",  "审核", (MAKER,),                     (Limit("instalment_check"),)),
    State("CHECKED",             "已制单",         "checked",              "审核", (CHECKER, BUREAU),            (Limit("instalment_approval"),)),
    State("APPROVED",            "已审批",         "approved",             "支付", (MAKER,),                     (Limit("instalment_instruction"),)),
    State("INSTRUCTED",          "已下达指令",     "instructed",           "支付", (PAYER,),                     (Limit("instalment_payment"),)),
    State("PAID",                "已支付",         "paid",                 "支付", (APPLICANT,),                 (Limit("instalment_receipt"),)),
    State("RETURNED",            "银行退回",       "returned by the bank", "支付", (MAKER,),                     (Limit("instalment_check"),)),
    State("HELD",                "暂缓",           "held",                 "暂缓", (MANAGER,),                   (Limit("instalment_hold"),)),
    State("CONFIRMED",           "已确认收款",     "confirmed",            "完结", final=True),
    State("CANCELLED",           "已取消",         "cancelled",            "完结", final=True),
)

BEFORE_INSTRUCTION = ("PLANNED", "RELEASED", "REQUESTED", "MILESTONE_CONFIRMED", "CHECKED", "APPROVED")

MOVES = (
    #    row     trigger                  label                 English                   from                     to                     by                          guards                                                                                                     effects                                                                duty
    Move("P01",  "release",               "达标解锁",           "release",                ("PLANNED",),            "RELEASED",            (SYSTEM,),                  (g.earned, g.award_live),                                                                                  (Notify("instalment_released", (APPLICANT,)),)),
    Move("P02",  "request_instalment",    "申请拨付",           "request",                ("RELEASED",),           "REQUESTED",           (APPLICANT,),               (g.earned, g.earlier_confirmed, g.earlier_reported, g.incubation_permits_money),                           (Notify("instalment_requested", (CASE_MANAGER,)),),                    "apply"),
    Move("P03a", "report_milestone",      "专员核实节点",       "report the milestone",   ("REQUESTED",),          "REQUESTED",           (CASE_MANAGER,),            (g.milestone_not_reported,),                                                                               (Notify("milestone_reported", (MANAGER,)),),                           "manage"),
    Move("P03",  "confirm_milestone",     "确认节点",           "confirm the milestone",  ("REQUESTED",),          "MILESTONE_CONFIRMED", (MANAGER,),                 (g.milestone_reported, g.award_live, g.incubation_permits_money),                                          (Notify("milestone_confirmed", (MAKER,)),),                            "decide"),
    Move("P04",  "check_payment",         "财务制单",           "make the payment order", ("MILESTONE_CONFIRMED",), "CHECKED",            (MAKER,),                   (g.account_verified, g.award_live),                                                                        (Notify("payment_made_out", (CHECKER,)),),                             "make"),
    Move("P05a", "approve_large_payment", "大额拨付同意",       "agree to a large sum",   ("CHECKED",),            "CHECKED",             (BUREAU,),                  (g.large_amount, g.not_yet_large_approved, g.account_unchanged),                                                                (),                                                                    "confirm"),
    Move("P05",  "approve_payment",       "审批拨付",           "approve the payment",    ("CHECKED",),            "APPROVED",            (CHECKER,),                 (g.earlier_confirmed, g.large_approved, g.award_live, g.incubation_permits_money, g.account_unchanged),                         (Notify("payment_approved", (MAKER,)),),                               "check"),
    Move("P06",  "instruct_payment",      "下达拨付指令",       "instruct the payment",   ("APPROVED",),           "INSTRUCTED",          (MAKER,),                   (g.account_verified, g.account_unchanged, g.award_live, g.incubation_permits_money, g.earlier_confirmed),                       (Book("instruct"), Issue("disbursement_notice", (APPLICANT, PAYER))),  "make"),
    Move("P07",  "record_payment",        "登记付款",           "record the payment",     ("INSTRUCTED",),         "PAID",                (PAYER,),                   (g.bank_serial_given, g.bank_serial_new),                                                                  (Book("pay"), Notify("instalment_paid", (APPLICANT,))),                "pay"),
    Move("P08",  "confirm_receipt",       "确认收款",           "confirm receipt",        ("PAID",),               "CONFIRMED",           (APPLICANT,),               (),                                                                                                        (Issue("receipt_confirmation"), Notify("receipt_confirmed", (MAKER,))), "apply"),
    Move("P09",  "hold",                  "暂缓拨付",           "hold",                   BEFORE_INSTRUCTION,      "HELD",                (MANAGER, CHECKER, SYSTEM), (),                                                                                                        (Notify("instalment_held", (APPLICANT,)),)),
    Move("P10a", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "PLANNED",             (MANAGER, CHECKER, SYSTEM), (g.was_planned, g.incubation_permits_money),                                                               (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10b", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "RELEASED",            (MANAGER, CHECKER, SYSTEM), (g.was_released, g.incubation_permits_money),                                                              (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10c", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "REQUESTED",           (MANAGER, CHECKER, SYSTEM), (g.was_requested, g.incubation_permits_money),                                                             (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10d", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "MILESTONE_CONFIRMED", (MANAGER, CHECKER, SYSTEM), (g.was_milestone_confirmed, g.incubation_permits_money),                                                   (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10e", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "CHECKED",             (MANAGER, CHECKER, SYSTEM), (g.was_checked, g.account_unchanged, g.incubation_permits_money),                                                               (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10f", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "APPROVED",            (MANAGER, CHECKER, SYSTEM), (g.was_approved, g.account_unchanged, g.incubation_permits_money),                                                              (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P11",  "record_bank_return",    "登记银行退回",       "record the bank return", ("INSTRUCTED",),         "RETURNED",            (PAYER,),                   (),                                                                                                        (Book("bank_return"), Notify("payment_returned", (MAKER,))),           "pay"),
    Move("P12",  "recheck_payment",       "重新制单",           "make out again",         ("RETURNED",),           "CHECKED",             (MAKER,),                   (g.account_verified, g.award_live),                                                                        (Notify("payment_made_out", (CHECKER,)),),                             "make"),
    Move("P13",  "cancel",                "取消拨付",           "cancel",                 (*BEFORE_INSTRUCTION, "RETURNED", "HELD"), "CANCELLED", (SYSTEM,),          (),                                                                                                        (Book("release_commitment"), Notify("instalment_cancelled", (APPLICANT,)))),
)

# Maker, checker and payer of one payment are three people, and none of them is its payee (会计法: duties incompatible).
CONFLICTS = (
    ("make", "check"), ("check", "pay"), ("make", "pay"), ("confirm", "make"), ("confirm", "check"), ("confirm", "pay"), ("manage", "decide"), ("decide", "confirm"),
    ("apply", "manage"), ("apply", "decide"), ("apply", "make"), ("apply", "check"), ("apply", "confirm"), ("apply", "pay"),
)
# fmt: on

PROCESS = Process(
    kind="instalment",
    edition=1,
    zh="分期拨付",
    en="instalment",
    initial="PLANNED",
    states=STATES,
    moves=MOVES,
    facts=InstalmentFacts,
    conflicts=CONFLICTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

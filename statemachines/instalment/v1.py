"""Edition 1 of the instalment: every state and every move, one line each; maker, checker and payer are three people.

From APPROVED on it is a saga: what the bank did is learned afterwards, and nothing is done twice meanwhile.
P06 books the payable and writes the attempt with its reference in one commit; P06b happens inside the release of a
batch, only while D31 is drawn and account and award are what was approved; the bank is called after that commit and, by
software, once for each attempt (a bank that knows references may be asked again under the same one). Without a clear
answer: P07b. What is unknown is settled by the bank's later word or a statement (P07a, P11a), or paid again by two
people once a statement that covers the day does not show it (P07c, P07d), as a new attempt under a new reference. The
table of attempts itself refuses a second one beside one that is under way, unknown or paid.
"""

from statemachines.instalment import guards as g
from statemachines.instalment.facts import InstalmentFacts
from statemachines.instalment.forms import FORMS
from statemachines.instalment.verbs import BULK, VERBS
from statemachines.roles import Role
from statemachines.table import Book, Issue, Limit, Move, Notify, Process, RevokePaper, State

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
    State("INSTRUCTED",          "已下达指令",     "instructed",           "支付", (MAKER, PAYER),               (Limit("instalment_payment"),)),
    State("SENT",                "已送银行",       "sent to the bank",     "支付", (PAYER,),                     (Limit("instalment_payment"),)),
    State("UNKNOWN",             "结果不明",       "outcome unknown",      "支付", (PAYER, CHECKER),             (Limit("instalment_unknown"),)),
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
    Move("P06",  "instruct_payment",      "下达拨付指令",       "instruct the payment",   ("APPROVED",),           "INSTRUCTED",          (MAKER,),                   (g.account_verified, g.account_unchanged, g.award_live, g.incubation_permits_money, g.earlier_confirmed),  (Book("instruct"), Issue("disbursement_notice", (APPLICANT, PAYER))),   "make"),
    Move("P06a", "recall_instruction",    "撤回拨付指令",       "recall the instruction", ("INSTRUCTED",),         "CHECKED",             (MAKER,),                   (g.not_in_batch,),                                                                                         (Book("bank_return"), RevokePaper("disbursement_notice"), Notify("instruction_recalled", (APPLICANT, CHECKER, PAYER))), "make"),
    Move("P06b", "send_payment",          "放行付款",         "release to the bank",    ("INSTRUCTED",),         "SENT",                (PAYER,),                   (g.batch_released, g.instruction_issued, g.account_verified, g.account_unchanged, g.award_live, g.incubation_permits_money), (),                                                   "pay"),
    Move("P07",  "record_payment",        "登记付款",         "record the payment",     ("SENT",),               "PAID",                (PAYER,),                   (g.bank_serial_given, g.bank_serial_new),                                                                  (Book("pay"), Notify("instalment_paid", (APPLICANT,))),                 "pay"),
    Move("P07a", "settle_payment",        "按银行凭据销账",      "settle by the bank's word", ("SENT", "UNKNOWN"),  "PAID",                (SYSTEM,),                  (g.bank_serial_given, g.bank_serial_new),                                                                  (Book("pay"), Notify("instalment_paid", (APPLICANT,)))),
    Move("P07b", "mark_unknown",          "登记结果不明",       "mark as unknown",        ("SENT",),               "UNKNOWN",             (PAYER, SYSTEM),            (),                                                                                                        (Notify("payment_unknown", (PAYER, CHECKER)),),                         "pay"),
    Move("P07c", "propose_resend",        "提议重新付款",       "propose to pay again",   ("UNKNOWN",),            "UNKNOWN",             (PAYER,),                   (g.shown_absent, g.not_yet_proposed),                                                                      (Notify("resend_proposed", (CHECKER,)),),                               "pay"),
    Move("P07d", "agree_resend",          "同意重新付款",       "agree to pay again",     ("UNKNOWN",),            "INSTRUCTED",          (CHECKER,),                 (g.proposed, g.shown_absent, g.account_verified, g.account_unchanged, g.award_live, g.incubation_permits_money), (Notify("resend_agreed", (MAKER, PAYER)),),                       "check"),
    Move("P07e", "propose_reversal",      "提议冲正付款",       "propose to reverse",     ("PAID",),               "PAID",                (PAYER,),                   (g.not_yet_proposed,),                                                                                     (Notify("reversal_proposed", (CHECKER,)),),                             "pay"),
    Move("P07f", "agree_reversal",        "同意冲正付款",       "agree to reverse",       ("PAID",),               "SENT",                (CHECKER,),                 (g.proposed,),                                                                                             (Book("reverse_payment"), Notify("payment_reversed", (APPLICANT, PAYER))), "check"),
    Move("P08",  "confirm_receipt",       "确认收款",           "confirm receipt",        ("PAID",),               "CONFIRMED",           (APPLICANT,),               (),                                                                                                        (Issue("receipt_confirmation"), Notify("receipt_confirmed", (MAKER,))), "apply"),
    Move("P09",  "hold",                  "暂缓拨付",           "hold",                   BEFORE_INSTRUCTION,      "HELD",                (MANAGER, CHECKER, SYSTEM), (),                                                                                                        (Notify("instalment_held", (APPLICANT,)),)),
    Move("P10a", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "PLANNED",             (MANAGER, CHECKER, SYSTEM), (g.was_planned, g.incubation_permits_money),                                                               (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10b", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "RELEASED",            (MANAGER, CHECKER, SYSTEM), (g.was_released, g.incubation_permits_money),                                                              (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10c", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "REQUESTED",           (MANAGER, CHECKER, SYSTEM), (g.was_requested, g.incubation_permits_money),                                                             (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10d", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "MILESTONE_CONFIRMED", (MANAGER, CHECKER, SYSTEM), (g.was_milestone_confirmed, g.incubation_permits_money),                                                   (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10e", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "CHECKED",             (MANAGER, CHECKER, SYSTEM), (g.was_checked, g.account_unchanged, g.incubation_permits_money),                                                               (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P10f", "lift_hold",             "解除暂缓",           "lift the hold",          ("HELD",),               "APPROVED",            (MANAGER, CHECKER, SYSTEM), (g.was_approved, g.account_unchanged, g.incubation_permits_money),                                                              (Notify("instalment_hold_lifted", (APPLICANT,)),)),
    Move("P11",  "record_bank_return",    "登记银行退回",       "record the bank return", ("SENT",),               "RETURNED",            (PAYER, SYSTEM),            (),                                                                                                        (Book("bank_return"), Notify("payment_returned", (MAKER,))),            "pay"),
    Move("P11a", "record_bank_return",    "登记银行退回",       "record the bank return", ("UNKNOWN",),            "RETURNED",            (SYSTEM,),                  (),                                                                                                        (Book("bank_return"), Notify("payment_returned", (MAKER,)))),
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

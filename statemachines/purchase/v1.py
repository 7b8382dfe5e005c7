"""Edition 1 of the purchase: every state and every move, one line each (policy heading 三(二) 购买服务机制)."""

from statemachines.purchase import guards as g
from statemachines.purchase.facts import PurchaseFacts
from statemachines.purchase.forms import FORMS
from statemachines.purchase.verbs import BULK, VERBS
from statemachines.roles import Role
from statemachines.table import Book, CancelUnpaid, Issue, Limit, Move, Notify, PlanInstalments, Process, Release, State

APPLICANT, MANAGER = Role.APPLICANT, Role.CENTRE_MANAGER
# Civil affairs or a street buys; which of the two acts on a case is settled by who its purchaser is.
HANDLERS = (Role.CIVIL_AFFAIRS_HANDLER, Role.STREET_HANDLER)
LEADERS = (Role.CIVIL_AFFAIRS_LEADER, Role.STREET_LEADER)
MONEY = frozenset({"receive_money"})

# fmt: off
STATES = (
    #     code name      label         English        stage   who is waited for          clocks                                            more
    State("NEED",        "需求",       "need",        "需求", LEADERS),
    State("BUDGETED",    "已落实预算", "budgeted",    "需求", HANDLERS),
    State("PUBLISHED",   "公告投标中", "published",   "采购", HANDLERS),
    State("BIDS",        "已开标",     "bids opened", "采购", HANDLERS,                  (Limit("purchase_evaluation"),)),
    State("EVALUATED",   "已评审",     "evaluated",   "采购", (*LEADERS, MANAGER),       (Limit("purchase_award"),)),
    State("AWARDED",     "已成交",     "awarded",     "合同", (APPLICANT, *LEADERS),     (Limit("purchase_signing"),)),
    State("CONTRACT",    "已签约",     "contract",    "合同", HANDLERS,                  (Limit("contract_notice"),)),
    State("PERFORMING",  "履约中",     "performing",  "履约", (APPLICANT, *HANDLERS),    (Limit("purchase_term", dated=True),)),
    State("ACCEPTED",    "已验收",     "accepted",    "履约", HANDLERS,                  (),                                               permits=MONEY, rests=True),
    State("PAID",        "已支付",     "paid",        "履约", LEADERS),
    State("ASSESSED",    "已评价",     "assessed",    "完结", final=True),
    State("FAILED",      "采购失败",   "failed",      "完结", final=True),
    State("CANCELLED",   "已取消",     "cancelled",   "完结", final=True),
)

BEFORE_CONTRACT = ("NEED", "BUDGETED", "PUBLISHED", "BIDS", "EVALUATED", "AWARDED")
CONTRACTOR = (g.contractor_legal, g.contractor_not_operator, g.contractor_not_listed, g.not_granted)

MOVES: tuple[Move[PurchaseFacts], ...] = (
    #    row    trigger                label               English                    from                         to            by            guards                                                                                    effects                                                                       duty
    Move("B01", "secure_budget",       "落实预算",         "secure the budget",       ("NEED",),                   "BUDGETED",   LEADERS,      (g.item_published, g.budget_covers),                                                      (Notify("purchase_budgeted", HANDLERS),),                                     "confirm"),
    Move("B02", "publish_call",        "发布采购公告",     "publish the call",        ("BUDGETED",),               "PUBLISHED",  HANDLERS,     (g.item_published, g.closes_ahead, g.rule_fits_purchaser),                                (Issue("purchase_catalogue", ()),),                                           "manage"),
    Move("B03", "open_bids",           "开标",             "open the bids",           ("PUBLISHED",),              "BIDS",       HANDLERS,     (g.closing_over, g.bids_came),                                                            (),                                                                           "manage"),
    Move("B04", "fail_purchase",       "无人投标，采购失败", "no bid came",           ("PUBLISHED",),              "FAILED",     HANDLERS,     (g.closing_over, g.no_bids_came),                                                         (Notify("purchase_failed", LEADERS),),                                        "manage"),
    Move("B05", "conclude_evaluation", "评审结束",         "conclude the evaluation", ("BIDS",),                   "EVALUATED",  HANDLERS,     (g.points_complete,),                                                                     (Notify("purchase_evaluated", (*LEADERS, MANAGER)),),                         "manage"),
    Move("B06", "return_evaluation",   "退回重新评审",     "have it evaluated again", ("EVALUATED",),              "BIDS",       LEADERS,      (),                                                                                       (Notify("purchase_returned", HANDLERS),),                                     "confirm"),
    Move("B07", "agree_award",         "中心同意成交",     "agree for the centre",    ("EVALUATED",),              "EVALUATED",  (MANAGER,),   (g.large_amount, g.not_yet_approved),                                                     (Notify("purchase_agreed", LEADERS),),                                        "decide"),
    Move("B08", "award_bid",           "确定成交单位",     "award the purchase",      ("EVALUATED",),              "AWARDED",    LEADERS,      (g.two_approvals, g.within_ceiling, *CONTRACTOR),                                         (),                                                                           "confirm"),
    Move("B09", "sign_contract",       "承接主体签署合同", "sign as contractor",      ("AWARDED",),                "AWARDED",    (APPLICANT,), (g.not_yet_signed,),                                                                      (Notify("contract_signed", (*HANDLERS, *LEADERS)),),                          "apply"),
    Move("B10", "conclude_contract",   "签订合同",         "conclude the contract",   ("AWARDED",),                "CONTRACT",   LEADERS,      (g.signed_by_contractor, g.payee_fit, g.term_allowed, g.budget_covers),                   (Book("commit"), PlanInstalments(), Issue("purchase_contract")),              "confirm"),
    Move("B11", "record_notice",       "登记合同公告",     "record the notice",       ("CONTRACT",),               "CONTRACT",   HANDLERS,     (g.notice_needed, g.notice_not_given),                                                    (),                                                                           "manage"),
    Move("B12", "start_performing",    "开始履约",         "start performing",        ("CONTRACT",),               "PERFORMING", HANDLERS,     (g.notice_given,),                                                                        (Notify("purchase_started", (APPLICANT,)),),                                  "manage"),
    Move("B13", "hand_in_work",        "提请验收",         "hand in the work",        ("PERFORMING",),             "PERFORMING", (APPLICANT,), (),                                                                                       (Notify("work_handed_in", HANDLERS),),                                        "apply"),
    Move("B14", "return_work",         "退回整改",         "return the work",         ("PERFORMING",),             "PERFORMING", HANDLERS,     (g.handed_in,),                                                                           (Notify("work_returned", (APPLICANT,)),),                                     "manage"),
    Move("B15", "accept_work",         "验收合格",         "accept the work",         ("PERFORMING",),             "ACCEPTED",   HANDLERS,     (g.handed_in, g.not_more_than_asked, g.quality_sufficient),                               (Release(1),),                                                                "manage"),
    Move("B16", "record_settled",      "款项付清",         "record it as paid",       ("ACCEPTED",),               "PAID",       HANDLERS,     (g.instalments_settled,),                                                                 (Notify("purchase_paid", LEADERS),),                                          "manage"),
    Move("B17", "assess_purchase",     "绩效评价",         "assess the purchase",     ("PAID",),                   "ASSESSED",   LEADERS,      (),                                                                                       (Notify("purchase_assessed", (APPLICANT,)),),                                 "confirm"),
    Move("B18", "cancel_purchase",     "取消采购",         "cancel the purchase",     BEFORE_CONTRACT,             "CANCELLED",  LEADERS,      (),                                                                                       (Notify("purchase_cancelled", HANDLERS),),                                    "confirm"),
    Move("B19", "terminate_contract",  "解除合同",         "terminate the contract",  ("CONTRACT", "PERFORMING"),  "CANCELLED",  LEADERS,      (),                                                                                       (CancelUnpaid(), Notify("contract_terminated", (APPLICANT, *HANDLERS))),      "confirm"),
)

# Who handles a purchase does not award it, the centre's second look is another office's, and nobody sells to the own office.
CONFLICTS = (("manage", "confirm"), ("manage", "decide"), ("decide", "confirm"), ("apply", "manage"), ("apply", "decide"), ("apply", "confirm"))
# fmt: on

PROCESS = Process(
    kind="purchase",
    edition=1,
    zh="购买服务",
    en="purchase",
    initial="NEED",
    states=STATES,
    moves=MOVES,
    facts=PurchaseFacts,
    conflicts=CONFLICTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

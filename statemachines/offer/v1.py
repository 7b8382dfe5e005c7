"""Edition 1 of the offer: every state and every move, one line each (policy heading 三(三) 鼓励驻地单位开放资源、社会捐赠)."""

from statemachines.offer import guards as g
from statemachines.offer.facts import OfferFacts
from statemachines.offer.forms import FORMS
from statemachines.offer.verbs import BULK, VERBS
from statemachines.roles import Role
from statemachines.table import Issue, Limit, Move, Notify, Process, State

DONOR, RECEIVER, MANAGER, MAKER = Role.DONOR, Role.APPLICANT, Role.CASE_MANAGER, Role.FINANCE_MAKER
OPEN = Limit("offer_open", "expire_offer", dated=True)
BEFORE_DELIVERY = ("POSTED", "VERIFIED", "MATCHED", "AGREED")

# fmt: off
STATES = (
    #     code name    label         English              stage    who is waited for    clocks
    State("DRAFT",     "草稿",       "draft",             "对接",  (DONOR,)),
    State("POSTED",    "已发布",     "posted",            "对接",  (MANAGER,),          (Limit("offer_check"), OPEN)),
    State("VERIFIED",  "已核实",     "verified",          "对接",  (MANAGER,),          (OPEN,)),
    State("MATCHED",   "已对接",     "matched",           "对接",  (RECEIVER, DONOR),   (Limit("offer_answer"),)),
    State("AGREED",    "已商定",     "agreed",            "交付",  (RECEIVER, MAKER),   (Limit("offer_delivery"),)),
    State("DELIVERED", "已交付",     "delivered",         "交付",  (RECEIVER,),         (Limit("offer_use"),)),
    State("USED",      "已使用",     "used",              "反馈",  (MANAGER,),          (Limit("offer_report"),)),
    State("REPORTED",  "已反馈",     "reported",          "反馈",  (RECEIVER,),         (Limit("offer_thanks"),)),
    State("THANKED",   "已致谢",     "thanked",           "完结",  final=True),
    State("DECLINED",  "不予接收",   "declined",          "完结",  final=True),
    State("EXPIRED",   "开放期满",   "expired",           "完结",  final=True),
    State("WITHDRAWN", "捐赠方撤回", "withdrawn by donor", "完结", final=True),
)

MOVES = (
    #    row    trigger             label               English                     from                        to           by           guards                                                                                             effects                                                                                              duty
    Move("G01", "post_offer",       "发布捐赠（资源）", "post the offer",           ("DRAFT",),                 "POSTED",    (DONOR,),    (g.words_lawful, g.proof_given, g.wish_uninterested, g.open_day_ahead),                            (Notify("offer_posted", (MANAGER,)),),                                                               "offer"),
    Move("G02", "verify_offer",     "核实通过",         "verify the offer",         ("POSTED",),                "VERIFIED",  (MANAGER,),  (),                                                                                                (Notify("offer_verified", (DONOR,)),),                                                               "manage"),
    Move("G03", "decline_offer",    "不予接收",         "decline the offer",        ("POSTED", "VERIFIED"),     "DECLINED",  (MANAGER,),  (),                                                                                                (Notify("offer_declined", (DONOR,)),),                                                               "manage"),
    Move("G04", "match_offer",      "对接受赠组织",     "match with a receiver",    ("VERIFIED",),              "MATCHED",   (MANAGER,),  (g.receiver_known, g.receiver_uninterested, g.receiver_can_receive),                               (Notify("offer_matched", (RECEIVER, DONOR)),),                                                       "manage"),
    Move("G05", "unmatch_offer",    "撤销对接",         "undo the match",           ("MATCHED",),               "VERIFIED",  (MANAGER,),  (g.not_yet_accepted,),                                                                             (Notify("offer_unmatched", (DONOR,)),),                                                              "manage"),
    Move("G06", "accept_match",     "同意受赠",         "accept the gift",          ("MATCHED",),               "MATCHED",   (RECEIVER,), (g.not_yet_accepted,),                                                                             (Notify("offer_accepted", (DONOR,)),),                                                               "apply"),
    Move("G07", "agree_offer",      "捐赠方确认",       "agree to the receiver",    ("MATCHED",),               "AGREED",    (DONOR,),    (g.accepted,),                                                                                     (Notify("offer_agreed", (RECEIVER, MANAGER)),),                                                      "offer"),
    Move("G08", "confirm_delivery", "确认收到",         "confirm the delivery",     ("AGREED",),                "DELIVERED", (RECEIVER,), (g.in_kind, g.quantity_fits, g.day_past),                                                          (Issue("gift_confirmation", (DONOR, RECEIVER)), Notify("offer_delivered", (DONOR, MANAGER))),         "apply"),
    Move("G09", "receive_money",    "登记捐赠到账",     "record the money given",   ("AGREED",),                "DELIVERED", (MAKER,),    (g.in_money, g.line_fits, g.day_past),                                                             (Issue("gift_confirmation", (DONOR, RECEIVER)), Notify("offer_delivered", (DONOR, MANAGER))),         "make"),
    Move("G10", "record_use",       "填报使用情况",     "report the use",           ("DELIVERED",),             "USED",      (RECEIVER,), (g.money_awarded,),                                                                                (Notify("offer_used", (DONOR, MANAGER)),),                                                           "apply"),
    Move("G11", "report_offer",     "核对并反馈捐赠方", "check and report back",    ("USED",),                  "REPORTED",  (MANAGER,),  (),                                                                                                (Notify("offer_reported", (DONOR, RECEIVER)),),                                                      "manage"),
    Move("G12", "thank_donor",      "致谢",             "thank the donor",          ("REPORTED",),              "THANKED",   (RECEIVER,), (),                                                                                                (Notify("offer_thanked", (DONOR,)),),                                                                "apply"),
    Move("G13", "withdraw_offer",   "撤回捐赠（资源）", "withdraw the offer",       BEFORE_DELIVERY,            "WITHDRAWN", (DONOR,),    (),                                                                                                (Notify("offer_withdrawn", (MANAGER, RECEIVER)),),                                                   "offer"),
    Move("G14", "expire_offer",     "开放期满",         "the offer expires",        ("POSTED", "VERIFIED"),     "EXPIRED",   (Role.SYSTEM,), (g.open_day_over,),                                                                             (Notify("offer_expired", (DONOR, MANAGER)),)),
)

# Who gives does not choose who gets; who gets or gives does not act for the centre; whoever finds the money on the
# account is none of them.
CONFLICTS = (("manage", "offer"), ("apply", "manage"), ("apply", "offer"), ("make", "offer"), ("make", "manage"), ("apply", "make"))
# fmt: on

PROCESS = Process(
    kind="offer",
    edition=1,
    zh="捐赠与开放资源",
    en="offer",
    initial="DRAFT",
    states=STATES,
    moves=MOVES,
    facts=OfferFacts,
    conflicts=CONFLICTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

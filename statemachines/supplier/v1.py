"""Edition 1 of the supplier catalogue: every state and every move, one line each (policy heading 三(二) 承接目录)."""

from statemachines import publicity as p
from statemachines.roles import Role
from statemachines.supplier import guards as g
from statemachines.supplier.facts import SupplierFacts
from statemachines.supplier.forms import FORMS
from statemachines.supplier.verbs import BULK, VERBS
from statemachines.table import Issue, Limit, Move, Notify, Process, State

APPLICANT, HANDLER, BUREAU, TIMER = Role.APPLICANT, Role.CIVIL_AFFAIRS_HANDLER, Role.CIVIL_AFFAIRS_LEADER, Role.SYSTEM

# fmt: off
STATES = (
    #     code name      label         English              stage       who is waited for    clocks
    State("DRAFT",       "草稿",       "draft",             "申请",     (APPLICANT,)),
    State("APPLIED",     "已申请",     "applied",           "申请",     (HANDLER,),          (Limit("supplier_check"),)),
    State("CHECKED",     "已审核",     "checked",           "申请",     (HANDLER,)),
    State("PUBLICITY",   "公示中",     "publicity",         "公示",     (BUREAU,),           (Limit("publicity"),)),
    State("LISTED",      "在册",       "listed",            "在册",     (),                  (Limit("supplier_review", fires="start_supplier_review", dated=True),)),
    State("REVIEW_DUE",  "年度复核",   "yearly review",     "在册",     (HANDLER, BUREAU),   (Limit("supplier_reviewed"),)),
    State("REFUSED",     "不予列入",   "refused",           "完结",     final=True),
    State("REMOVED",     "已移出",     "removed",           "完结",     final=True),
    State("WITHDRAWN",   "已撤回",     "withdrawn",         "完结",     final=True),
)

MOVES: tuple[Move[SupplierFacts], ...] = (
    #    row    trigger                  label             English                  from                              to            by                    guards                                                                                          effects                                                        duty
    Move("L01", "apply_supplier",        "申请列入",       "apply to be listed",    ("DRAFT",),                       "APPLIED",    (APPLICANT,),         (g.registered, g.not_yet_listed),                                                               (Notify("supplier_applied", (HANDLER,)),),                     "apply"),
    Move("L02", "check_supplier",        "审核合格",       "check: meets it all",   ("APPLIED",),                     "CHECKED",    (HANDLER,),           (g.conditions_met, g.books_agree),                                                              (Notify("supplier_checked", (APPLICANT,)),),                   "manage"),
    Move("L03", "refuse_supplier",       "不予列入",       "refuse",                ("APPLIED", "CHECKED"),           "REFUSED",    (HANDLER,),           (),                                                                                             (Notify("supplier_refused", (APPLICANT,)),),                   "manage"),
    Move("L04", "publish_supplier",      "公示",           "publish the intention", ("CHECKED",),                     "PUBLICITY",  (HANDLER,),           (),                                                                                             (Issue("publicity_notice"),),                                  "manage"),
    Move("L05", "list_supplier",         "列入承接目录",   "enter in the catalogue", ("PUBLICITY",),                  "LISTED",     (BUREAU,),            (p.publicity_over, p.no_objection_open, p.no_objection_upheld, g.not_yet_listed),               (Notify("supplier_listed", (APPLICANT,)),),                    "confirm"),
    Move("L06", "return_supplier",       "异议成立，退回",  "return",               ("PUBLICITY",),                   "APPLIED",    (HANDLER,),           (p.objection_upheld,),                                                                          (Notify("supplier_returned", (APPLICANT,)),),                  "manage"),
    Move("L07", "start_supplier_review", "开始年度复核",   "start the yearly review", ("LISTED",),                    "REVIEW_DUE", (TIMER,),             (g.review_due,),                                                                                (Notify("supplier_review_due", (HANDLER, APPLICANT)),)),
    Move("L08", "pass_supplier_review",  "复核合格",       "pass the review",       ("REVIEW_DUE",),                  "LISTED",     (HANDLER,),           (g.conditions_met, g.books_agree),                                                              (Notify("supplier_reviewed", (APPLICANT,)),),                  "manage"),
    Move("L09", "remove_supplier",       "移出目录",       "remove",                ("LISTED", "REVIEW_DUE"),         "REMOVED",    (BUREAU,),            (),                                                                                             (Notify("supplier_removed", (APPLICANT,)),),                   "confirm"),
    Move("L10", "withdraw_supplier",     "撤回、退出目录", "withdraw",              ("DRAFT", "APPLIED", "CHECKED", "PUBLICITY", "LISTED", "REVIEW_DUE"), "WITHDRAWN", (APPLICANT,), (),                                                                  (Notify("supplier_withdrawn", (HANDLER,)),),                   "apply"),
)

# Who checks a supplier does not enter it, and nobody does either for an organization of the own.
CONFLICTS = (("manage", "confirm"), ("apply", "manage"), ("apply", "confirm"))
# fmt: on

PROCESS = Process(
    kind="supplier",
    edition=1,
    zh="承接目录",
    en="supplier entry",
    initial="DRAFT",
    states=STATES,
    moves=MOVES,
    facts=SupplierFacts,
    conflicts=CONFLICTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

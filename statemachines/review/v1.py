"""Edition 1 of the review: every state and every move, one line each (policy heading 三(三): 评估须经得起复核)."""

from statemachines.review import guards as g
from statemachines.review.facts import ReviewFacts
from statemachines.review.forms import FORMS
from statemachines.review.verbs import BULK, VERBS
from statemachines.roles import Role
from statemachines.table import Act, CarryOutReview, Issue, Limit, Move, Notify, Process, State

APPLICANT, SECRETARY, MEMBER, MANAGER = Role.APPLICANT, Role.ASSESSMENT_SECRETARY, Role.REVIEW_MEMBER, Role.CENTRE_MANAGER
BEFORE_DECISION = ("LODGED", "ACCEPTED", "PANEL")

# fmt: off
STATES = (
    #     code name        label           English                stage    who is waited for     clocks
    State("DRAFT",         "草稿",         "draft",               "复核",  (APPLICANT,)),
    State("LODGED",        "已申请复核",   "lodged",              "复核",  (SECRETARY,),         (Limit("review_acceptance"),)),
    State("ACCEPTED",      "已受理复核",   "accepted for review", "复核",  (SECRETARY,),         (Limit("review_decision"),)),
    State("PANEL",         "复核中",       "under review",        "复核",  (MEMBER, SECRETARY),  (Limit("review_decision"),)),
    State("DECIDED",       "已作复核决定", "review decided",      "复核",  (SECRETARY,),         (Limit("review_service"),)),
    State("SERVED",        "复核已送达",   "review served",       "完结",  final=True),
    State("INADMISSIBLE",  "复核不予受理", "inadmissible",        "完结",  final=True),
    State("WITHDRAWN",     "已撤回复核",   "review withdrawn",    "完结",  final=True),
)

MOVES = (
    #    row    trigger              label             English                        from             to              by             guards                                                        effects                                                                                                       duty
    Move("V01", "lodge_review",      "申请复核",       "lodge a review",              ("DRAFT",),      "LODGED",       (APPLICANT,),  (),                                                           (Notify("review_lodged", (SECRETARY,)),),                                                                     "apply"),
    Move("V02", "accept_review",     "受理复核",       "accept the review",           ("LODGED",),     "ACCEPTED",     (SECRETARY,),  (g.lodged_in_time,),                                          (Notify("review_accepted", (APPLICANT,)),),                                                                   "convene"),
    Move("V03", "find_inadmissible", "复核不予受理",   "find inadmissible",           ("LODGED",),     "INADMISSIBLE", (SECRETARY,),  (g.lateness_true,),                                           (Issue("review_decision"), Notify("review_inadmissible", (APPLICANT,))),                                      "convene"),
    Move("V04", "form_panel",        "组成复核组",     "form the review panel",       ("ACCEPTED",),   "PANEL",        (SECRETARY,),  (g.panel_large_enough, g.members_uninvolved),                 (Notify("review_panel_formed", (APPLICANT, MEMBER)),),                                                        "convene"),
    Move("V05", "replace_member",    "更换复核委员",   "replace a member",            ("PANEL",),      "PANEL",        (SECRETARY,),  (g.members_uninvolved,),                                      (Notify("review_panel_formed", (APPLICANT, MEMBER)),),                                                        "convene"),
    Move("V06", "record_hearing",    "记录听取意见",   "record the hearing",          ("PANEL",),      "PANEL",        (SECRETARY,),  (),                                                           (Notify("review_heard", (MEMBER,)),),                                                                         "convene"),
    Move("V07", "decide_review",     "作出复核决定",   "decide the review",           ("PANEL",),      "DECIDED",      (MEMBER,),     (g.panel_large_enough, g.both_heard, g.all_voted, g.majority_reached), (Notify("review_to_serve", (SECRETARY,)),),                                                          "vote"),
    Move("V08", "serve_review",      "送达复核决定",   "serve the review decision",   ("DECIDED",),    "SERVED",       (SECRETARY,),  (),                                                           (Issue("review_decision"), CarryOutReview(), Notify("review_served", (APPLICANT, MANAGER))),                  "convene"),
    Move("V09", "withdraw_review",   "撤回复核申请",   "withdraw the review",         BEFORE_DECISION, "WITHDRAWN",    (APPLICANT,),  (),                                                           (Notify("review_withdrawn", (SECRETARY, MEMBER)),),                                                           "apply"),
)

ACTS = (
    Act("cast_ballot",     "vote",    (MEMBER,),            ("PANEL",)),
    # What was done on the case complained about, before anybody complained, binds here as if it were done here: a
    # decision or its confirmation as "decide", a panel as "convene", every other part in it as "manage".
    Act("decided_before",  "decide",  (MANAGER,),           ("DRAFT",)),
    Act("convened_before", "convene", (SECRETARY,),         ("DRAFT",)),
    Act("worked_before",   "manage",  (Role.CASE_MANAGER,), ("DRAFT",)),
)

# Nobody votes who had any part in the decision or who chose the panel; whoever took the decision neither lets the
# complaint in nor chooses who hears it; nobody acts for the centre on an organization of their own.
CONFLICTS = (
    ("decide", "vote"), ("convene", "vote"), ("manage", "vote"), ("decide", "convene"), ("apply", "vote"), ("apply", "convene"),
)
# fmt: on

PROCESS = Process(
    kind="review",
    edition=1,
    zh="复核",
    en="review",
    initial="DRAFT",
    states=STATES,
    moves=MOVES,
    facts=ReviewFacts,
    conflicts=CONFLICTS,
    acts=ACTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

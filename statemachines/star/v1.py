"""Edition 1 of the star case: every state and every move, one line each (policy heading 三(五): 评估与星级评定)."""

from statemachines import publicity as p
from statemachines.roles import Role
from statemachines.star import guards as g
from statemachines.star.facts import StarFacts
from statemachines.star.forms import FORMS
from statemachines.star.verbs import BULK, VERBS
from statemachines.table import Act, Issue, Limit, Move, Notify, OpenAssessment, Process, RevokePaper, State

APPLICANT, SECRETARY, EVALUATOR, LIAISON = Role.APPLICANT, Role.ASSESSMENT_SECRETARY, Role.EVALUATOR, Role.COMMITTEE_LIAISON
BUREAU, KEEPER, TIMER = Role.CIVIL_AFFAIRS_LEADER, Role.SEAL_KEEPER, Role.SYSTEM

# fmt: off
STATES = (
    #     code name          label           English                  stage   who is waited for         clocks                                                                                     more
    State("ROUND_ANNOUNCED", "轮次已公布",   "round announced",       "申报", (APPLICANT,)),
    State("APPLIED",         "已申报",       "applied",               "申报", (SECRETARY,),             (Limit("star_intake"),)),
    State("CORRECTION",      "申报补正",     "correction",            "申报", (APPLICANT,),             (Limit("star_correction", "lapse_star"),),                                                 pauses=("star_intake",)),
    State("ELIGIBLE",        "符合申报条件", "eligible",              "评定", (EVALUATOR, SECRETARY),   (Limit("star_site_review"),)),
    State("SITE_REVIEWED",   "实地查看完毕", "site reviewed",         "评定", (LIAISON, SECRETARY),     (Limit("star_survey"),)),
    State("SURVEYED",        "居民评议完毕", "surveyed",              "评定", (EVALUATOR, SECRETARY),   (Limit("star_opinion"),)),
    State("PROPOSED",        "已拟定结果",   "result proposed",       "公示", (SECRETARY, BUREAU),      (Limit("star_publication"),)),
    State("PUBLICITY",       "星级公示",     "star publicity",        "公示", (BUREAU,),                (Limit("star_publicity"),)),
    State("CONFIRMED",       "星级已确认",   "star confirmed",        "公示", (KEEPER,),                (Limit("star_certification"),)),
    State("CERTIFIED",       "星级有效",     "certified",             "有效", (),                       (Limit("star_check", "start_star_check", dated=True), Limit("star_validity", "expire_star", dated=True)), goal=True),
    State("CHECK_DUE",       "年度复查",     "yearly check",          "有效", (SECRETARY, BUREAU),      (Limit("star_check_done"), Limit("star_validity", "expire_star", dated=True))),
    State("DOWNGRADED",      "已降低星级",   "downgraded",            "有效", (KEEPER,),                (Limit("star_return"), Limit("star_validity", "expire_star", dated=True))),
    State("INELIGIBLE",      "不符合条件",   "ineligible",            "完结", final=True),
    State("NOT_RATED",       "未获星级",     "no star",               "完结", final=True),
    State("LAPSED",          "申报失效",     "lapsed",                "完结", final=True),
    State("WITHDRAWN",       "撤回申报",     "withdrawn",             "完结", final=True),
    State("EXPIRED",         "星级期满",     "expired",               "完结", final=True),
    State("CANCELLED",       "已取消星级",   "cancelled",             "完结", final=True),
)

BEFORE_RESULT = ("APPLIED", "CORRECTION", "ELIGIBLE", "SITE_REVIEWED", "SURVEYED")
HOLDING = ("CERTIFIED", "CHECK_DUE")

MOVES: tuple[Move[StarFacts], ...] = (
    #    row     trigger                    label                   English                        from                  to                by                    guards                                                                                                                                     effects                                                                                                     duty
    Move("S01",  "apply_star",              "申报星级",             "apply for a star",            ("ROUND_ANNOUNCED",), "APPLIED",        (APPLICANT,),         (g.recognized, g.window_open, g.not_barred, g.no_other_application, g.materials_complete, g.self_scores_complete),                         (Issue("receipt_slip"), Notify("star_applied", (SECRETARY,))),                                              "apply"),
    Move("S02",  "request_star_correction", "退回补正",             "return for correction",       ("APPLIED",),         "CORRECTION",     (SECRETARY,),         (g.correction_listed, g.correction_rounds_left),                                                                                           (Issue("correction_notice"),),                                                                              "convene"),
    Move("S03",  "resubmit_star",           "提交补正",             "hand in the correction",      ("CORRECTION",),      "APPLIED",        (APPLICANT,),         (g.correction_answered,),                                                                                                                  (Notify("star_resubmitted", (SECRETARY,)),),                                                                "apply"),
    Move("S04",  "lapse_star",              "逾期未补正，失效",     "lapse uncorrected",           ("CORRECTION",),      "LAPSED",         (TIMER,),             (g.correction_overdue,),                                                                                                                   (Notify("star_lapsed", (APPLICANT,)),)),
    Move("S05",  "find_star_eligible",      "符合条件",             "find eligible",               ("APPLIED",),         "ELIGIBLE",       (SECRETARY,),         (g.recognized_long_enough, g.report_accepted, g.not_penalized, g.not_listed),                                                               (Issue("acceptance_notice"),),                                                                              "convene"),
    Move("S06",  "find_star_ineligible",    "不符合条件",           "find ineligible",             ("APPLIED",),         "INELIGIBLE",     (SECRETARY,),         (),                                                                                                                                        (Issue("non_acceptance_notice"),),                                                                          "convene"),
    Move("S07",  "record_site_visit",       "登记实地查看",         "record a site visit",         ("ELIGIBLE",),        "ELIGIBLE",       (EVALUATOR,),         (g.panel_complete, g.interests_declared),                                                                                                  (),                                                                                                         "score"),
    Move("S08",  "conclude_site_review",    "实地查看完毕",         "conclude the site review",    ("ELIGIBLE",),        "SITE_REVIEWED",  (SECRETARY,),         (g.panel_complete, g.interests_declared, g.visited_by_two),                                                                                (Notify("star_survey_due", (LIAISON,)),),                                                                   "convene"),
    Move("S09",  "record_survey",           "登记居民评议",         "record the residents' survey", ("SITE_REVIEWED",),  "SURVEYED",       (LIAISON, SECRETARY), (g.survey_large_enough, g.survey_adds_up),                                                                                                 (OpenAssessment("star"),),                                                                                  "convene"),
    Move("S10",  "propose_star",            "拟定结果",             "propose the result",           ("SURVEYED",),        "PROPOSED",       (SECRETARY,),         (g.all_sheets_locked, g.arbitration_settled),                                                                                              (),                                                                                                         "convene"),
    Move("S11",  "refuse_star",             "不予评星",             "give no star",                ("PROPOSED",),        "NOT_RATED",      (BUREAU,),            (g.no_star_reached,),                                                                                                                      (Issue("star_result_notice"),),                                                                             "confirm"),
    Move("S12",  "publish_star",            "公示",                 "publish",                     ("PROPOSED",),        "PUBLICITY",      (SECRETARY,),         (g.star_reached,),                                                                                                                                        (Issue("publicity_notice"),),                                                                               "convene"),
    Move("S13",  "confirm_star",            "确认星级",             "confirm the star",            ("PUBLICITY",),       "CONFIRMED",      (BUREAU,),            (p.publicity_over, p.no_objection_open, p.no_objection_upheld),                                                                            (Issue("star_result_notice"), Notify("star_confirmed", (KEEPER,))),                                         "confirm"),
    Move("S14",  "return_star",             "异议成立，重新评定",   "return to the panel",         ("PUBLICITY",),       "SURVEYED",       (BUREAU,),            (p.objection_upheld,),                                                                                                                     (Notify("star_returned", (APPLICANT, SECRETARY)),),                                                         "confirm"),
    Move("S15",  "certify_star",            "用印发证",             "seal and certify",            ("CONFIRMED",),       "CERTIFIED",      (KEEPER,),            (),                                                                                                                                        (Issue("star_certificate"),),                                                                               "seal"),
    Move("S16",  "start_star_check",        "年度复查到期",         "start the yearly check",      ("CERTIFIED",),       "CHECK_DUE",      (TIMER,),             (g.check_due,),                                                                                                                            (Notify("star_check_due", (SECRETARY, APPLICANT)),)),
    Move("S17",  "pass_star_check",         "复查通过",             "pass the yearly check",       ("CHECK_DUE",),       "CERTIFIED",      (SECRETARY,),         (g.no_measure_proposed,),                                                                                                                  (Notify("star_check_passed", (APPLICANT,)),),                                                               "convene"),
    Move("S18a", "propose_star_measure",    "提议降低或取消星级",   "propose a measure",           ("CERTIFIED",),       "CERTIFIED",      (SECRETARY,),         (g.no_measure_proposed,),                                                                                                                  (Notify("star_measure_intended", (APPLICANT, BUREAU)),),                                                    "convene"),
    Move("S18b", "propose_star_measure",    "提议降低或取消星级",   "propose a measure",           ("CHECK_DUE",),       "CHECK_DUE",      (SECRETARY,),         (g.no_measure_proposed,),                                                                                                                  (Notify("star_measure_intended", (APPLICANT, BUREAU)),),                                                    "convene"),
    Move("S19a", "drop_star_measure",       "采纳申辩，不作处理",   "drop the measure",            ("CERTIFIED",),       "CERTIFIED",      (BUREAU,),            (g.measure_proposed,),                                                                                                                     (Notify("star_measure_dropped", (APPLICANT, SECRETARY)),),                                                  "confirm"),
    Move("S19b", "drop_star_measure",       "采纳申辩，不作处理",   "drop the measure",            ("CHECK_DUE",),       "CHECK_DUE",      (BUREAU,),            (g.measure_proposed,),                                                                                                                     (Notify("star_measure_dropped", (APPLICANT, SECRETARY)),),                                                  "confirm"),
    Move("S20",  "downgrade_star",          "降低星级",             "lower the star",              HOLDING,              "DOWNGRADED",     (BUREAU,),            (g.downgrade_proposed, g.hearing_over, g.stars_go_down),                                                                                   (RevokePaper("star_certificate"), Issue("star_result_notice"), Notify("star_downgraded", (KEEPER,))),       "confirm"),
    Move("S21",  "renew_certificate",       "换发证书",             "renew the certificate",       ("DOWNGRADED",),      "CERTIFIED",      (KEEPER,),            (),                                                                                                                                        (Issue("star_certificate"),),                                                                               "seal"),
    Move("S22",  "cancel_star",             "取消星级",             "cancel the star",             HOLDING,              "CANCELLED",      (BUREAU,),            (g.cancelling_proposed, g.hearing_over),                                                                                                   (RevokePaper("star_certificate"), Issue("star_result_notice")),                                             "confirm"),
    Move("S23",  "expire_star",             "有效期届满",           "expire",                      (*HOLDING, "DOWNGRADED"), "EXPIRED",    (TIMER,),             (g.validity_over,),                                                                                                                        (Notify("star_expired", (APPLICANT,)),)),
    Move("S24",  "withdraw_star",           "撤回申报",             "withdraw the application",    BEFORE_RESULT,        "WITHDRAWN",      (APPLICANT,),         (),                                                                                                                                        (Notify("star_withdrawn", (SECRETARY,)),),                                                                  "apply"),
)

ACTS = (Act("lock_score_sheet", "score", (EVALUATOR,), ("SURVEYED",)),)

# Whoever convenes the panel neither scores nor confirms; whoever seals did nothing else; nobody acts for the own organization.
CONFLICTS = (
    ("score", "convene"), ("score", "confirm"), ("convene", "confirm"), ("seal", "convene"), ("seal", "score"), ("seal", "confirm"),
    ("apply", "convene"), ("apply", "score"), ("apply", "confirm"), ("apply", "seal"),
)
# fmt: on

PROCESS = Process(
    kind="star",
    edition=1,
    zh="星级评定",
    en="star rating",
    initial="ROUND_ANNOUNCED",
    states=STATES,
    moves=MOVES,
    facts=StarFacts,
    conflicts=CONFLICTS,
    acts=ACTS,
    forms=FORMS,
    verbs=VERBS,
    bulk=BULK,
)

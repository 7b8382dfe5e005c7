"""What people say with each move of a star case."""

from statemachines.fields import ANSWERS, CORRECTION_ITEMS, OPINION, REASON
from statemachines.table import Field

SELF_SCORES = Field(
    "self_scores",
    "list",
    "自评得分",
    "self-scores",
    columns=(
        Field("criterion", "text", "指标", "criterion"),
        Field("score", "score", "自评分", "own score"),
        Field("evidence", "text", "自评依据", "evidence", required=False),
    ),
)
METHODS = (("survey", "问卷调查", "questionnaire"), ("meeting", "居民会议评议", "residents' meeting"))
EVENTS = (
    ("penalty", "受到行政处罚", "an administrative penalty"),
    ("fraud", "弄虚作假", "fraud"),
    ("misuse", "挪用或违规使用资金", "misuse of money"),
    ("list", "列入活动异常名录或者严重违法失信名单", "entry on a list of the registration authority"),
    ("complaint", "重大投诉经查属实", "a serious complaint upheld"),
    ("check", "年度复查不符合原星级条件", "the yearly check found the star no longer earned"),
)
MEASURES = (("downgrade", "降低星级", "lower the star"), ("cancel", "取消星级", "cancel the star"))

FORMS: dict[str, tuple[Field, ...]] = {
    "apply_star": (
        SELF_SCORES,
        Field("statement", "long_text", "自评说明", "statement", required=False),
        Field("commitments_accepted", "yes", "承诺材料真实，未弄虚作假", "the materials are true"),
    ),
    "request_star_correction": (CORRECTION_ITEMS,),
    "resubmit_star": (ANSWERS,),
    "find_star_eligible": (
        Field("recognized_on", "date", "备案（登记）日期", "filed or registered on"),
        Field("report_accepted", "yes", "最近一次年度报告已经通过", "the last annual report was accepted"),
        Field("no_penalty", "yes", "近一年没有受到行政处罚", "no penalty within a year"),
        OPINION,
    ),
    "find_star_ineligible": (REASON,),
    "record_site_visit": (
        Field("visited_on", "date", "实地查看日期", "visited on"),
        Field("talked_with", "text", "座谈对象", "talked with"),
        Field("opinion", "long_text", "查看情况（资料、台账、活动现场）", "what was seen (files, ledgers, activities)"),
    ),
    "conclude_site_review": (OPINION,),
    "record_survey": (
        Field("method", "choice", "评议方式", "how residents were asked", choices=METHODS),
        Field("held_on", "date", "评议日期", "held on"),
        Field("answered", "integer", "收回有效问卷（到会居民）数", "valid answers (residents present)"),
        Field("satisfied", "integer", "其中表示满意的数量", "of them satisfied"),
        OPINION,
    ),
    "propose_star": (OPINION,),
    "refuse_star": (REASON,),
    "publish_star": (),
    "confirm_star": (OPINION,),
    "return_star": (REASON,),
    "certify_star": (),
    "pass_star_check": (
        Field("checked_on", "date", "复查日期", "checked on"),
        Field("opinion", "long_text", "复查意见", "opinion"),
    ),
    "propose_star_measure": (
        Field("measure", "choice", "拟采取的处理", "measure intended", choices=MEASURES),
        Field("event", "choice", "事由", "event", choices=EVENTS),
        REASON,
    ),
    "drop_star_measure": (REASON,),
    "downgrade_star": (Field("stars", "integer", "降为几星（1至4）", "stars from now on (1 to 4)"), REASON),
    "renew_certificate": (
        Field("returned_on", "date", "原证书、牌匾交回日期", "old certificate and plaque returned on"),
    ),
    "cancel_star": (REASON,),
    "withdraw_star": (REASON,),
}

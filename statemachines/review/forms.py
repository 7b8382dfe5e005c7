"""What people say with each move of a review."""

from statemachines.fields import REASON
from statemachines.table import Field

MEMBER = Field("username", "text", "用户名", "username")

FORMS: dict[str, tuple[Field, ...]] = {
    "lodge_review": (
        Field("grounds", "long_text", "事实和理由", "facts and grounds"),
        Field("wish", "long_text", "复核请求", "what is asked for"),
        Field("late_because", "long_text", "逾期原因", "why it comes late", required=False),
    ),
    "accept_review": (
        Field("delay_excused", "yes", "逾期有正当理由", "the delay is excused", required=False),
        Field("opinion", "long_text", "意见", "opinion", required=False),
    ),
    "find_inadmissible": (
        Field(
            "ground",
            "choice",
            "不予受理情形",
            "ground",
            choices=(
                ("late", "逾期提出且无正当理由", "lodged late without an excuse"),
                ("wrong_body", "不属本中心复核范围", "not a matter for this centre's review"),
                ("not_affected", "与该决定无利害关系", "not affected by the decision"),
            ),
        ),
        REASON,
        Field("proper_body", "text", "建议向何处提出", "proper body", required=False),
    ),
    "form_panel": (
        Field("members", "list", "复核委员（首位为召集人）", "members, the first presides", columns=(MEMBER,)),
    ),
    "replace_member": (
        Field("leaving", "text", "退出委员（用户名）", "member who leaves (username)"),
        Field("coming", "text", "接替委员（用户名）", "member who comes (username)"),
        REASON,
    ),
    "record_hearing": (
        Field("held_on", "date", "听取意见日期", "heard on"),
        Field("applicant_said", "long_text", "申请人陈述", "what the applicant said"),
        Field("evaluators_by", "text", "评审方代表", "who spoke for the evaluators"),
        Field("evaluators_said", "long_text", "评审方说明", "what the evaluators said"),
    ),
    "decide_review": (Field("found", "long_text", "查明的事实和理由", "what was found"),),
    "withdraw_review": (REASON,),
}

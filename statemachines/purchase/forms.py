"""What people say with each move of a purchase."""

from statemachines.fields import OPINION, REASON
from statemachines.table import Field

YES_NO = (("yes", "是", "yes"), ("no", "否", "no"))

FORMS: dict[str, tuple[Field, ...]] = {
    "secure_budget": (OPINION,),
    "publish_call": (
        Field("closes_on", "date", "投标截止日期", "closing day"),
        Field("closes_hour", "integer", "截止时间（几点整）", "closing hour"),
        Field(
            "federation_rule", "choice", "公告是否载明同等条件下优先联合会",
            "does the call announce the federation rule", choices=YES_NO,
        ),
        Field("published_where", "text", "公告发布媒介", "published where"),
    ),
    "open_bids": (Field("witness", "text", "监督人", "witness"),),
    "fail_purchase": (REASON,),
    "conclude_evaluation": (OPINION,),
    "return_evaluation": (REASON,),
    "agree_award": (OPINION,),
    "award_bid": (OPINION,),
    "sign_contract": (Field("signed_by", "text", "签署人", "signed by"),),
    "conclude_contract": (
        Field("signed_by", "text", "甲方签署人", "signed by"),
        Field("starts_on", "date", "合同开始日期", "first day"),
        Field("ends_on", "date", "合同结束日期", "last day"),
        Field("stable", "choice", "服务内容是否相对固定、连续性强", "is the need stable", choices=YES_NO),
        Field(
            "budget_secured", "choice", "以后年度经费是否有保障", "is the money of later years secured", choices=YES_NO
        ),
    ),
    "record_notice": (
        Field("noticed_on", "date", "合同公告日期", "published on"),
        Field("noticed_where", "text", "公告媒介", "published where"),
    ),
    "hand_in_work": (
        Field("done_quantity", "integer", "完成数量", "quantity done"),
        Field("report", "long_text", "完成情况", "what was done"),
    ),
    "return_work": (REASON,),
    "accept_work": (
        Field("accepted_quantity", "integer", "验收合格数量", "quantity accepted"),
        Field("quality", "integer", "质量得分（0–100）", "quality (0–100)"),
        Field("finding", "long_text", "验收意见", "finding"),
    ),
    "assess_purchase": (
        Field("score", "score", "绩效得分", "performance score"),
        Field("finding", "long_text", "绩效评价意见", "assessment"),
    ),
    "cancel_purchase": (REASON,),
    "terminate_contract": (REASON,),
}  # fmt: skip

"""What people say with each move of an award case."""

from statemachines.fields import ANSWERS, CORRECTION_ITEMS, OPINION, REASON
from statemachines.table import Field

SHEETS = Field(
    "sheets",
    "list",
    "系统外评审的评分记录（有系统内评审组的不填）",
    "sheets of a panel that sat outside of the system (none where one sits in it)",
    required=False,
    columns=(
        Field("evaluator", "text", "评审专家", "evaluator"),
        Field("score", "score", "总分", "total"),
        Field("amount_fen", "amount", "建议资助额（元）", "amount advised (yuan)"),
    ),
)
ACCEPTANCE_SHEETS = Field(
    "sheets",
    "list",
    "系统外验收的评分记录（有系统内评审组的不填）",
    "sheets of an acceptance held outside of the system (none where a panel sits in it)",
    required=False,
    columns=(Field("evaluator", "text", "评审专家", "evaluator"), Field("score", "score", "总分", "total")),
)
MINUTES = Field("minutes", "text", "评审记录存放处", "where the record is kept", required=False)
AUDIT_OPINIONS = (
    ("clean", "无保留意见", "unqualified"),
    ("qualified", "保留意见", "qualified"),
    ("adverse", "否定意见", "adverse"),
    ("none", "无法表示意见", "no opinion"),
)

FORMS: dict[str, tuple[Field, ...]] = {
    "request_award_correction": (CORRECTION_ITEMS,),
    "resubmit_award": (
        ANSWERS,
        Field(
            "budget",
            "list",
            "改正后的预算（不改的不填）",
            "the budget as corrected (nothing where it stays)",
            required=False,
            columns=(
                Field("item", "text", "预算科目", "budget item"),
                Field("amount_fen", "amount", "金额（元）", "amount (yuan)"),
            ),
        ),
    ),
    "find_eligible": (OPINION,),
    "record_award_result": (SHEETS, MINUTES),
    "propose": (
        Field(
            "amount_fen",
            "amount",
            "拟资助金额（元），不填即为评审建议额",
            "amount proposed (yuan); else as advised",
            required=False,
        ),
        OPINION,
    ),
    "approve_first": (OPINION,),
    "approve": (OPINION,),
    "sign_award": (Field("signed_by", "text", "签署人", "signed by"),),
    "start_payments": (Field("signed_by", "text", "甲方签署人", "signed by"),),
    "confirm_progress": (Field("finding", "long_text", "中期检查情况", "what the check halfway found"),),
    "request_acceptance": (
        Field("report", "long_text", "结项报告", "final report"),
        Field(
            "outputs",
            "list",
            "产出",
            "outputs",
            columns=(
                Field("output", "text", "产出", "output"),
                Field("agreed", "text", "约定", "agreed"),
                Field("reached", "text", "完成", "reached"),
            ),
        ),
        Field("beneficiaries", "integer", "受益人次", "people reached"),
        Field("satisfied", "text", "满意度", "satisfaction"),
    ),
    "return_acceptance": (REASON,),
    "record_audit": (
        Field("firm", "text", "审计机构", "audited by"),
        Field("audit_number", "text", "审计报告文号", "number of the report"),
        Field("audit_opinion", "choice", "审计意见", "opinion", choices=AUDIT_OPINIONS),
        Field("finding", "long_text", "审计发现的问题", "what the audit found", required=False),
    ),
    "record_acceptance_result": (ACCEPTANCE_SHEETS, MINUTES),
    "accept_award": (Field("opinion", "long_text", "验收意见", "opinion"),),
    "fail_acceptance": (REASON,),
    "confirm_failure": (OPINION,),
    "withdraw_award": (REASON,),
    "reject_award": (REASON,),
    "terminate_award": (REASON,),
    "reopen_by_review": (Field("review", "text", "复核案号", "number of the review"), REASON),
}

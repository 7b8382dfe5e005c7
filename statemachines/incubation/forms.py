"""What people say with each move of an incubation case; console, command line and API draw their forms from here."""

from statemachines.fields import ANSWERS, CORRECTION_ITEMS, OPINION, REASON
from statemachines.table import Field

REVIEW = Field("review", "text", "复核案号", "number of the review")

FINDINGS = Field(
    "findings",
    "list",
    "问题清单",
    "findings",
    columns=(
        Field("fact", "text", "事实", "fact"),
        Field("rule", "text", "依据", "rule"),
        Field("measure", "text", "整改措施", "measure"),
    ),
)
NEEDS = Field(
    "needs",
    "list",
    "需求评估（1–5级）",
    "needs, level 1 to 5",
    columns=(Field("area", "text", "领域", "area"), Field("level", "integer", "等级", "level")),
)
GOALS = Field(
    "goals",
    "list",
    "培育目标",
    "goals",
    columns=(
        Field("metric", "text", "指标", "metric"),
        Field("base", "text", "现状", "today"),
        Field("target", "text", "目标", "target"),
        Field("due_on", "date", "期限", "by"),
    ),
)
GATES = Field(
    "gates",
    "list",
    "出壳门槛",
    "graduation gates",
    columns=(
        Field("gate", "text", "门槛编号", "gate"),
        Field("passed", "yes", "是否达到", "passed"),
        Field("evidence", "text", "证据", "evidence"),
    ),
)
RECHECKS = Field(
    "rechecks",
    "list",
    "逐项复核",
    "recheck of each finding",
    columns=(
        Field("finding", "text", "问题", "finding"),
        Field("closed", "yes", "是否改正", "closed"),
        Field("evidence", "text", "证据", "evidence"),
    ),
)
MEETING = (
    Field("meets_on", "date", "评审日期", "meeting date"),
    Field("meets_at", "text", "评审时间", "meeting time"),
    Field("place", "text", "评审地点", "meeting place"),
    Field("recusal_due_on", "date", "申请回避截止日", "recusal requests until"),
)
AGREED = (
    Field("privacy_notice_accepted", "yes", "已阅读并同意个人信息处理告知", "privacy notice accepted"),
    Field("commitments_accepted", "yes", "承诺材料真实、非营利、接受监督", "commitments accepted"),
)
ON_PAPER = (
    Field(
        "signed_on_paper",
        "yes",
        "负责人已在纸质申请表上签字，原件已核对留存",
        "signed by the leader on paper, seen, kept",
    ),
    Field("assisted_because", "text", "代办原因", "why it is entered for the applicant"),
)
RETURNED = Field(
    "assets",
    "list",
    "交还资产清单",
    "assets handed back",
    required=False,
    columns=(
        Field("name", "text", "名称", "name"),
        Field("quantity", "integer", "数量", "quantity"),
        Field("unit", "text", "单位", "unit", required=False),
        Field("state", "text", "状况", "state", required=False),
    ),
)
GROUND = (
    Field("facts", "long_text", "事实", "facts"),
    Field("evidence", "long_text", "证据", "evidence"),
    Field("basis", "long_text", "依据", "basis"),
)

FORMS: dict[str, tuple[Field, ...]] = {
    "submit": AGREED,
    "submit_assisted": (*AGREED, *ON_PAPER),
    "accept_application": (OPINION,),
    "request_correction": (CORRECTION_ITEMS,),
    "resubmit": (ANSWERS,),
    "resubmit_assisted": (ANSWERS, *ON_PAPER),
    "propose_not_accepting": (REASON,),
    "not_accept": (
        Field(
            "reason_code",
            "choice",
            "原因类别",
            "kind of reason",
            choices=(
                ("scope", "不属社区社会组织", "not a community organization"),
                ("territory", "不属本中心服务地域", "outside the territory"),
                ("capacity", "不属本中心孵化类型", "not a kind this centre incubates"),
            ),
        ),
        REASON,
        Field("proper_body", "text", "建议向何处提出", "proper body", required=False),
    ),
    "begin_preliminary_review": (
        Field("lists_checked", "yes", "已核查活动异常、严重违法失信名单", "lists checked"),
        Field("visitors", "integer", "走访（面谈）工作人员数", "staff who visited or interviewed"),
        Field("eligible", "yes", "符合入驻条件", "eligible", required=False),
        Field("report", "long_text", "初审报告", "report"),
    ),
    "open_admission_review": MEETING,
    "refuse_ineligible": (REASON,),
    "admit": (
        Field(
            "mode",
            "choice",
            "入驻方式",
            "mode",
            choices=(
                ("resident", "实体入驻", "with a place"),
                ("virtual", "虚拟入驻", "without a place"),
            ),
        ),
        Field("room", "text", "场地", "room", required=False),
        OPINION,
    ),
    "reject": (REASON,),
    "return_to_admission_review": (REASON,),
    "record_plan": (
        NEEDS,
        GOALS,
        Field("service_plan", "long_text", "服务计划", "service plan"),
        Field("mentor", "text", "导师", "mentor"),
    ),
    "sign_agreement": (Field("signed_by", "text", "乙方签署人", "signed by"),),
    "start_incubation": (
        Field("starts_on", "date", "孵化开始日", "starts on"),
        Field("signed_by", "text", "甲方签署人", "signed by"),
    ),
    "order_rectification": (FINDINGS,),
    "extend_rectification": (REASON,),
    "report_recheck": (RECHECKS,),
    "suspend": (
        Field("cause", "long_text", "中止事由", "cause"),
        Field("expected_to", "date", "预计恢复日", "expected end"),
    ),
    "resume": (Field("cause_gone", "long_text", "恢复理由", "why the cause is gone"),),
    "request_extension": (REASON, Field("gaps", "long_text", "补足计划", "plan for the gaps")),
    "grant_extension": (
        Field("months", "integer", "延期月数", "months"),
        Field("conditions", "long_text", "延期条件", "conditions", required=False),
        OPINION,
    ),
    "refuse_extension": (REASON,),
    "apply_graduation": (Field("summary", "long_text", "孵化总结", "summary"),),
    "request_graduation_correction": (CORRECTION_ITEMS,),
    "resubmit_graduation": (ANSWERS,),
    "open_graduation_review": MEETING,
    "record_gates": (GATES,),
    "approve_graduation": (OPINION,),
    "return_to_incubation": (REASON,),
    "return_to_graduation_review": (REASON,),
    "review_late_extension": (REASON,),
    "request_withdrawal": (REASON,),
    "confirm_withdrawal": (
        Field("assets_returned", "yes", "资产、钥匙已交还", "assets and keys returned"),
        RETURNED,
        Field("keys", "integer", "交还钥匙（把）", "keys handed back", required=False),
        Field("deposit_fen", "amount", "退还押金", "deposit paid back", required=False),
        Field("handover", "long_text", "交接说明", "note on the handover", required=False),
    ),
    "propose_expulsion": GROUND,
    "start_expulsion": GROUND,
    "accept_defence": (REASON,),
    "approve_expulsion": (REASON,),
    "expel": (
        REASON,
        Field("defence_summary", "long_text", "陈述申辩及采纳情况", "defence and answer", required=False),
        Field("recovery_fen", "amount", "应追回资助款", "money to come back", required=False),
    ),
    "approve_revocation": (REASON, Field("evidence", "long_text", "证据", "evidence", required=False)),
    "revoke_graduation": (REASON,),
    "withdraw_application": (REASON,),
    "reopen_by_review": (REVIEW, REASON),
    "change_by_review": (REVIEW, REASON),
}

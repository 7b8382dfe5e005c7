"""What people say with each move of a recovery."""

from statemachines.fields import OPINION, REASON
from statemachines.table import Field

PLAN_COLUMNS = (
    Field("due_on", "date", "归还日期", "due on"),
    Field("amount_fen", "amount", "归还金额（元）", "amount (yuan)"),
)
MEANS = (
    ("court", "向人民法院提起诉讼或者申请执行", "suit or enforcement by the court"),
    ("agreement", "按资助协议约定追偿（抵扣、担保）", "under the award agreement (set-off, guarantee)"),
)

FORMS: dict[str, tuple[Field, ...]] = {
    "serve_notice": (
        Field("facts", "long_text", "查明的事实", "what was found"),
        Field("evidence", "long_text", "证据", "evidence"),
        Field("compliant_fen", "amount", "合规支出金额（元，没有的不填）", "spent as agreed (yuan)", required=False),
        Field("account", "text", "退回账户（户名、开户行、账号）", "account to repay to (holder, bank, number)"),
    ),
    "reply_recovery": (Field("reply", "long_text", "陈述和申辩", "reply"),),
    "drop_finding": (REASON,),
    "propose_recovery": (
        Field("amount_fen", "amount", "拟追回金额（元）", "amount proposed (yuan)"),
        Field("reply_considered", "long_text", "对陈述申辩的意见", "what is said to the reply"),
        REASON,
    ),
    "approve_recovery": (OPINION,),
    "return_proposal": (REASON,),
    "decide_recovery": (OPINION,),
    "start_repayment": (
        Field("plan", "list", "分期归还计划（可不填）", "repayment plan", required=False, columns=PLAN_COLUMNS),
    ),
    "agree_plan": (Field("plan", "list", "分期归还计划", "repayment plan", columns=PLAN_COLUMNS), REASON),
    "ask_for_plan": (Field("wish", "long_text", "分期归还的请求和理由", "what is asked for, and why"),),
    "record_repayment": (
        Field("amount_fen", "amount", "到账金额（元）", "amount received (yuan)"),
        Field("bank_serial", "text", "银行流水号", "bank serial"),
        Field("received_on", "date", "到账日期", "day received"),
    ),
    "enforce_recovery": (
        Field("means", "choice", "追缴方式", "means", choices=MEANS),
        REASON,
        Field("document", "text", "文书或者协议编号", "number of the document or agreement", required=False),
    ),
    "propose_write_off": (REASON, Field("document", "text", "核销依据文号", "number of the document it rests on")),
    "approve_write_off": (OPINION,),
}  # fmt: skip

"""What people say with each move of an instalment."""

from statemachines.fields import OPINION, REASON
from statemachines.table import Field

FORMS: dict[str, tuple[Field, ...]] = {
    "request_instalment": (Field("expense_report", "long_text", "用款说明", "expense report", required=False),),
    "report_milestone": (Field("finding", "long_text", "节点完成情况", "milestone finding"),),
    "confirm_milestone": (OPINION,),
    "check_payment": (Field("voucher", "text", "制单说明", "voucher note", required=False),),
    "approve_large_payment": (OPINION,),
    "approve_payment": (OPINION,),
    "record_payment": (
        Field("bank_serial", "text", "银行流水号", "bank serial"),
        Field("value_date", "date", "到账日期", "value date"),
    ),
    "confirm_receipt": (
        Field("received_on", "date", "收款日期", "received on"),
        Field("confirmed_by", "text", "收款方确认人", "confirmed by"),
    ),
    "settle_payment": (
        Field("bank_serial", "text", "银行流水号", "bank serial"),
        Field("value_date", "date", "到账日期", "value date"),
        Field("evidence", "text", "凭据", "evidence"),
    ),
    "recall_instruction": (REASON,),
    "mark_unknown": (REASON,),
    "propose_resend": (REASON,),
    "agree_resend": (OPINION,),
    "propose_reversal": (REASON,),
    "agree_reversal": (OPINION,),
    "record_bank_return": (REASON,),
    "hold": (REASON,),
    "lift_hold": (REASON,),
}

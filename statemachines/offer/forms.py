"""What people say with each move of an offer."""

from statemachines.fields import OPINION, REASON
from statemachines.table import Field

FORMS: dict[str, tuple[Field, ...]] = {
    "verify_offer": (
        Field("checked", "long_text", "核实情况（价值依据、权属、用途）", "what was checked: value, title, purpose"),
    ),
    "decline_offer": (REASON,),
    "match_offer": (
        Field("receiver", "text", "受赠组织", "receiving organization"),
        Field("match_reason", "long_text", "对接理由", "why this organization"),
    ),
    "unmatch_offer": (REASON,),
    "accept_match": (OPINION,),
    "agree_offer": (OPINION,),
    "confirm_delivery": (
        Field("delivered_on", "date", "交付日期", "delivered on"),
        Field("quantity", "integer", "实收数量", "quantity received"),
        Field("received_by", "text", "验收人", "received by"),
        Field("condition", "text", "验收情况", "condition", required=False),
    ),
    "receive_money": (
        Field("budget_line", "text", "捐赠资金预算", "donation budget line"),
        Field("delivered_on", "date", "到账日期", "received on"),
        Field("bank_serial", "text", "银行流水号", "bank serial number"),
    ),
    "record_use": (
        Field("used_for", "long_text", "使用情况", "what it was used for"),
        Field("beneficiaries", "integer", "受益人次", "people served"),
        Field("remaining", "text", "结余或者存放情况", "what is left and where", required=False),
    ),
    "report_offer": (OPINION,),
    "thank_donor": (Field("thanks", "long_text", "致谢", "thanks"),),
    "withdraw_offer": (REASON,),
}

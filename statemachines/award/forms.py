"""What people say with each move of an award case."""

from statemachines.fields import OPINION, REASON
from statemachines.table import Field

FORMS: dict[str, tuple[Field, ...]] = {
    "find_eligible": (OPINION,),
    "propose": (
        Field("amount_fen", "amount", "拟资助金额（元）", "amount proposed (yuan)"),
        Field("score", "score", "评审均分", "mean score"),
        OPINION,
    ),
    "approve_first": (OPINION,),
    "approve": (OPINION,),
    "sign_award": (Field("signed_by", "text", "签署人", "signed by"),),
    "start_payments": (Field("signed_by", "text", "甲方签署人", "signed by"),),
    "reject_award": (REASON,),
    "terminate_award": (REASON,),
    "reopen_by_review": (Field("review", "text", "复核案号", "number of the review"), REASON),
}

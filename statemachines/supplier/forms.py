"""What people say with each move of a supplier case; each condition is answered yes or no with its reason."""

from statemachines.fields import OPINION, REASON
from statemachines.table import Field

YES_NO = (("yes", "是", "yes"), ("no", "否", "no"))


def _condition(key: str, zh: str, en: str) -> tuple[Field, Field]:
    return (
        Field(key, "choice", zh, en, choices=YES_NO),
        Field(f"{key}_reason", "text", f"{zh}：依据", f"{en}: on what"),
    )


CONDITIONS: tuple[Field, ...] = (
    *_condition("legal_person", "依法登记、具有法人资格", "is a registered legal person"),
    *_condition("one_year", "登记满一年", "was registered a year ago or more"),
    *_condition("inspected", "最近年度检查（年度报告）合格", "passed the last yearly inspection"),
    *_condition("unlisted", "未列入活动异常名录和严重违法失信名单", "is on no list"),
    *_condition("staffed", "有相应的专职工作人员", "has the staff it takes"),
)

FORMS: dict[str, tuple[Field, ...]] = {
    "check_supplier": CONDITIONS,
    "refuse_supplier": (REASON,),
    "publish_supplier": (OPINION,),
    "list_supplier": (OPINION,),
    "return_supplier": (REASON,),
    "pass_supplier_review": CONDITIONS,
    "remove_supplier": (REASON,),
    "withdraw_supplier": (REASON,),
}

"""Fields that people fill in alike in several processes: reasons, opinions, lists of corrections and their answers."""

from statemachines.table import Field

REASON = Field("reason", "long_text", "理由", "reason")
OPINION = Field("opinion", "long_text", "意见", "opinion", required=False)
ANSWERS = Field(
    "answers",
    "list",
    "补正说明",
    "answers, one per item",
    columns=(Field("answer", "text", "补正内容", "what was corrected"),),
)
CORRECTION_ITEMS = Field(
    "items",
    "list",
    "补正事项（一次性告知）",
    "items to correct (told once, completely)",
    columns=(
        Field("field", "text", "材料或栏目", "material or field"),
        Field("problem", "text", "存在问题", "problem"),
        Field("how_to_fix", "text", "补正要求", "how to put it right"),
        Field(
            "why_now",
            "text",
            "首次告知未列的，说明何以新出现",
            "if not on the first list: why it has arisen since",
            required=False,
        ),
    ),
)
"""Whichever move asks with this field tells it once and completely: see `services.cases.corrections`."""

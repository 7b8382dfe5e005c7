"""Fields that people fill in alike in several processes: a reason, an opinion, the answers to a list of corrections."""

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

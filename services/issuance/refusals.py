"""Why a paper was not drawn, in the words of the message catalogue."""

from documents.glyphs import MissingGlyph
from documents.rendered import Limit, OverBudget
from services.errors import Refused

CODES: dict[Limit, str] = {
    "cpu": "document.over_time",
    "wall": "document.over_time",
    "memory": "document.over_memory",
    "pages": "document.over_pages",
    "rows": "document.over_rows",
    "size": "document.over_size",
}


def refusal_of(error: OverBudget) -> Refused:
    """The refusal of a paper that would cost more than it may; its sentence says what to do."""
    allowed = int(error.allowed) >> 20 if error.limit == "memory" else int(error.allowed)
    return Refused(CODES[error.limit], allowed=allowed)


FIELDS = {
    "addressee": ("受文单位", "addressee"),
    "organization_name": ("组织名称", "name of the organization"),
    "issuer_name": ("发文机关", "issuer"),
    "seal": ("印章", "seal"),
    "contact": ("联系人", "contact"),
    "leader": ("负责人", "leader"),
    "evaluator": ("评审专家", "evaluator"),
    "handler": ("经办人", "handler"),
    "payee": ("收款单位", "payee"),
    "holder": ("持证人", "holder"),
    "member": ("委员", "member"),
    "name": ("名称", "name"),
    "place": ("地点", "place"),
    "room": ("场所", "room"),
    "project": ("项目名称", "project"),
    "reason": ("理由", "reason"),
}
"""Words for the fields in which names stand; any other is named by its path."""

_AROUND = 8  # characters shown on either side of the one that cannot be printed


def glyph_refusal(error: MissingGlyph) -> Refused:
    """The refusal of a paper with a character no typeface has: whose name, which field, which code point."""
    at = error.text.find(error.character)
    shown = error.text[max(0, at - _AROUND) : at + _AROUND + 1]
    zh, en = _field_words(error.field)
    return Refused(
        "document.missing_glyph", field=zh, field_en=en, text=shown, character=error.character,
        code_point=error.code_point,
    )  # fmt: skip


def _field_words(path: str) -> tuple[str, str]:
    parts = path.split(".")
    named = [part for part in parts if not part.isdecimal()]
    rows = [int(part) + 1 for part in parts if part.isdecimal()]
    words = FIELDS.get(named[-1]) if named else None
    if words is None:
        return f"字段{path}", f"field {path}"
    return "".join(f"第{row}项" for row in rows) + words[0], "".join(f"item {row}, " for row in rows) + words[1]

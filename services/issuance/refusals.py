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
    "addressee": "受文单位",
    "organization_name": "组织名称",
    "issuer_name": "发文机关",
    "seal": "印章",
    "contact": "联系人",
    "leader": "负责人",
    "evaluator": "评审专家",
    "handler": "经办人",
    "payee": "收款单位",
    "holder": "持证人",
    "member": "委员",
    "name": "名称",
    "place": "地点",
    "room": "场所",
    "project": "项目名称",
    "reason": "理由",
}
"""Words for the fields in which names stand; any other is named by its path."""

_AROUND = 8  # characters shown on either side of the one that cannot be printed


def glyph_refusal(error: MissingGlyph) -> Refused:
    """The refusal of a paper with a character no typeface has: whose name, which field, which code point."""
    at = error.text.find(error.character)
    shown = error.text[max(0, at - _AROUND) : at + _AROUND + 1]
    return Refused(
        "document.missing_glyph",
        field=_field_words(error.field),
        text=shown,
        character=error.character,
        code_point=error.code_point,
    )


def _field_words(path: str) -> str:
    parts = path.split(".")
    named = [part for part in parts if not part.isdecimal()]
    row = "".join(f"第{int(part) + 1}项" for part in parts if part.isdecimal())
    words = FIELDS.get(named[-1]) if named else None
    return f"{row}{words}" if words else f"字段{path}"

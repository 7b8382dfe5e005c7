"""Flush right edges for Chinese paragraphs: spreads a line's missing width between its characters.

The engine justifies by widening spaces, and Chinese text has none. `install` replaces its line justification for the engine
versions this was tested with, and leaves any other version as it is: ragged edges, never broken pages.
"""

from __future__ import annotations

import unicodedata
from typing import Any

TESTED_VERSIONS = frozenset({"70.0"})
_WIDEST_GAP = 0.35  # of the type size; a line that would need more is meant to be short


def install() -> bool:
    """Switches the spreading on in this process; True when it is on, False for an untested engine version."""
    import weasyprint
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline
    from weasyprint.text.line_break import create_layout

    if weasyprint.__version__ not in TESTED_VERSIONS:
        return False
    if getattr(inline.justify_line, "spreads_characters", False):
        return True
    widen_spaces = inline.justify_line

    def text_boxes(box: Any) -> list[Any]:
        if isinstance(box, boxes.TextBox):
            return [box] if box.text else []
        if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            return [found for child in box.children if child.is_in_normal_flow() for found in text_boxes(child)]
        return []

    def widen(box: Any, context: Any, gap: float, shift: float) -> float:
        """Moves `box` right by `shift`, spreads its characters by `gap`, and returns the shift of what follows it."""
        if isinstance(box, boxes.TextBox):
            box.position_x += shift
            if not box.text:
                return shift
            spacing = box.style["letter_spacing"]
            box.style = box.style.copy()
            box.style["letter_spacing"] = (0 if spacing == "normal" else spacing) + gap
            layout = create_layout(box.text, box.style, context, max_width=None, justification_spacing=0)
            layout.deactivate()
            box.pango_layout = layout
            box.width += gap * len(box.text)
            return shift + gap * len(box.text)
        if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            box.position_x += shift
            before = shift
            for child in box.children:
                if child.is_in_normal_flow():
                    shift = widen(child, context, gap, shift)
            box.width += shift - before
            return shift
        box.translate(shift, 0)
        return shift

    def justify_line(context: Any, line: Any, extra_width: float) -> None:
        found = text_boxes(line)
        text = "".join(box.text for box in found)
        # The last character has nothing to its right to be kept away from.
        gap = extra_width / max(len(text) - 1, 1)
        if not _mostly_wide(text) or gap > _WIDEST_GAP * line.style["font_size"]:
            widen_spaces(context, line, extra_width)
            return
        widen(line, context, gap, 0)

    justify_line.spreads_characters = True  # type: ignore[attr-defined]
    inline.justify_line = justify_line
    return True


def _mostly_wide(text: str) -> bool:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide * 2 >= len(text) > 1

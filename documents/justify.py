"""Flush right edges for Chinese paragraphs: spreads a line's missing width between its Chinese characters.

The engine justifies by widening spaces, and Chinese text has none. `install` replaces its line justification
for the engine
versions this was tested with, and leaves any other version as it is: ragged edges, never broken pages. Figures
and Latin
words keep their own spacing.
"""

from __future__ import annotations

import re
from typing import Any

TESTED_VERSIONS = frozenset({"70.0"})
WIDEST_GAP = 0.45  # of the type size; a line that would need more is meant to be short
# CJK punctuation, ideographs, full-width forms, and ideographs beyond the basic plane.
WIDE_RUN = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")


def install() -> bool:
    """Switches the spreading on in this process; True when it is on, False for an untested engine version."""
    import weasyprint
    from weasyprint.layout import inline

    if weasyprint.__version__ not in TESTED_VERSIONS:
        return False
    if not getattr(inline.justify_line, "spreads_characters", False):
        inline.justify_line = _spreading_justification(inline.justify_line)
    return True


def _spreading_justification(widen_spaces: Any) -> Any:
    """A replacement for the engine's function that falls back to it for lines that are not Chinese."""

    def justify_line(context: Any, line: Any, extra_width: float) -> None:
        text = "".join(box.text for box in _text_boxes(line))
        # The last character has nothing to its right to be kept away from.
        places = _wide_count(text) - bool(text and WIDE_RUN.fullmatch(text[-1]))
        gap = extra_width / max(places, 1)
        if (" " in text and places * 3 < len(text)) or gap > WIDEST_GAP * line.style["font_size"]:
            widen_spaces(context, line, extra_width)
        else:
            _widen(line, context, gap, 0)

    justify_line.spreads_characters = True  # type: ignore[attr-defined]
    return justify_line


def _wide_count(text: str) -> int:
    return sum(len(run) for run in WIDE_RUN.findall(text))


def _text_boxes(box: Any) -> list[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        return [found for child in box.children if child.is_in_normal_flow() for found in _text_boxes(child)]
    return []


def _widen(box: Any, context: Any, gap: float, shift: float) -> float:
    """Moves `box` right by `shift`, spreads its Chinese characters by `gap`, and returns the shift of what
    follows it.
    """
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        if not box.text:
            return shift
        box.pango_layout = _spread_layout(box, gap)
        box.width += gap * _wide_count(box.text)
        return shift + gap * _wide_count(box.text)
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += shift
        before = shift
        for child in box.children:
            if child.is_in_normal_flow():
                shift = _widen(child, context, gap, shift)
        box.width += shift - before
        return shift
    box.translate(shift, 0)
    return shift


def _spread_layout(box: Any, gap: float) -> Any:
    from weasyprint.text.ffi import TO_UNITS, ffi, pango
    from weasyprint.text.line_break import Layout

    class SpreadLayout(Layout):  # type: ignore[misc]
        """A text layout that keeps its spreading when the engine sets it up again for drawing."""

        def set_text(self, text: str, justify: bool = False) -> None:
            """Sets the text, then letter-spaces its Chinese runs."""
            super().set_text(text, justify)
            attributes = pango.pango_layout_get_attributes(self.layout)
            if attributes == ffi.NULL:
                attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            own = self.style["letter_spacing"]
            units = int(((0 if own == "normal" else own) + gap) * TO_UNITS)
            for run in WIDE_RUN.finditer(self.text):
                attribute = pango.pango_attr_letter_spacing_new(units)
                attribute.start_index = len(self.text[: run.start()].encode())
                attribute.end_index = len(self.text[: run.end()].encode())
                pango.pango_attr_list_change(attributes, attribute)
            pango.pango_layout_set_attributes(self.layout, attributes)

    layout = SpreadLayout(box.style)
    layout.set_text(box.text)
    layout.deactivate()
    return layout

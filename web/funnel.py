"""Draws the funnel as SVG: one bar a milestone, its width the share of the first, number and label beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_ROW, _BAR, _WIDTH, _LABEL, _NUMBER = 40, 26, 640, 150, 64


@dataclass(frozen=True, slots=True)
class Bar:
    """One milestone: what it is called and how many reached it."""

    label: str
    number: int


def funnel_svg(bars: Sequence[Bar], *, title: str) -> str:
    """The drawing; without any case every bar is empty. Widths count from the largest, which is the first as a rule."""
    widest = max((one.number for one in bars), default=0)
    room = _WIDTH - _LABEL - _NUMBER
    parts = []
    for place, one in enumerate(bars):
        width = max(2, round(room * one.number / widest)) if widest and one.number else 0
        top, left = place * _ROW, _LABEL + (room - width) / 2
        middle = top + _ROW / 2
        parts.append(f'<text x="0" y="{middle + 5}" class="funnel-label">{escape(one.label)}</text>')
        parts.append(f'<rect x="{_LABEL}" y="{top + 7}" width="{room}" height="{_BAR}" rx="4" class="funnel-room"/>')
        if width:
            parts.append(
                f'<rect x="{left:g}" y="{top + 7}" width="{width}" height="{_BAR}" rx="4" class="funnel-bar"/>'
            )
        parts.append(f'<text x="{_WIDTH}" y="{middle + 5}" text-anchor="end" class="funnel-number">{one.number}</text>')
    height = len(bars) * _ROW
    return (
        f'<svg class="funnel" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )

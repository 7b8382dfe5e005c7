"""Finds where seals belong on a laid-out document, and presses the sample seals there while the bytes are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from documents.seal import DIAMETER, MULTIPLY, group_entries, seal_drawing

_PIXEL = 25.4 / 96
_POINTS = 72 / 25.4
_MOST_SHEETS = 8  # a riding seal cut into more slices than this would show nothing on any of them


@dataclass(frozen=True)
class SealPlace:
    """Where a seal belongs: page number from 1, the box in millimetres from the page's upper left corner.

    party: "issuer" on papers of one office; "first" and "second" on agreements. name: whose seal it is.
    """

    party: str
    name: str
    page: int
    left: float
    top: float
    width: float
    height: float
    page_height: float

    @property
    def box_in_points(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in PDF points from the page's lower left corner, as a signature field wants."""
        bottom = self.page_height - self.top - self.height
        corners = (self.left, bottom, self.left + self.width, bottom + self.height)
        first, second, third, fourth = (round(value * _POINTS, 3) for value in corners)
        return first, second, third, fourth


def seal_places(document: Any) -> tuple[SealPlace, ...]:
    """Every place for a seal in a laid-out document, marked by `data-seal` (whose) and `data-party` on an element."""
    return tuple(
        SealPlace(
            party=element.get("data-party") or "issuer",
            name=element.get("data-seal"),
            page=number,
            left=round(box.border_box_x() * _PIXEL, 3),
            top=round(box.border_box_y() * _PIXEL, 3),
            width=round(box.border_width() * _PIXEL, 3),
            height=round(box.border_height() * _PIXEL, 3),
            page_height=round(page.height * _PIXEL, 3),
        )
        for number, page, box, element in _marked(document, "data-seal")
    )


def left_to_sign(places: Iterable[SealPlace], *, pressed: bool) -> tuple[SealPlace, ...]:
    """Where signatures show: everywhere, or the other side's place alone where the page has pressed our own sample."""
    return tuple(one for one in places if not pressed or one.party == "second")


def presser(document: Any, places: tuple[SealPlace, ...], *, own: str) -> Callable[[Any, Any], None]:
    """A finisher for the engine: presses a sample of the seal of `own` on each of its places, never on the other
    side's, and across the edges of the pages where an element marked `data-riding` asks for it.
    """

    def press(_: Any, pdf: Any) -> None:
        marks: dict[int, list[bytes]] = {}
        for place in places:
            if place.name == own:
                marks.setdefault(place.page, []).append(_whole_seal(place))
        if any(element.get("data-riding") == own for *_, element in _marked(document, "data-riding")):
            for number, mark in _riding_seal(document):
                marks.setdefault(number, []).append(mark)
        if marks:
            _add(pdf, own, marks)

    return press


def _marked(document: Any, attribute: str) -> Iterator[tuple[int, Any, Any, Any]]:
    """Page number, page, box and element of every element with `attribute`, once each."""
    seen: set[int] = set()
    for number, page in enumerate(document.pages, start=1):
        for box in _page_box(page).descendants(placeholders=True):
            element = box.element
            # Boxes the engine adds inside an element name it too; the outermost comes first.
            if element is None or id(element) in seen or not element.get(attribute):
                continue
            seen.add(id(element))
            yield number, page, box, element


def _page_box(page: Any) -> Any:
    # The engine offers no public way to where a box came to stand.
    return page._page_box  # noqa: SLF001


def _whole_seal(place: SealPlace) -> bytes:
    left, bottom, right, _ = place.box_in_points
    scale = (right - left) / (DIAMETER * _POINTS)
    return f"q {scale:.5f} 0 0 {scale:.5f} {left:.3f} {bottom:.3f} cm /SealPress gs /Seal Do Q".encode()


def _riding_seal(document: Any) -> Iterator[tuple[int, bytes]]:
    """One slice of the seal at the right edge of every page, in groups of sheets fanned out together."""
    pages = list(enumerate(document.pages, start=1))
    groups = -(-len(pages) // _MOST_SHEETS)
    for group in range(groups):
        sheets = pages[group * len(pages) // groups : (group + 1) * len(pages) // groups]
        if len(sheets) < 2:
            continue
        slice_width = DIAMETER / len(sheets)
        for position, (number, page) in enumerate(sheets):
            box = _page_box(page)
            middle = (box.content_box_y() + box.height / 2) * _PIXEL
            left = page.width * _PIXEL - slice_width * (position + 1)
            bottom = page.height * _PIXEL - middle - DIAMETER / 2
            edge = page.width * _PIXEL - slice_width
            clip = " ".join(f"{value * _POINTS:.3f}" for value in (edge, bottom, slice_width, DIAMETER))
            place = f"1 0 0 1 {left * _POINTS:.3f} {bottom * _POINTS:.3f} cm"
            yield number, f"q {clip} re W n {place} /SealPress gs /Seal Do Q".encode()


def _add(pdf: Any, name: str, marks: dict[int, list[bytes]]) -> None:
    """Adds the seal once, and after what each page already draws the marks on it."""
    import pydyf

    multiply = pydyf.Dictionary({"Type": "/ExtGState", "BM": MULTIPLY.split()[1]})
    form = pydyf.Stream([seal_drawing(name)], group_entries(DIAMETER * _POINTS), compress=True)
    pdf.add_object(multiply)
    pdf.add_object(form)
    page_numbers = pdf.pages["Kids"][::3]
    for number, drawn in sorted(marks.items()):
        page = pdf.objects[page_numbers[number - 1]]
        # Saved and restored around what the engine drew: it leaves the page turned upside down.
        before, after = pydyf.Stream([b"q"]), pydyf.Stream([b"Q", *drawn])
        pdf.add_object(before)
        pdf.add_object(after)
        page["Contents"] = pydyf.Array([before.reference, page["Contents"], after.reference])
        resources = pdf.objects[int(page["Resources"].split()[0])]
        resources["ExtGState"]["SealPress"] = multiply.reference
        resources["XObject"]["Seal"] = form.reference

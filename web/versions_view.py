"""Turns two versions of an application into what changed between them, in the words people read."""

from dataclasses import dataclass
from typing import Any

from services.applications.reading import cells_of, text_of
from services.cases.comparison import Piece, RowChange, compare_rows, compare_text
from services.cases.version_page import Handed, VersionsPage
from statemachines.table import Field
from web.wording import label, say


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field that changed: its pieces, or the rows of its list under their headings."""

    label: str
    pieces: tuple[Piece, ...]
    columns: tuple[str, ...]
    rows: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section: the fields that changed, and how many did not."""

    label: str
    fields: tuple[FieldView, ...]
    same: int


def changes(page: VersionsPage, old: Handed | None, new: Handed, lang: str) -> list[SectionView]:
    """Section by section what changed from the old version to the new one; without an old one everything is shown."""
    found = []
    for section in page.sections:
        before = old.content[section.name] if old else {}
        after = new.content[section.name]
        views = [_field(field, before, after, lang, whole=old is None) for field in section.fields]
        changed = tuple(view for view in views if view is not None)
        found.append(SectionView(label(section, lang), changed, len(views) - len(changed)))
    was = _materials(old, lang) if old else []
    rows = _rows(was, _materials(new, lang), whole=old is None)
    heading = (say("version.material", lang), say("material.original", lang), say("version.file", lang))
    shown = (FieldView(say("version.materials", lang), (), heading, rows),) if _differs(rows) or old is None else ()
    return [*found, SectionView(say("material.title", lang), shown, 1 - len(shown))]


def _field(field: Field, before: dict[str, Any], after: dict[str, Any], lang: str, *, whole: bool) -> FieldView | None:
    name = label(field, lang)
    if field.kind == "list":
        was, now = (cells_of(field, one.get(field.name, ()), lang) for one in (before, after))
        rows = _rows(was, now, whole=whole)
        heading = tuple(label(column, lang) for column in field.columns)
        return FieldView(name, (), heading, rows) if (whole and now) or _differs(rows) else None
    was_text, now_text = (text_of(field, one.get(field.name), lang) for one in (before, after))
    if whole:
        return FieldView(name, (Piece("same", now_text),), (), ()) if now_text else None
    if was_text == now_text:
        return None
    written = field.kind in ("text", "long_text")
    return FieldView(name, compare_text(was_text, now_text) if written else _replaced(was_text, now_text), (), ())


def _replaced(was: str, now: str) -> tuple[Piece, ...]:
    """An amount, a day or a choice is another one as a whole; a marked digit would mislead."""
    return tuple(piece for piece in (Piece("gone", was), Piece("new", now)) if piece.text)


def _rows(was: list[tuple[str, ...]], now: list[tuple[str, ...]], *, whole: bool) -> tuple[RowChange, ...]:
    if whole:
        return tuple(RowChange("same", tuple((Piece("same", cell),) for cell in row)) for row in now)
    return compare_rows(was, now)


def _differs(rows: tuple[RowChange, ...]) -> bool:
    return any(one.kind in ("new", "gone", "changed") for one in rows)


def _materials(version: Handed, lang: str) -> list[tuple[str, ...]]:
    paper = say("version.on_paper", lang)
    return [
        (name, say("form.yes" if original else "form.no", lang), file or paper)
        for name, original, file in version.materials
    ]

"""Draws the sample of every kind as pictures, with an index page: what an office would get, to be looked at."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2

from documents import pdf
from documents.kind import Kind
from documents.registry import KINDS

WIDTH, LANDSCAPE_WIDTH = 720, 1000
"""Pixels across: every character can be read, and all kinds together stay under 6 MB."""

FAMILIES = {
    "A": "公文 · official page",
    "B": "信函 · letter format",
    "C": "表单报告 · form or report",
    "D": "证书 · certificate",
}
INDEX = "README.md"


@dataclass(frozen=True)
class Drawn:
    """The pictures of one kind by file name, page after page."""

    kind: Kind
    number: str
    pictures: Mapping[str, bytes]


def drawn(kind: Kind) -> Drawn:
    """The sample of a kind, sealed as a demonstration is, as WebP pictures. Fails as documents.pdf.render does."""
    sample = kind.sample()
    sample = replace(sample, head=replace(sample.head, seal="sample"))
    stem = f"{kind.code}-{kind.name.replace('_', '-')}"
    with pypdfium2.PdfDocument(pdf.render(kind.name, sample).pdf) as document:
        pictures = {f"{stem}-{number}.webp": _webp(page) for number, page in enumerate(document, start=1)}
    return Drawn(kind, sample.head.number, pictures)


def write(folder: Path, kinds: Iterable[Kind] | None = None) -> int:
    """Draws every kind (or only `kinds`) into `folder` and writes the index; returns the bytes of all pictures.

    Pictures of kinds and pages that are no more are deleted; other files are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gallery = [drawn(kind) for kind in sorted(kinds or KINDS.values(), key=lambda kind: kind.code)]
    wanted = {name: picture for one in gallery for name, picture in one.pictures.items()}
    for stale in folder.glob("D[0-9]*-*-*.webp"):
        if stale.name not in wanted:
            stale.unlink()
    for name, picture in wanted.items():
        (folder / name).write_bytes(picture)
    (folder / INDEX).write_text(index_of(gallery), encoding="utf-8")
    return sum(map(len, wanted.values()))


def index_of(gallery: Iterable[Drawn]) -> str:
    """The index page in Markdown: one row a kind with its pages side by side."""
    lines = [
        "# 文书样张 · Sample papers",
        "",
        "每一种文书的样张，内容均为虚构，印章为样章。由 `./chuke document gallery --out docs/papers` 绘制。",
        "",
        "A sample of every kind; all content is fictional and the seals say so. Drawn by the command above.",
        "",
        "| 编号 | 文种 | 版式 | 文号 | 页 |",
        "|---|---|---|---|---|",
    ]
    for one in gallery:
        pages = " ".join(
            f'<a href="{name}"><img src="{name}" width="{240 if one.kind.family == "D" else 160}" '
            f'alt="{one.kind.title_zh} {number}"></a>'
            for number, name in enumerate(one.pictures, start=1)
        )
        kind = one.kind
        row = (kind.code, f"{kind.title_zh}<br>{kind.title_en}", FAMILIES[kind.family], one.number, pages)
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


def _webp(page: Any) -> bytes:
    width, height = page.get_size()
    wanted = WIDTH if width < height else LANDSCAPE_WIDTH
    # Drawn twice as large and made smaller: fine strokes keep their weight.
    large = page.render(scale=2 * wanted / width).to_pil().convert("RGB")
    picture = large.reduce(2)
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=62, method=6)
    return target.getvalue()

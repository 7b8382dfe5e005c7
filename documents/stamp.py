"""Draws certificates fast: the engine lays a page out once, then each paper's texts and code are drawn onto it.

What may be stamped is a page of one sheet whose boxes do not move with the texts in them: every other paper, and every
text that breaks a line otherwise than ours can be broken, is laid out as a whole (documents.pdf). The engine of a
paper says which of the two it was, so that the same paper is always drawn the same way again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from typing import Any

import uharfbuzz
from jinja2.sandbox import ImmutableSandboxedEnvironment

from documents import pdf
from documents.context import canonical_json
from documents.environment import made
from documents.html import sheets_of
from documents.qr import QrPath
from documents.registry import kind_of
from documents.rendered import STAMP, Rendered, Unfit
from documents.stamping.base import Base, base_of
from documents.stamping.drawing import code_commands, text_commands, used_faces
from documents.stamping.lines import Block, Placed, lines_of
from documents.stamping.skeleton import Page, taken_apart
from documents.stamping.writer import Attached, Said, Writer

Lines = list[tuple[tuple[Placed, ...], ...]]

_MOST_KEPT = 64
_fixed: dict[str, frozenset[int]] = {}
_blocks: dict[tuple[str, tuple[str, ...]], tuple[Block, ...]] = {}
_bases: dict[tuple[str, tuple[str, ...], Any], Base] = {}
_unfit: dict[str, str] = {}


def stamps(kind_name: str) -> bool:
    """Whether papers of the kind are stamped where their texts allow it: certificates, the only ones issued in bulk."""
    return kind_of(kind_name).family == "D"


def stamp(kind_name: str, context: Any, *, receipt: str = "") -> Rendered:
    """The finished document like documents.pdf.render, and equal to it for the eye and for the reader of its text.

    Unfit when this paper cannot be stamped; refuses MissingGlyph and fails as documents.pdf.render does.
    """
    if not stamps(kind_name):
        raise Unfit("not a certificate")
    pdf.check_printable(context)
    html = (
        _environment()
        .get_template(f"kinds/{kind_name}/page.html")
        .render(document=context, head=context.head, kind=kind_of(kind_name), receipt=receipt)
    )
    own = context.head.issuer_name if context.head.seal == "sample" else ""
    page = taken_apart(html)
    # A sample seal is no part of the page's markup, but of the page that is kept.
    page = replace(page, skeleton=f"{kind_name} {own}\n{page.skeleton}")
    base, lines = _found(page) or _laid_out(kind_name, html, page, own=own)
    content = _written(kind_name, context, receipt, base, lines)
    families = {one.style.face.family for one in _parts(lines)}
    engine = f"{pdf.start()}; {STAMP}; shaper {uharfbuzz.version_string()}"
    return Rendered(content, hashlib.sha256(content).hexdigest(), 1, engine, tuple(sorted(families)), base.seal_places)


def _found(page: Page) -> tuple[Base, Lines] | None:
    """The page as it was laid out before, for texts that fit it in the same way."""
    if page.skeleton in _unfit:
        raise Unfit(_unfit[page.skeleton])
    fixed = _fixed.get(page.skeleton)
    if fixed is None:
        return None
    said = _said(page, fixed)
    blocks = _blocks.get((page.skeleton, said))
    if blocks is None:
        return None
    lines = [lines_of(block, page.texts) for block in blocks]
    base = _bases.get((page.skeleton, said, _shape(lines)))
    return None if base is None else (base, lines)


def _laid_out(kind_name: str, html: str, page: Page, *, own: str) -> tuple[Base, Lines]:
    try:
        base = base_of(kind_name, html, sheets_of(kind_name, None), page, own=own)
    except Unfit as reason:
        if page.skeleton not in _fixed:
            _unfit[page.skeleton] = str(reason)
        raise
    fixed = frozenset(number for block in base.blocks if not block.flexible for number, _ in block.runs)
    said = _said(page, fixed)
    lines = [lines_of(block, page.texts) for block in base.blocks]
    for kept in (_fixed, _blocks, _bases, _unfit):
        if len(kept) >= _MOST_KEPT:
            kept.clear()
    _fixed[page.skeleton] = fixed
    _blocks[page.skeleton, said] = base.blocks
    _bases[page.skeleton, said, _shape(lines)] = base
    return base, lines


def _said(page: Page, fixed: frozenset[int]) -> tuple[str, ...]:
    return tuple(page.texts[number] for number in sorted(fixed))


def _shape(lines: Lines) -> tuple[Any, ...]:
    """What the height of every line depends on: which texts stand on it."""
    return tuple(tuple(tuple(one.number for one in line) for line in block) for block in lines)


def _parts(lines: Lines) -> list[Placed]:
    return [one for block in lines for line in block for one in line]


def _written(kind_name: str, context: Any, receipt: str, base: Base, lines: Lines) -> bytes:
    writer = Writer(base.original)
    used = used_faces(_parts(lines))
    subsets = {face: face.subset(one.texts) for face, one in used.items()}
    fonts = {one.name: writer.font(face, subsets[face], one.texts) for face, one in used.items()}
    commands = [
        text_commands(
            one, baseline=baseline, page_height=base.page_height, used=used[one.style.face],
            subset=subsets[one.style.face],
        )
        for block, baselines in zip(lines, base.baselines, strict=True)
        for line, baseline in zip(block, baselines, strict=True)
        for one in line
    ]  # fmt: skip
    head, kind = context.head, kind_of(kind_name)
    code = code_commands(head.verify_url + receipt, base.code, base.page_height)
    data = canonical_json(context)
    attached = [Attached("data.json", "Data of this document", data)]
    if receipt:
        said = (head.verify_url + receipt).encode()
        attached.append(Attached("receipt.txt", "Decision receipt, as in the QR code", said))
    return writer.finished(
        fonts=fonts, drawing="\n".join(["BT", *commands, "ET", code]).encode(), attached=attached,
        said=Said(
            title=f"{head.document_title.replace(chr(10), '')}（{head.number}）", author=head.issuer_name,
            subject=f"{kind.code} {kind.title_zh}", creator="Chuke", producer="Chuke", day=head.issued_on,
        ),
        identifier=hashlib.sha256(kind_name.encode() + b"\n" + data).digest()[:16],
    )  # fmt: skip


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Fills pages without the modules of their code, which are drawn by us."""
    environment = made(ImmutableSandboxedEnvironment)
    blank: dict[str, Any] = {"qr_path": _blank}
    environment.globals.update(blank)
    return environment


def _blank(_: str) -> QrPath:
    return QrPath("", 1)

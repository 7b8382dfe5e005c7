"""The office's papers as they are laid out: each kind with its sample, its number, when it is issued and to whom."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from documents.html import stylesheets, to_html
from documents.kind import Kind
from documents.registry import KINDS
from services.errors import NotFound
from statemachines.registry import CURRENT
from statemachines.roles import Role
from statemachines.table import Issue
from web.rendering import kind_name, name, role_names, show, static
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/templates")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One move that issues the paper: of which process, what it is called, and to whom the paper goes."""

    process: str
    move: str
    to: str


@router.get("")
def templates(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Every kind of paper, with its series and the moves that issue it."""
    kinds = sorted(KINDS.values(), key=lambda kind: kind.code)
    occasions = {kind.name: _occasions(kind, visitor.lang) for kind in kinds}
    return show(request, visitor, "templates/list.html", kinds=kinds, occasions=occasions)


def _occasions(kind: Kind, lang: str) -> tuple[Occasion, ...]:
    found: list[Occasion] = []
    for process in CURRENT.values():
        for move in process.moves:
            for effect in move.then:
                if isinstance(effect, Issue) and effect.document == kind.name:
                    called = kind_name(process.kind, lang)
                    found.append(Occasion(called, name(move, lang), role_names(tuple(map(Role, effect.to)), lang)))
    return tuple(dict.fromkeys(found))


@router.get("/{kind}")
def template(request: Request, kind: str, visitor: Visitor = Depends(visiting)) -> Response:
    """One kind: what is known of it, and its sample as it would be printed."""
    known = _known(kind)
    return show(
        request, visitor, "templates/page.html", kind=known, occasions=_occasions(known, visitor.lang),
        number=known.sample().head.number,
    )  # fmt: skip


def _known(named: str) -> Kind:
    if named not in KINDS:
        raise NotFound("access.not_found")
    return KINDS[named]


@router.get("/{kind}/sheet")
def sheet(kind: str) -> Response:
    """The sample as a page of its own: filled and laid out as the paper is, without anything of the console."""
    known = _known(kind)
    links = f'<link rel="stylesheet" href="/templates/{known.name}/sheet.css">'
    links += f'<link rel="stylesheet" href="{static("paper.css")}">'
    return HTMLResponse(to_html(known.name, known.sample()).replace("</head>", f"{links}</head>", 1))


@router.get("/{kind}/sheet.css")
def sheet_style(kind: str) -> Response:
    """The style sheets the paper is drawn with."""
    style = "\n".join(stylesheets(_known(kind).name))
    # What a printer reads off the page's box, a screen must be told: its width and its margins.
    size, margin = _PAGE_SIZE.findall(style)[-1], _PAGE_MARGIN.findall(style)[-1]
    box = f"html {{ width: {size}; }} body {{ margin: {margin} !important; }}"
    return Response(f"{style}\n{box}\n{_LYING if size == '297mm' else ''}\n", media_type="text/css; charset=utf-8")


_LYING = """@media (max-width: 1200px) { html:root { zoom: .65; } }
@media (max-width: 520px) { html:root { zoom: .4; } }
@media (max-width: 400px) { html:root { zoom: .31; } }"""
_PAGE_SIZE = re.compile(r"size: (\d+mm) \d+mm")
_PAGE_MARGIN = re.compile(r"@page \{[^}]*?margin: ([\dm. ]+);", re.DOTALL)

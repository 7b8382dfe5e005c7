"""The office's papers as they are laid out: each kind with its sample, its number, when it is issued, its editions."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from documents.editions.source import LONGEST_PAGE, LONGEST_STYLE
from documents.editions.vocabulary import described
from documents.html import stylesheets, to_html
from documents.kind import Kind
from documents.registry import KINDS
from services.errors import NotFound, Refused
from services.templates import acts
from services.templates.acts import source_in_force
from services.templates.queries import edition_for, editions_of, numbers_in_force, waiting_kinds
from statemachines.registry import CURRENT
from statemachines.roles import Role
from statemachines.table import Issue
from web.forms.posted import Posted, posted
from web.rendering import go, kind_name, name, role_names, show, static
from web.visitor import Visitor, visiting
from web.wording import said, sentences

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
    with visitor.reading() as work:
        numbers, waiting = numbers_in_force(work), waiting_kinds(work)
    return show(
        request, visitor, "templates/list.html", kinds=kinds, occasions=occasions, numbers=numbers, waiting=waiting
    )


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
    with visitor.reading() as work:
        editions = editions_of(work, visitor.person, known.name)
    return show(
        request, visitor, "templates/page.html", kind=known, occasions=_occasions(known, visitor.lang),
        number=known.sample().head.number, editions=editions,
        in_force=next((one for one in editions if one.stage == "in_force"), None),
    )  # fmt: skip


def _known(named: str) -> Kind:
    if named not in KINDS:
        raise NotFound("access.not_found")
    return KINDS[named]


@router.get("/{kind}/edit")
def edit(request: Request, kind: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The page to write an edition on: the own draft, or what is in force."""
    return _edit(request, visitor, _known(kind))


def _edit(
    request: Request, visitor: Visitor, kind: Kind, *, error: Refused | None = None, form: Posted | None = None
) -> Response:
    with visitor.reading() as work:
        _, source = source_in_force(work, kind.name)
        lines = editions_of(work, visitor.person, kind.name)
        own = (one for one in lines if one.stage == "draft" and one.proposed_by_id == visitor.person.id)
        draft = next((edition_for(work, visitor.person, one.id) for one in own), None)
    return show(
        request, visitor, "templates/edit.html", status=error.http_status if error else 200, kind=kind,
        source=draft.source if draft else source, reason=draft.line.reason if draft else "",
        wanted_from=draft.line.wanted_from.isoformat() if draft and draft.line.wanted_from else "",
        form=form or Posted({}), problems=problems_of(error, visitor.lang) if error else (),
        longest_page=LONGEST_PAGE, longest_style=LONGEST_STYLE, fields=described(kind),
    )  # fmt: skip


def problems_of(error: Refused, lang: str) -> tuple[str, ...]:
    """What was refused, and every line that may not stand."""
    faults = tuple(error.facts.get("faults", ()))
    return (*sentences(error, lang), *(said(one.code, lang, **one.facts) for one in faults))


@router.post("/{kind}/editions")
def write(
    request: Request, kind: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep what was written as the own draft; it is shown again with every line that may not stand."""
    try:
        identity = acts.save_draft(
            visitor.database, visitor.person, kind=_known(kind).name, page=form.text("page"), style=form.text("style"),
            reason=form.text("reason"), wanted_from=form.optional_day("wanted_from", _DAY), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _edit(request, visitor, _known(kind), error=error, form=form)
    return go(f"/template-editions/{identity}", note="template_saved")


_DAY = ("启用日期", "day it begins")


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

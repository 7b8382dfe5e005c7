"""Lists of cases: everything I may see, narrowed by the address, found by a text, and taken along as a file."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.lists import ORDERS, CaseFilter, count, counts_by_stage, filtered
from services.cases.search import LONGEST, search
from services.database.work import Work
from services.people.queries import names_of
from statemachines.registry import CURRENT
from web.rendering import go, kind_name, show, stage_name
from web.requests import day_asked, known_id
from web.visitor import Visitor, visiting
from web.wording import label, say

router = APIRouter()
KINDS = ("incubation", *sorted(CURRENT.keys() - {"incubation"}))
MOST_LINES = 100
FIGURES = ("open", "overdue", "unmanaged", "resident")


def filters(
    kind: str = "", stage: str = "", state: str = "", text: str = "", figure: str = "", manager: str = "",
    evaluator: str = "", centre: str = "", reached: str = "", left: str = "", since: str = "", order: str = "",
) -> CaseFilter:  # fmt: skip
    """The filters in the address; an unknown word finds nothing, what can be no id is not found."""
    ids = {name: known_id(one) if one else "" for name, one in (("m", manager), ("e", evaluator), ("c", centre))}
    return CaseFilter(
        kind[:20], stage[:12], state[:40], text[:LONGEST], figure[:20], ids["m"], ids["e"], ids["c"], reached[:40],
        left[:12], day_asked(since), order if order in ORDERS else "",
    )  # fmt: skip


def asked(wanted: CaseFilter) -> dict[str, str]:
    """The filters as they stand in an address."""
    names = CaseFilter.__dataclass_fields__
    return {name: str(value) for name in names if (value := getattr(wanted, name))}


@router.get("/cases")
def every_case(
    request: Request, page: str = "", wanted: CaseFilter = Depends(filters), visitor: Visitor = Depends(visiting)
) -> Response:
    """全部个案: every case I may see; the same address shows the same list again."""
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1
    start = (max(number, 1) - 1) * MOST_LINES
    with visitor.reading() as work:
        lines = filtered(work, visitor.person, wanted, limit=MOST_LINES + 1, offset=start)
        total = count(work, visitor.person, wanted)
        counts = counts_by_stage(work, visitor.person)
        narrowed = narrowing(work, visitor, wanted)
    return show(
        request, visitor, "cases/list.html", lines=lines[:MOST_LINES], wanted=wanted, kinds=KINDS, total=total,
        totals=stage_totals(counts, wanted.kind), asked=asked(wanted), narrowed=narrowed, orders=ORDERS, number=number,
        figures=FIGURES,
        more=len(lines) > MOST_LINES, first=start + 1,
    )  # fmt: skip


def narrowing(work: Work, visitor: Visitor, wanted: CaseFilter) -> tuple[str, ...]:
    """What the list is narrowed to beside the fields of its form, in words."""
    lang = visitor.lang
    names = names_of(work, {one for one in (wanted.manager, wanted.evaluator) if one})
    found: list[str] = []
    if wanted.state:
        found += [_state(wanted.state, wanted.kind, lang)]
    if wanted.manager:
        found.append(say("list.of_manager", lang, name=names.get(wanted.manager, "—")))
    if wanted.evaluator:
        found.append(say("list.of_evaluator", lang, name=names.get(wanted.evaluator, "—")))
    if wanted.reached:
        found.append(say("list.reached", lang, state=_state(wanted.reached, "incubation", lang)))
    if wanted.left:
        found.append(say("list.left", lang, stage=stage_name(wanted.left, lang)))
    if wanted.centre:
        found.append(say("list.of_centre", lang))
    return tuple(found)


def _state(name: str, kind: str, lang: str) -> str:
    for process in (CURRENT.get(kind, CURRENT["incubation"]), *CURRENT.values()):
        known = next((state for state in process.states if state.name == name), None)
        if known is not None:
            return label(known, lang)
    return name


def stage_totals(counts: dict[tuple[str, str], int], wanted_kind: str) -> dict[str, int]:
    """How many cases there are in each stage that has any, in the order of the processes."""
    totals: dict[str, int] = {}
    for kind in KINDS:
        for stage in dict.fromkeys(state.stage for state in CURRENT[kind].states):
            number = counts.get((kind, stage), 0)
            if number and wanted_kind in ("", kind):
                totals[stage] = totals.get(stage, 0) + number
    return totals


@router.get("/search")
def found(request: Request, text: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What a text finds: straight to the case whose number it is, else organizations and cases, the surest first."""
    with visitor.reading() as work:
        result = search(work, visitor.person, text)
    if result.exact is not None:
        return go(f"/cases/{result.exact.number}")
    lists_organizations = bool(scopes(visitor.person, "organization:list"))
    return show(
        request, visitor, "cases/search.html", text=text[:LONGEST], found=result,
        lists_organizations=lists_organizations,
    )  # fmt: skip


def heading(wanted: CaseFilter, lang: str) -> str:
    """What a file of the list is called."""
    parts: list[Any] = [say("nav.cases", lang)]
    if wanted.kind in CURRENT:
        parts.append(kind_name(wanted.kind, lang))
    if wanted.stage:
        parts.append(stage_name(wanted.stage, lang))
    return " ".join(parts)

"""Takes the list of cases that is on the screen along as a file; the audit log keeps who took what, and why."""

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.lists import CaseFilter, CaseLine, count, filtered
from services.cases.taking import leaders_of, tells_leaders
from services.database.work import Work
from services.exports.rules import MOST_EVER
from services.protection.rules import mask_search
from web.exporting import Cell, Column, Sheet
from web.forms.posted import Posted, posted
from web.leaving import Going, ask, leave, taken
from web.pages.case_lists import asked, filters, heading
from web.rendering import kind_name, moment, query, role_names, stage_name
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/cases")


@router.get("/export.xlsx")
def why_xlsx(request: Request, wanted: CaseFilter = Depends(filters), visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the list is taken along as an Excel file."""
    return ask(request, visitor, _going(visitor, wanted, "xlsx"))


@router.get("/export.csv")
def why_csv(request: Request, wanted: CaseFilter = Depends(filters), visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the list is taken along as a CSV file."""
    return ask(request, visitor, _going(visitor, wanted, "csv"))


@router.post("/export.xlsx")
def xlsx(
    request: Request, form: Posted = Depends(posted), wanted: CaseFilter = Depends(filters),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """The list as an Excel file."""
    return _file(request, visitor, wanted, form, "xlsx")


@router.post("/export.csv")
def csv(
    request: Request, form: Posted = Depends(posted), wanted: CaseFilter = Depends(filters),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """The list as a CSV file."""
    return _file(request, visitor, wanted, form, "csv")


def _going(visitor: Visitor, wanted: CaseFilter, kind: str) -> Going:
    with visitor.reading() as work:
        number = count(work, visitor.person, wanted)
    typed = asked(wanted)
    masked = {name: mask_search(said) if name == "text" else said for name, said in typed.items()}
    return Going(
        "cases", number, f"/cases/export.{kind}?{query(**typed)}", f"cases-{visitor.today.isoformat()}",
        f"/cases?{query(**typed)}", masked, names=tells_leaders(visitor.person),
    )  # fmt: skip


def _file(request: Request, visitor: Visitor, wanted: CaseFilter, form: Posted, kind: str) -> Response:
    def build(work: Work, unmasked: bool) -> Sheet:
        lines = filtered(work, visitor.person, wanted, limit=MOST_EVER)
        leaders = leaders_of(work, lines, unmasked=unmasked) if tells_leaders(visitor.person) else {}
        lang = visitor.lang
        rows = [_row(one, visitor, leaders) for one in lines]
        return Sheet(heading(wanted, lang), _columns(lang, leaders), rows, taken(visitor, len(lines)))

    return leave(request, visitor, _going(visitor, wanted, kind), form, build, kind=kind)


def _columns(lang: str, leaders: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
    named = (Column(say("export.leader", lang), 12), Column(say("export.phone", lang), 14)) if leaders else ()
    return (
        Column(say("case.organization", lang), 34), Column(say("case.number", lang), 18),
        Column(say("case.kind", lang), 10), Column(say("case.stage", lang), 10), Column(say("case.state", lang), 16),
        Column(say("case.waits_for", lang), 24), Column(say("case.due_on", lang), 12),
        Column(say("case.days_over", lang), 10), Column(say("case.moved_at", lang), 20), *named,
    )  # fmt: skip


def _row(one: CaseLine, visitor: Visitor, leaders: Mapping[str, tuple[str, str]]) -> tuple[Cell, ...]:
    lang, late = visitor.lang, 0
    if one.due_on is not None and one.due_on < visitor.today:
        late = (visitor.today - one.due_on).days
    return (
        one.organization, one.number, kind_name(one.kind, lang), stage_name(one.stage, lang),
        one.state_zh if lang == "zh" else one.state_en, role_names(one.waits_for, lang), one.due_on, late or None,
        moment(one.moved_at, lang), *leaders.get(one.id, ()),
    )  # fmt: skip

"""Takes the list of cases that is on the screen along as a file; the audit log keeps who took what."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.cases.lists import CaseFilter, CaseLine, count, filtered
from services.database.work import Work
from services.errors import Refused
from services.people.acts import note
from services.protection.rules import mask_search
from web.exporting import Cell, Column, Sheet, download
from web.pages.case_lists import asked, filters, heading
from web.rendering import kind_name, moment, role_names, stage_name
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/cases")
MOST_ROWS = 50_000


@router.get("/export.xlsx")
def xlsx(wanted: CaseFilter = Depends(filters), visitor: Visitor = Depends(visiting)) -> Response:
    """The list as an Excel file."""
    return download(_sheet(visitor, wanted), kind="xlsx", name=f"cases-{visitor.today.isoformat()}")


@router.get("/export.csv")
def csv(wanted: CaseFilter = Depends(filters), visitor: Visitor = Depends(visiting)) -> Response:
    """The list as a CSV file."""
    return download(_sheet(visitor, wanted), kind="csv", name=f"cases-{visitor.today.isoformat()}")


def _sheet(visitor: Visitor, wanted: CaseFilter) -> Sheet:
    lines = visitor.write(lambda work: _taken(work, visitor, wanted))
    lang = visitor.lang
    taken = say("list.taken", lang, name=visitor.person.name, moment=moment(visitor.now, lang), count=len(lines))
    return Sheet(heading(wanted, lang), _columns(lang), (_row(one, visitor) for one in lines), taken)


def _columns(lang: str) -> tuple[Column, ...]:
    return (
        Column(say("case.organization", lang), 34), Column(say("case.number", lang), 18),
        Column(say("case.kind", lang), 10), Column(say("case.stage", lang), 10), Column(say("case.state", lang), 16),
        Column(say("case.waits_for", lang), 24), Column(say("case.due_on", lang), 12),
        Column(say("case.days_over", lang), 10), Column(say("case.moved_at", lang), 20),
    )  # fmt: skip


def _taken(work: Work, visitor: Visitor, wanted: CaseFilter) -> tuple[CaseLine, ...]:
    """Every case of the list, noted as taken; Refused when they are too many for one file."""
    number = count(work, visitor.person, wanted)
    if number > MOST_ROWS:
        raise Refused("case.too_many_to_export", count=number, most=MOST_ROWS)
    filters = {name: mask_search(said) if name == "text" else said for name, said in asked(wanted).items()}
    details = {**filters, "count": number}
    note(work, visitor.person, "case:export", stream="case_exports", object="cases", details=details)
    return filtered(work, visitor.person, wanted, limit=MOST_ROWS)


def _row(one: CaseLine, visitor: Visitor) -> tuple[Cell, ...]:
    lang, late = visitor.lang, 0
    if one.due_on is not None and one.due_on < visitor.today:
        late = (visitor.today - one.due_on).days
    return (
        one.organization, one.number, kind_name(one.kind, lang), stage_name(one.stage, lang),
        one.state_zh if lang == "zh" else one.state_en, role_names(one.waits_for, lang), one.due_on, late or None,
        moment(one.moved_at, lang),
    )  # fmt: skip

"""The work list: what waits for me, and all cases I may see, with the filters in the address."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.assessments.queries import sheets_waiting_for
from services.authority.rules import scopes
from services.cases.lists import CaseLine, case_list, counts_by_stage
from services.cases.queries import case_number_of, waiting_for
from services.database.work import Work
from statemachines.registry import CURRENT
from web.applicant_view import home, is_applicant
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter()
KINDS = ("incubation", *sorted(CURRENT.keys() - {"incubation"}))
MOST_LINES = 200
LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the list as the address says them; an unknown kind or stage finds nothing."""

    kind: str
    stage: str
    text: str


def filters(kind: str = "", stage: str = "", text: str = "") -> Filters:
    """The filters in the address."""
    return Filters(kind[:20], stage[:12], text[:LONGEST_TEXT])


@router.get("/")
def waiting(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """待我处理: cases waiting for a role of mine, nearest due day first, and my open score sheets.

    Who lists no cases starts where there is something to do; an applicant at the own case.
    """
    if not scopes(visitor.person, "case:list"):
        return go("/errands" if scopes(visitor.person, "errand:read") else "/notices")
    if is_applicant(visitor.person):
        return show(request, visitor, "home/page.html", done=done, **home(visitor))
    with visitor.reading() as work:
        lines = waiting_for(work, visitor.person)
        sheets = [(one, case_number_of(work, case_id)) for one, case_id in sheets_waiting_for(work, visitor.person.id)]
        opens = bool(scopes(visitor.person, "case:open"))
    return show(request, visitor, "work_list/waiting.html", lines=lines, sheets=sheets, opens=opens)


@router.get("/cases")
def every_case(request: Request, wanted: Filters = Depends(filters), visitor: Visitor = Depends(visiting)) -> Response:
    """全部个案: every case I may see; the same address shows the same list again."""
    with visitor.reading() as work:
        lines = found(work, visitor, wanted)
        counts = counts_by_stage(work, visitor.person)
    totals = stage_totals(counts, wanted.kind)
    return show(
        request, visitor, "work_list/all.html", lines=lines, wanted=wanted, kinds=KINDS, totals=totals,
        full=len(lines) == MOST_LINES,
    )  # fmt: skip


def stage_totals(counts: dict[tuple[str, str], int], wanted_kind: str) -> dict[str, int]:
    """How many cases there are in each stage that has any, in the order of the processes."""
    totals: dict[str, int] = {}
    for kind in KINDS:
        for stage in dict.fromkeys(state.stage for state in CURRENT[kind].states):
            number = counts.get((kind, stage), 0)
            if number and wanted_kind in ("", kind):
                totals[stage] = totals.get(stage, 0) + number
    return totals


def found(work: Work, visitor: Visitor, wanted: Filters) -> tuple[CaseLine, ...]:
    """The cases the filters find for this person."""
    return case_list(
        work, visitor.person, kind=wanted.kind or None, stage=wanted.stage or None, text=wanted.text, limit=MOST_LINES
    )

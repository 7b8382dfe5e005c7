"""Score sheets on paper: typed off their scan by the secretary, countersigned by a second person."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.inspection import ACCEPTED
from services.applications.scanning import scanner_at
from services.assessments.form_files import from_json
from services.assessments.paper_sheets import papers_of
from services.assessments.queries import round_by_id
from services.cases import paper_sheets
from services.cases.queries import case_number_of
from services.errors import Invalid, Refused, Unavailable
from services.people.queries import actor_by_id
from services.settings import settings
from web.forms.posted import Posted, posted
from web.forms.sheets import Typed, read_sheet
from web.pages.assessment_results import as_file
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/assessments/{assessment_id}/paper-sheets")
def page(request: Request, assessment_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The sheets of the round that came in on paper, and the form to type one off."""
    return _page(request, visitor, assessment_id, done=done)


def _page(
    request: Request, visitor: Visitor, assessment_id: str, *, status: int = 200, form: Posted | None = None,
    problems: tuple[str, ...] = (), done: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        present = round_by_id(work, assessment_id)
        papers = papers_of(work, assessment_id)
        number = case_number_of(work, present.case_id)
        waiting = {one.evaluator_id for one in papers if one.standing == "waiting"}
        seats = [
            (actor_by_id(work, seat.person_id).username, seat.name)
            for seat in present.sitting
            if seat.locked_at is None and seat.interest == "none" and seat.person_id not in waiting
        ]
    sheet = from_json(present.form_copy)
    typed = read_sheet(form, sheet) if form else Typed({}, {}, ())
    context: dict[str, Any] = {
        "round": present, "papers": papers, "number": number, "seats": seats, "sheet": sheet, "typed": typed,
        "chosen": form.text("evaluator") if form else "", "accepted": ",".join(ACCEPTED),
    }  # fmt: skip
    return show(
        request, visitor, "assessments/paper_sheets.html", status=status, problems=problems, done=done, **context
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/paper-sheets")
def enter(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep what was typed off the scan; it counts once it is countersigned."""
    try:
        given = form.needed_upload()
        with visitor.reading() as work:
            sheet = from_json(round_by_id(work, assessment_id).form_copy)
        typed = read_sheet(form, sheet)
        paper_sheets.enter_paper_sheet(
            visitor.database, visitor.person, assessment_id=assessment_id, evaluator=form.text("evaluator"),
            typed=paper_sheets.TypedSheet(typed.items, typed.comments, typed.veto),
            scan=given, scanner=scanner_at(settings().clamd), now=visitor.now,
        )  # fmt: skip
    except (Refused, Unavailable) as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, assessment_id, status=refused.http_status, form=form, problems=problems)
    return go(f"/assessments/{assessment_id}/paper-sheets", note="paper_entered")


@router.get("/paper-sheets/{paper_id}")
def paper(request: Request, paper_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """One paper sheet as it was typed, with its scan, to be compared and countersigned."""
    return _paper(request, visitor, paper_id)


def _paper(
    request: Request, visitor: Visitor, paper_id: str, *, status: int = 200, problems: tuple[str, ...] = ()
) -> Response:
    with visitor.reading() as work:
        found = paper_sheets.readable(work, visitor.person, paper_id)
        number = case_number_of(work, found.case_id)
    own = found.evaluator_id == visitor.person.id
    return show(
        request, visitor, "assessments/paper_sheet.html", status=status, paper=found, number=number, own=own,
        sheet=from_json(found.form_copy), typed_it=found.entered_by_id == visitor.person.id, problems=problems,
    )  # fmt: skip


@router.post("/paper-sheets/{paper_id}/countersignature")
def countersign(
    request: Request, paper_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Countersign, or send back with a reason."""
    try:
        if form.text("agrees") not in ("yes", "no"):
            raise Invalid("input.not_a_choice", field="agrees", label="复核意见", label_en="decision")
        paper_sheets.countersign(
            visitor.database, visitor.person, paper_id=paper_id, agrees=form.text("agrees") == "yes",
            reason=form.text("reason"), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _paper(request, visitor, paper_id, status=refused.http_status, problems=refusal(refused, visitor))
    return go(f"/paper-sheets/{paper_id}")


@router.get("/paper-sheets/{paper_id}/scan")
def scan(paper_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The scan, to be saved and never shown by the browser."""
    with visitor.reading() as work:
        content, extension = paper_sheets.scan_of(work, visitor.person, paper_id)
    return as_file(content, extension)

"""The score sheet of one evaluator, and what the secretary does about a panel."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.assessments.form_files import from_json
from services.assessments.queries import SheetToScore, sheet_to_score
from services.assessments.rules import SheetFault, sheet_faults, sheet_total
from services.cases import commands
from services.cases.queries import case_number_of, case_page
from services.errors import Invalid, Refused
from web.forms.posted import Posted, posted
from web.forms.sheets import Typed, marks_of, read_sheet
from web.rendering import go, refusal, show
from web.visitor import Visitor, own_path, visiting
from web.wording import said

router = APIRouter(prefix="/assessments/{assessment_id}")


@router.get("")
def sheet(request: Request, assessment_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The own sheet: first the declaration of interest, then the criteria, then (locked) what was given."""
    return _page(request, visitor, assessment_id, done=done)


def _page(
    request: Request, visitor: Visitor, assessment_id: str, *, status: int = 200, typed: Typed | None = None,
    faults: tuple[SheetFault, ...] = (), problems: tuple[str, ...] = (), done: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = sheet_to_score(work, person_id=visitor.person.id, assessment_id=assessment_id)
        case = case_page(work, visitor.person, case_number_of(work, found.case_id))
    form = from_json(found.form_copy)
    names = {one.id: getattr(one, f"label_{visitor.lang}") for one in form.criteria}
    at_field: dict[str, list[str]] = {}
    for fault in faults:
        item = names.get(fault.criterion, "总评" if visitor.lang == "zh" else "the overall comment")
        at_field.setdefault(fault.criterion, []).append(said(fault.code, visitor.lang, item=item))
    return show(
        request, visitor, "assessments/page.html", status=status, sheet=found, form=form, case=case, done=done,
        typed=typed or Typed(dict(found.items), dict(found.comments), tuple(found.veto)), at_field=at_field,
        problems=problems,
    )  # fmt: skip


@router.post("/interest")
def interest(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Declare whether an interest exists; with one the seat is given up at once."""
    if form.text("conflict") not in ("yes", "no"):
        problem = said("assessment.interest_not_declared", visitor.lang)
        return _page(request, visitor, assessment_id, status=422, problems=(problem,))
    conflict = form.text("conflict") == "yes"
    commands.declare_interest(
        visitor.database, visitor.person, assessment_id=assessment_id, conflict=conflict, note=form.text("note"),
        now=visitor.now,
    )  # fmt: skip
    return go("/" if conflict else f"/assessments/{assessment_id}", note="declared")


@router.post("/sheet")
def save(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the draft; when locking is wanted and nothing is wrong, ask once more, because it cannot be undone."""
    with visitor.reading() as work:
        found = sheet_to_score(work, person_id=visitor.person.id, assessment_id=assessment_id)
    typed = read_sheet(form, from_json(found.form_copy))
    try:
        commands.save_sheet(
            visitor.database, visitor.person, assessment_id=assessment_id, items=typed.items,
            comments=typed.comments, veto=typed.veto, now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, assessment_id, status=refused.http_status, typed=typed, problems=problems)
    if form.text("act") != "lock":
        return go(f"/assessments/{assessment_id}", note="saved")
    return _confirm(request, visitor, found, typed)


def _confirm(request: Request, visitor: Visitor, found: SheetToScore, typed: Typed) -> Response:
    form, marks = from_json(found.form_copy), marks_of(typed)
    faults = tuple(sheet_faults(form, marks, typed.comments))
    if faults:
        return _page(request, visitor, found.assessment_id, status=422, typed=typed, faults=faults)
    context: dict[str, Any] = {"sheet": found, "form": form, "typed": typed, "total": sheet_total(marks)}
    return show(request, visitor, "assessments/confirm.html", **context)


@router.post("/lock")
def lock(request: Request, assessment_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Lock the saved sheet for good."""
    try:
        commands.lock_sheet(visitor.database, visitor.person, assessment_id=assessment_id, now=visitor.now)
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, assessment_id, status=refused.http_status, problems=problems)
    return go(f"/assessments/{assessment_id}", note="locked")


@router.post("/replacement")
def replace(assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Seat another evaluator in place of one who is recused."""
    _need(form, "coming")
    commands.replace_evaluator(
        visitor.database, visitor.person, assessment_id=assessment_id, leaving=form.text("leaving"),
        coming=form.text("coming"), now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="panel")


@router.post("/extra")
def extra(assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Arbitration: one more evaluator after the panel's recorded discussion."""
    _need(form, "username")
    commands.add_extra_evaluator(
        visitor.database, visitor.person, assessment_id=assessment_id, username=form.text("username"),
        minutes=form.text("minutes"), now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="panel")


def _need(form: Posted, name: str) -> None:
    if not form.text(name):
        raise Invalid("input.missing", field=name, label="评审专家", label_en="evaluator")

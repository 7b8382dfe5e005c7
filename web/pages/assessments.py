"""The queue and the score sheets of an evaluator, and what the secretary does about a panel."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from services.assessments.form_files import from_json
from services.assessments.queries import sheet_to_score
from services.cases import commands
from services.cases.seats import queue_of
from services.errors import Invalid, Refused
from web.forms.posted import Posted, posted
from web.forms.sheets import Typed, read_sheet
from web.rendering import go, moment, refusal, show
from web.sheets_view import Retry, confirm_context, declared, faults_of, paper_context, sheet_context
from web.visitor import Visitor, own_path, visiting
from web.wording import say

router = APIRouter(prefix="/assessments")


@router.get("")
def queue(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """评审任务: every seat of mine, what is to be declared and scored first, with due days and progress."""
    with visitor.reading() as work:
        found = queue_of(work, visitor.person)
    return show(request, visitor, "assessments/queue.html", queue=found, done=done)


@router.get("/{assessment_id}")
def sheet(request: Request, assessment_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The own sheet: first the declaration of interest, then the criteria, then (locked) what was given."""
    return _page(request, visitor, assessment_id, Retry(), done=done)


def _page(
    request: Request, visitor: Visitor, assessment_id: str, retry: Retry, *, status: int = 200, done: str = ""
) -> Response:
    context = sheet_context(visitor, assessment_id, retry)
    return show(request, visitor, "assessments/page.html", status=status, done=done, **context)


@router.get("/{assessment_id}/paper")
def paper(request: Request, assessment_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The own sheet as a sheet of paper to print and sign; empty lines where nothing was given yet."""
    return show(request, visitor, "assessments/paper.html", **paper_context(visitor, assessment_id))


@router.post("/{assessment_id}/interest")
def interest(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Declare whether an interest exists and which; with one the seat is given up at once."""
    told = declared(form)
    try:
        if told.answer not in ("yes", "no"):
            raise Invalid("assessment.interest_not_declared")
        commands.declare_interest(
            visitor.database, visitor.person, assessment_id=assessment_id, conflict=told.answer == "yes",
            situations=told.situations, note=told.note, now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        retry = Retry(problems=refusal(refused, visitor), declared=told)
        return _page(request, visitor, assessment_id, retry, status=refused.http_status)
    if told.answer == "yes":
        return go("/assessments", note="recused")
    return go(f"/assessments/{assessment_id}", note="declared")


@router.post("/{assessment_id}/draft")
def draft(assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Keep the draft while it is being written (sent by a script); answers when it was kept."""
    _keep(visitor, assessment_id, form)
    return JSONResponse({"said": say("sheet.saved_at", visitor.lang, at=moment(visitor.now, visitor.lang))})


@router.post("/{assessment_id}/sheet")
def save(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the draft; when locking is wanted and nothing is wrong, ask once more, because it cannot be undone."""
    act = form.text("act")
    try:
        typed = _keep(visitor, assessment_id, form)
    except Refused as refused:
        retry = Retry(typed=_typed(visitor, assessment_id, form), problems=refusal(refused, visitor))
        return _page(request, visitor, assessment_id, retry, status=refused.http_status)
    if not act.startswith("lock"):
        return _go_on(visitor, assessment_id, note="saved", further=act == "next")
    context = confirm_context(visitor, assessment_id, typed, further=act == "lock_next")
    if faults := faults_of(context):
        return _page(request, visitor, assessment_id, Retry(typed=typed, faults=faults), status=422)
    return show(request, visitor, "assessments/confirm.html", **context)


@router.post("/{assessment_id}/lock")
def lock(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Lock the saved sheet for good; with `further` go on with the next one."""
    try:
        commands.lock_sheet(visitor.database, visitor.person, assessment_id=assessment_id, now=visitor.now)
    except Refused as refused:
        retry = Retry(problems=refusal(refused, visitor))
        return _page(request, visitor, assessment_id, retry, status=refused.http_status)
    return _go_on(visitor, assessment_id, note="locked", further=form.text("further") == "yes")


def _typed(visitor: Visitor, assessment_id: str, form: Posted) -> Typed:
    with visitor.reading() as work:
        found = sheet_to_score(work, person_id=visitor.person.id, assessment_id=assessment_id)
    return read_sheet(form, from_json(found.form_copy))


def _keep(visitor: Visitor, assessment_id: str, form: Posted) -> Typed:
    typed = _typed(visitor, assessment_id, form)
    commands.save_sheet(
        visitor.database, visitor.person, assessment_id=assessment_id, items=typed.items,
        comments=typed.comments, veto=typed.veto, now=visitor.now,
    )  # fmt: skip
    return typed


def _go_on(visitor: Visitor, assessment_id: str, *, note: str, further: bool) -> Response:
    """To the next sheet that waits, to the queue when none does, or back to this one."""
    if not further:
        return go(f"/assessments/{assessment_id}", note=note)
    with visitor.reading() as work:
        following = queue_of(work, visitor.person).after(assessment_id)
    if following is None:
        return go("/assessments", note=f"{note}_all")
    return go(f"/assessments/{following.assessment_id}", note=f"{note}_next")


@router.post("/{assessment_id}/replacement")
def replace(assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Seat another evaluator, by lot when nobody is named, in place of one who is recused."""
    commands.replace_evaluator(
        visitor.database, visitor.person, assessment_id=assessment_id, leaving=form.text("leaving"),
        coming=form.text("coming"), by_hand=form.text("by_hand"), now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="panel")


@router.post("/{assessment_id}/extra")
def extra(assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Arbitration: one more evaluator, by lot when nobody is named, after the panel's recorded discussion."""
    commands.add_extra_evaluator(
        visitor.database, visitor.person, assessment_id=assessment_id, username=form.text("username"),
        minutes=form.text("minutes"), by_hand=form.text("by_hand"), now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="panel")

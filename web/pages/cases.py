"""The page of one case of any kind, and everything people do on it with a form."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases import commands
from services.cases.seats import undeclared_seat
from services.errors import Invalid, NotFound, Refused, Stale
from web.cases_view import case_context, timeline_context
from web.errors import answer
from web.forms.posted import Posted, posted
from web.forms.wish import wish
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/cases/{number}")


@router.get("")
def case(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One case for one person: where it stands, what may be done, what was done.

    An evaluator who has not declared interests is led to the declaration.
    """
    try:
        return show(request, visitor, "cases/page.html", **case_context(visitor, number, done=done))
    except NotFound:
        with visitor.reading() as work:
            seat = undeclared_seat(work, visitor.person, number)
        if seat is None:
            raise
        return go(f"/assessments/{seat}")


@router.get("/timeline")
def timeline(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The file of the case as it prints on A4: every taken move with who, when, on which row of the process, papers."""
    return show(request, visitor, "cases/timeline.html", **timeline_context(visitor, number))


@router.post("/moves/{trigger}")
def move(
    request: Request, number: str, trigger: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Pull a trigger; refused: the page again with the sentences, and what was typed still in the form."""
    try:
        command = wish(visitor, number, trigger, form)
        commands.advance_case(visitor.database, visitor.person, command, now=visitor.now)
    except Stale as stale:
        return answer(request, 412, refusal(stale, visitor), codes=stale.codes, link=f"/cases/{number}")
    except Refused as refused:
        said = refusal(refused, visitor)
        context = case_context(visitor, number, refused=said, trigger=trigger, posted=form)
        return show(request, visitor, "cases/page.html", status=refused.http_status, **context)
    return go(f"/cases/{number}", note="moved")


@router.post("/materials")
def materials(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Note the ticked materials as handed in."""
    try:
        if not (names := form.all("names")):
            raise Invalid("input.missing", field="names", label="材料名称", label_en="materials")
        commands.provide_materials(
            visitor.database, visitor.person, number=number, names=names, original=bool(form.text("original")),
            now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _refused(request, visitor, number, refused)
    return go(f"/cases/{number}", note="materials")


@router.post("/midterm-report")
def midterm_report(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The organization hands in its own midterm report."""
    try:
        commands.give_midterm_report(visitor.database, visitor.person, number=number, now=visitor.now)
    except Refused as refused:
        return _refused(request, visitor, number, refused)
    return go(f"/cases/{number}", note="midterm_report")


@router.post("/panels")
def panel(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Appoint the panel of a round."""
    try:
        if not (usernames := form.all("usernames")):
            raise Refused("assessment.panel_too_small")
        commands.appoint_panel(
            visitor.database, visitor.person, number=number, form=form.text("form"), usernames=usernames,
            lead=form.text("lead") if form.text("lead") in usernames else "", by_hand=form.text("by_hand"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _refused(request, visitor, number, refused)
    return go(f"/cases/{number}", note="panel")


def _refused(request: Request, visitor: Visitor, number: str, refused: Refused) -> Response:
    context = case_context(visitor, number, refused=refusal(refused, visitor))
    return show(request, visitor, "cases/page.html", status=refused.http_status, **context)

"""The desk: the panel beside the work list, and what people do with a case besides moving it."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases import commands, desk, letters
from services.errors import NotFound, Refused, ServiceError, Stale
from web.cases_view import case_context
from web.errors import answer
from web.forms.posted import Posted, posted
from web.forms.wish import wish
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, own_path, visiting

router = APIRouter(prefix="/desk")
PANEL = "desk/panel.html"


@router.get("/{number}")
def panel(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One case as a part of a page: form, papers and history together, to decide without leaving the list.

    Without our script there is no panel, and the page of the case shows the same.
    """
    if not in_panel(request):
        return go(f"/cases/{number}")
    return show(request, visitor, PANEL, **case_context(visitor, number, done=done))


@router.post("/{number}/moves")
def move(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Pull a trigger from the panel, or one of several ways back; stale and refused come back as the panel."""
    trigger = form.text("trigger")[:40]
    try:
        command = wish(visitor, number, trigger, form)
        commands.advance_case(visitor.database, visitor.person, command, now=visitor.now)
    except Stale as stale:
        return _again(request, visitor, number, stale)
    except Refused as refused:
        return _again(request, visitor, number, refused, trigger=trigger, posted=form)
    if not in_panel(request):
        return go(f"/cases/{number}", note="moved")
    return show(request, visitor, "desk/moved.html", number=number)


@router.post("/{number}/letters/withdrawal")
def withhold(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """撤回送出: keep the letters of the own decision back while they are still here."""
    return _acted(request, visitor, form, letters.withhold_letters, number=number, done="letters_withheld")


@router.post("/{number}/letters")
def send(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """送出: let them go."""
    return _acted(request, visitor, form, letters.send_letters, number=number, done="letters_sent")


@router.post("/{number}/claim")
def claim(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """认领."""
    return _acted(request, visitor, form, desk.claim_case, number=number, done="claimed")


@router.post("/{number}/release")
def release(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """释放."""
    return _acted(request, visitor, form, desk.release_case, number=number, done="released")


@router.post("/{number}/hand-over")
def hand_over(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """转办."""
    more = {"to": form.text("to"), "note": form.text("note")}
    return _acted(request, visitor, form, desk.hand_over, number=number, done="handed_over", **more)


@router.post("/{number}/delegation")
def delegation(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """委派."""
    more = {"to": form.text("to"), "note": form.text("note")}
    return _acted(request, visitor, form, desk.delegate, number=number, done="delegated", **more)


@router.post("/{number}/opinions")
def opinions(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """加签."""
    more = {"to": form.all("to"), "note": form.text("note")}
    return _acted(request, visitor, form, desk.ask_opinions, number=number, done="opinions", **more)


@router.post("/{number}/copies")
def copies(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """抄送."""
    more = {"to": form.all("to"), "note": form.text("note")}
    return _acted(request, visitor, form, desk.copy_case, number=number, done="copied", **more)


@router.post("/{number}/nudges")
def nudges(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """催办."""
    return _acted(request, visitor, form, desk.nudge_case, number=number, done="nudged")


@router.post("/{number}/requests/{request_id}/answer")
def answer_it(
    request: Request, number: str, request_id: str, form: Posted = Depends(posted),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """Answer what one was asked."""
    more = {"request_id": known_id(request_id), "opinion": form.text("opinion"), "answer": form.text("answer")}
    return _acted(request, visitor, form, desk.answer_request, number=number, done="answered", by_number=False, **more)


@router.post("/{number}/requests/{request_id}/withdrawal")
def withdraw(
    request: Request, number: str, request_id: str, form: Posted = Depends(posted),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """撤回, 减签."""
    more = {"request_id": known_id(request_id)}
    return _acted(request, visitor, form, desk.take_back, number=number, done="taken_back", by_number=False, **more)


def in_panel(request: Request) -> bool:
    """Whether our own script asks for a part of a page."""
    return request.headers.get("x-panel") == "1"


def _acted(
    request: Request, visitor: Visitor, form: Posted, act: Callable[..., Any], *, number: str, done: str,
    by_number: bool = True, **more: Any,
) -> Response:  # fmt: skip
    """Do it, then show where the person was: the panel in the panel, else the page that asked."""
    about = {"number": number, **more} if by_number else more
    try:
        act(visitor.database, visitor.person, now=visitor.now, **about)
    except (Refused, NotFound) as refused:
        return _again(request, visitor, number, refused)
    if not in_panel(request):
        return go(own_path(form.text("back"), f"/cases/{number}"), note=done)
    return show(request, visitor, PANEL, **case_context(visitor, number, done=done))


def _again(request: Request, visitor: Visitor, number: str, error: ServiceError, **more: Any) -> Response:
    """The panel, or the page of the case, with the sentences on top and what was typed still there."""
    said = refusal(error, visitor)
    if isinstance(error, Stale) and not in_panel(request):
        return answer(request, error.http_status, said, codes=error.codes, link=f"/cases/{number}")
    page = PANEL if in_panel(request) else "cases/page.html"
    context = case_context(visitor, number, refused=said, **more)
    return show(request, visitor, page, status=error.http_status, **context)

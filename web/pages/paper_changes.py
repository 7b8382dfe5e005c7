"""作废与重发: making a paper void or issuing it anew, and agreeing to what somebody else proposed."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.paper_change_lines import change_page, changes
from services.cases.paper_changes import confirm_change, propose_reissue, propose_void, refuse_change
from services.errors import Refused
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/paper-changes")
def register(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What waits for a second person, and what was decided lately."""
    return _register(request, visitor, done=done)


def _register(
    request: Request, visitor: Visitor, *, done: str = "", error: Refused | None = None, form: Posted | None = None
) -> Response:
    with visitor.reading() as work:
        found = changes(work, visitor.person)
    return show(
        request, visitor, "papers/changes.html", status=error.http_status if error else 200, lines=found, done=done,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}),
    )  # fmt: skip


@router.get("/papers/{document_id}/changes")
def page(request: Request, document_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What was done to the paper, and the forms that propose something."""
    return _page(request, visitor, document_id, done=done)


def _page(
    request: Request, visitor: Visitor, document_id: str, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = change_page(work, visitor.person, document_id)
    return show(
        request, visitor, "papers/change.html", status=error.http_status if error else 200, page=found, done=done,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}),
    )  # fmt: skip


@router.post("/papers/{document_id}/void")
def void(
    request: Request, document_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Make it void, or ask a second person to."""
    try:
        propose_void(
            visitor.database, visitor.person, document_id=document_id, reason=form.text("reason"), now=visitor.now
        )
    except Refused as error:
        return _page(request, visitor, document_id, error=error, form=form)
    return go(f"/papers/{document_id}/changes", note="paper_change_noted")


@router.post("/papers/{document_id}/reissue")
def reissue(
    request: Request, document_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Issue it anew with what was written beside its texts, or ask a second person to."""
    with visitor.reading() as work:
        texts = change_page(work, visitor.person, document_id).texts
    typed = {text: form.text(f"correct.{place}") for place, text in enumerate(texts)}
    wanted = {text: said for text, said in typed.items() if said and said != text}
    try:
        propose_reissue(
            visitor.database, visitor.person, document_id=document_id, reason=form.text("why"), corrections=wanted,
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, document_id, error=error, form=form)
    return go(f"/papers/{document_id}/changes", note="paper_change_noted")


@router.post("/paper-changes/{change_id}/confirm")
def confirm(request: Request, change_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Agree to what somebody else proposed; it is carried out at once."""
    try:
        confirm_change(visitor.database, visitor.person, change_id=known_id(change_id), now=visitor.now)
    except Refused as error:
        return _register(request, visitor, error=error)
    return go("/paper-changes", note="paper_change_confirmed")


@router.post("/paper-changes/{change_id}/refusal")
def refuse(
    request: Request, change_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Let the paper stand, with the reason."""
    try:
        refuse_change(
            visitor.database, visitor.person, change_id=known_id(change_id), reason=form.text("reason"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _register(request, visitor, error=error, form=form)
    return go("/paper-changes", note="paper_change_refused")

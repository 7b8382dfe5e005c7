"""Leaves to take longer or unmasked lists along: what was asked, asking for one, and deciding on somebody else's."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.errors import Refused
from services.exports.commands import Taking, ask_leave, decide_leave
from services.exports.queries import DECIDE, leaves
from services.protection.rules import mask_search
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/export-leaves")
ROWS = ("行数", "rows")


@router.get("")
def register(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The own ones, and everybody's for who decides."""
    return _page(request, visitor, done=done)


def _page(request: Request, visitor: Visitor, *, done: str = "", error: Refused | None = None) -> Response:
    with visitor.reading() as work:
        found = leaves(work, visitor.person)
    return show(
        request, visitor, "exports/leaves.html", status=error.http_status if error else 200, found=found, done=done,
        decides=bool(scopes(visitor.person, DECIDE)), problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


@router.post("")
def ask(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Ask that a list longer than the cap, or unmasked, may leave."""
    typed = {key.removeprefix("filter."): form.text(key)[:100] for key in form.values if key.startswith("filter.")}
    filters = {key: mask_search(value) for key, value in typed.items()}
    try:
        taking = Taking(form.text("list"), form.text("reason"), filters, form.text("unmasked") == "yes")
        ask_leave(visitor.database, visitor.person, taking, count=form.whole("rows", ROWS), now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error)
    return go("/export-leaves", note="leave_asked")


@router.post("/{leave_id}/grant")
def grant(request: Request, leave_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Let the list leave, for one day and once."""
    return _decide(request, visitor, leave_id, grant=True)


@router.post("/{leave_id}/refusal")
def refuse(request: Request, leave_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Do not let it leave."""
    return _decide(request, visitor, leave_id, grant=False)


def _decide(request: Request, visitor: Visitor, leave_id: str, *, grant: bool) -> Response:
    try:
        decide_leave(visitor.database, visitor.person, leave_id=known_id(leave_id), grant=grant, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error)
    return go("/export-leaves", note="leave_granted" if grant else "leave_refused")

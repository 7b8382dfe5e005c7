"""查看完整信息: why first, then one field in full on one page; and for auditors, who saw what and why."""

from datetime import date

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.reveals import hidden, reveal, reveals_in
from services.errors import Invalid, NotFound
from web.forms.posted import Posted, posted
from web.rendering import refusal, show
from web.requests import known_id
from web.visitor import Visitor, own_path, visiting

router = APIRouter(prefix="/reveals")


@router.get("")
def reveals(request: Request, month: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Who saw what in full in a month, and for which reason."""
    try:
        wanted = date.fromisoformat(f"{month}-01") if month else visitor.today.replace(day=1)
    except ValueError:
        raise NotFound("access.not_found") from None
    with visitor.reading() as work:
        entries = reveals_in(work, visitor.person, month=wanted)
    return show(request, visitor, "reveals/list.html", entries=entries, month=f"{wanted:%Y-%m}")


@router.get("/new")
def ask(
    request: Request, kind: str = "", of: str = "", back: str = "/", visitor: Visitor = Depends(visiting)
) -> Response:
    """The field as it is shown by default, and the question why it is needed in full."""
    return _ask(request, visitor, kind=kind, of=known_id(of), back=own_path(back))


def _ask(
    request: Request, visitor: Visitor, *, kind: str, of: str, back: str, status: int = 200,
    problems: tuple[str, ...] = (), reason: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = hidden(work, visitor.person, kind=kind, of=of)
    return show(
        request, visitor, "reveals/ask.html", status=status, field=found, back=back, problems=problems, reason=reason
    )


@router.post("")
def show_once(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """The field in full, in this answer and nowhere else; who saw it and why is noted with it."""
    kind, of, back = form.text("kind"), known_id(form.text("of")), own_path(form.text("back", "/"))
    reason = form.text("reason")
    try:
        found = reveal(visitor.database, visitor.person, kind=kind, of=of, reason=reason, now=visitor.now)
    except Invalid as invalid:
        return _ask(
            request, visitor, kind=kind, of=of, back=back, status=422, problems=refusal(invalid, visitor), reason=reason
        )
    return show(request, visitor, "reveals/shown.html", field=found, back=back)

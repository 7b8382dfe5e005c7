"""委托代理: who acts for whom while somebody is away."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.desk import colleagues
from services.desk.absences import NewAbsence, absences_of, declare_absence, may_be_delegated, revoke_absence
from services.errors import Invalid, NotFound, Refused
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/absences")


@router.get("")
def absences(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The own absences and representations; everybody's for who manages them."""
    return show(request, visitor, "desk/absences.html", done=done, refused=(), typed=Posted({}), **_context(visitor))


@router.post("")
def declare(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Declare an absence; refused: the page again with what was typed."""
    try:
        new = NewAbsence(
            form.text("substitute"), form.all("roles"), _day(form, "starts_on"), _day(form, "ends_on"),
            form.text("reason"),
        )  # fmt: skip
        declare_absence(visitor.database, visitor.person, new, now=visitor.now)
    except (Refused, NotFound) as refused:
        said, status = refusal(refused, visitor), refused.http_status
        return show(
            request, visitor, "desk/absences.html", status=status, done="", refused=said, typed=form,
            **_context(visitor),
        )  # fmt: skip
    return go("/absences", note="absence_declared")


@router.post("/{absence_id}/revocation")
def revoke(absence_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """End an absence at once."""
    revoke_absence(visitor.database, visitor.person, absence_id=known_id(absence_id), now=visitor.now)
    return go("/absences", note="absence_revoked")


def _context(visitor: Visitor) -> dict[str, Any]:
    actor = visitor.person
    manages = bool(scopes(actor, "absence:manage"))
    with visitor.reading() as work:
        return {
            "lines": absences_of(work, None if manages else actor.id),
            "delegable": may_be_delegated(actor),
            "colleagues": colleagues(work, actor),
            "manages": manages,
        }


def _day(form: Posted, name: str) -> date:
    try:
        return date.fromisoformat(form.text(name))
    except ValueError:
        raise Invalid("absence.dates_wrong", field=name) from None

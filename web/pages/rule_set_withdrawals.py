"""Taking back a version of the rules that was approved and does not count yet: one asks, another decides."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import Refused
from services.rulesets import withdrawing
from web.forms.posted import Posted, posted
from web.pages.rule_sets import page
from web.rendering import go
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/rule-sets/{rule_set_id}/withdrawal")


@router.post("")
def ask(
    request: Request, rule_set_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Ask for it, with the reason."""

    def asked() -> None:
        withdrawing.ask_withdrawal(
            visitor.database, visitor.person, rule_set_id=rule_set_id, reason=form.text("reason"), now=visitor.now
        )

    return _done(request, visitor, asked, note="withdrawal_asked", form=form)


@router.post("/confirm")
def confirm(request: Request, rule_set_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take the version back, as somebody else asked."""

    def confirmed() -> None:
        withdrawing.confirm_withdrawal(visitor.database, visitor.person, rule_set_id=rule_set_id, now=visitor.now)

    return _done(request, visitor, confirmed, note="withdrawal_confirmed")


@router.post("/refuse")
def refuse(
    request: Request, rule_set_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Let the version stand, with the reason."""

    def refused() -> None:
        withdrawing.refuse_withdrawal(
            visitor.database, visitor.person, rule_set_id=rule_set_id, reason=form.text("reason"), now=visitor.now
        )

    return _done(request, visitor, refused, note="withdrawal_refused", form=form)


def _done(
    request: Request, visitor: Visitor, deed: Callable[[], None], *, note: str, form: Posted | None = None
) -> Response:
    try:
        deed()
    except Refused as error:
        return page(request, visitor, error=error, form=form)
    return go("/rule-sets", note=note)

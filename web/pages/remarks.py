"""留言: the messages on one case, with who will see a message said before it is sent."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.remarks import conversation, note_remarks_read, write_remark
from services.errors import Refused
from web.forms.posted import Posted, fresh_request_id, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/cases/{number}/remarks")


@router.get("")
def remarks(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The messages this person may read; having opened them they count as read."""
    context = _context(visitor, number)
    if context["talk"].unread:
        visitor.write(lambda work: note_remarks_read(work, visitor.person, number))
    return show(request, visitor, "cases/remarks.html", done=done, **context)


@router.post("")
def write(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Write a message; refused: the page again with what was typed."""
    try:
        write_remark(
            visitor.database, visitor.person, number=number, audience=form.text("audience"), text=form.text("text"),
            request_id=form.text("request_id")[:64] or fresh_request_id(), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        context = _context(visitor, number) | {"typed": form.text("text"), "chosen": form.text("audience")}
        context["refused"] = refusal(refused, visitor)
        return show(request, visitor, "cases/remarks.html", status=refused.http_status, done="", **context)
    return go(f"/cases/{number}/remarks", note="remark")


def _context(visitor: Visitor, number: str) -> dict[str, Any]:
    with visitor.reading() as work:
        talk = conversation(work, visitor.person, number)
    return {"talk": talk, "typed": "", "chosen": "", "refused": (), "form_request_id": fresh_request_id()}

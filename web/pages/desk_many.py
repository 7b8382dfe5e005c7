"""Many cases at once: a rehearsal of one trigger over the ticked cases, then each in its own transaction."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.bulk import BulkMove, BulkRow, move_many, rehearse, seen_from
from statemachines.registry import CURRENT
from statemachines.table import Process
from web.forms.details import read_details
from web.forms.drawing import draw
from web.forms.posted import Posted, fresh_request_id, posted
from web.rendering import headed, refusal, show
from web.requests import request_key
from web.visitor import Visitor, own_path, visiting
from web.wording import label

router = APIRouter(prefix="/desk-many")


@router.post("/rehearsal")
def rehearsal(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """试算: what would be moved and what refused, and why; nothing is changed."""
    wish = _wish(visitor, form)
    rows = rehearse(visitor.database, visitor.person, wish, now=visitor.now)
    return _shown(request, visitor, form, wish, rows, done=False)


@router.post("/moves")
def moves(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """办理: each case for itself; sending it again moves nothing twice and shows the same result."""
    wish = _wish(visitor, form)
    rows = move_many(visitor.database, visitor.person, wish, now=visitor.now)
    return _shown(request, visitor, form, wish, rows, done=True)


def _wish(visitor: Visitor, form: Posted) -> BulkMove:
    trigger = form.text("trigger")[:40]
    fields = _process(trigger).forms.get(trigger, ())
    key = request_key(visitor.person, form.text("request_id"))
    return BulkMove(trigger, seen_from(form.all("seen")), read_details(fields, form), key)


def _process(trigger: str) -> Process[Any]:
    return next((one for one in CURRENT.values() if trigger in one.bulk), CURRENT["incubation"])


def _shown(
    request: Request, visitor: Visitor, form: Posted, wish: BulkMove, rows: tuple[BulkRow, ...], *, done: bool
) -> Response:
    process = _process(wish.trigger)
    move = next(one for one in process.moves if one.trigger == wish.trigger)
    parts = draw(process.forms.get(wish.trigger, ()), known={}, posted=form, lang=visitor.lang)
    told = [
        (row, headed(label(process.state(row.state), visitor.lang)) if row.state else "",
         refusal(row.refused, visitor) if row.refused else ())
        for row in rows
    ]  # fmt: skip
    return show(
        request, visitor, "desk/many.html", rows=told, moving=[row for row in rows if row.refused is None], parts=parts,
        name=headed(label(move, visitor.lang)), trigger=wish.trigger, done=done, form_request_id=fresh_request_id(),
        back_to=own_path(form.text("back"), "/"),
    )  # fmt: skip

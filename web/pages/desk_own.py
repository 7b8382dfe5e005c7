"""What a person sets at the own desk: kept filters, the one the list opens with, the keys."""

from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from services.cases.filters import choose_filter, forget_filter, keep_filter, switch_keys
from web.forms.posted import Posted, posted
from web.rendering import go
from web.requests import known_id
from web.visitor import Visitor, own_path, visiting
from web.work_view import KEPT

router = APIRouter(prefix="/desk-settings")


@router.post("/filters")
def keep(form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Keep the filters of the list under a name, for oneself or shared with an own role."""
    query = urlencode([(name, value) for name, value in parse_qsl(form.text("query")[:400]) if name in KEPT])
    keep_filter(
        visitor.database, visitor.person, name=form.text("name"), query=query, role=form.text("role"), now=visitor.now
    )
    return go(f"/?{query or 'tab=waiting'}", note="filter_kept")


@router.post("/filters/{filter_id}/default")
def default(filter_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Open the list with this filter from now on, or with none again."""
    chosen = known_id(filter_id) if form.text("on") else None
    choose_filter(visitor.database, visitor.person, filter_id=chosen, now=visitor.now)
    return go(own_path(form.text("back"), "/?tab=waiting"), note="filter_default")


@router.post("/filters/{filter_id}/removal")
def remove(filter_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Forget an own filter."""
    forget_filter(visitor.database, visitor.person, filter_id=known_id(filter_id), now=visitor.now)
    return go(own_path(form.text("back"), "/?tab=waiting"), note="filter_removed")


@router.post("/keys")
def keys(form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Switch the single keys on or off (WCAG 2.1.4)."""
    switch_keys(visitor.database, visitor.person, on=bool(form.text("on")), now=visitor.now)
    return go(own_path(form.text("back"), "/?tab=waiting"), note="keys_on" if form.text("on") else "keys_off")

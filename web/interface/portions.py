"""Lists in portions: an opaque cursor that says where the next portion begins, and the Link header that carries it."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from services.errors import Invalid

LineT = TypeVar("LineT")
MOST_LINES = 100

Limit = Annotated[int, Query(ge=1, le=MOST_LINES, description="How many at most")]
Cursor = Annotated[
    str, Query(max_length=300, pattern=r"^[A-Za-z0-9_-]*$", description="Where to go on: `next` of the last answer")
]


def cursor_to(*place: str | int) -> str:
    """The cursor of a place in a list; only we read it."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_in(cursor: str, *kinds: type) -> tuple[Any, ...] | None:
    """The place a cursor leads to, as values of these kinds; None for the beginning, Invalid for what is no cursor."""
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or [type(one) for one in found] != list(kinds):
        raise Invalid("input.cursor_unknown", field="cursor")
    return tuple(found)


def portion(lines: Sequence[LineT], cursor: str, limit: int) -> tuple[list[LineT], str | None]:
    """The lines from the cursor on, and the cursor of the portion after it (None on the last one)."""
    begin = max((place_in(cursor, int) or (0,))[0], 0)
    shown = list(lines[begin : begin + limit])
    return shown, cursor_to(begin + limit) if begin + limit < len(lines) else None


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Say where the next portion is (RFC 8288), as an address relative to the site."""
    if cursor is None:
        return
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    address = f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
    response.headers["Link"] = f'<{address}>; rel="next"'

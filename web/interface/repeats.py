"""Requests that may be sent again: under an Idempotency-Key the second is answered as the first was, and does nothing.

The keys are a person's own; the answer is kept for two days. A refusal is not kept: what was not done may be tried
again under the same key. An answer that shows a secret is kept without it.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from services.errors import NotFound, Refused, Unavailable
from services.replies.commands import KeptReply, keep_reply, let_go, take_key
from web.requests import request_key
from web.visitor import NotSignedIn, Visitor, visiting

KEPT_HEADERS = ("content-type", "location", "etag")
SHOWN_ONCE = "x-shown-once"
"""Under this name a route lists the fields of its answer that are shown once and not kept."""

REFUSALS = (Refused, NotFound, Unavailable, HTTPException, RequestValidationError, NotSignedIn)
"""Whatever says that nothing was done. After anything else nobody knows, and the key stays taken."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def _key(
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$",
            description="Makes it safe to send this again: kept for at least 24 hours, per person",
        ),
    ] = None,
) -> str:  # fmt: skip
    return idempotency_key or ""


repeatable = Depends(_key)
"""Declares that a route takes an Idempotency-Key."""


class RepeatableRoute(APIRoute):
    """A route that answers a repeated request from what was kept, where it is declared `repeatable`."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if repeatable not in self.dependencies:
            return handle
        hidden = tuple((self.openapi_extra or {}).get(SHOWN_ONCE, ()))

        async def once(request: Request) -> Response:
            given = request.headers.get("idempotency-key", "")
            visitor = await run_in_threadpool(visiting, request)
            if not given or len(given) > 200 or visitor.actor is None:
                return await handle(request)
            digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + await request.body())
            return await _once(request, visitor, handle, digest.hexdigest(), hidden)

        return once


async def _once(request: Request, visitor: Visitor, handle: Handler, digest: str, hidden: tuple[str, ...]) -> Response:
    key = request_key(visitor.person, request.headers["idempotency-key"])
    kept = await run_in_threadpool(
        visitor.write, lambda work: take_key(work, key=key, person_id=visitor.person.id, digest=digest)
    )
    if kept is not None:
        return Response(kept.body, kept.status, {**kept.headers, "Idempotency-Replayed": "true"})
    try:
        answer = await handle(request)
    except REFUSALS:
        await run_in_threadpool(visitor.write, lambda work: let_go(work, key=key))
        raise
    if answer.status_code < 300:
        reply = _reply(answer, hidden)
        await run_in_threadpool(visitor.write, lambda work: keep_reply(work, key=key, reply=reply))
    else:
        await run_in_threadpool(visitor.write, lambda work: let_go(work, key=key))
    return answer


def _reply(answer: Response, hidden: tuple[str, ...]) -> KeptReply:
    body = bytes(answer.body).decode()
    if hidden:
        body = json.dumps({**json.loads(body), **dict.fromkeys(hidden)}, ensure_ascii=False)
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    return KeptReply(answer.status_code, headers, body)

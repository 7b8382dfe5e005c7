"""Every way of saying no, as a page with a sentence for people and as problem+json (RFC 9457) for programs."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from services.errors import Broken, ServiceError
from web.rendering import bare, show
from web.visitor import NotSignedIn, Visitor, is_interface, language_of, own_path
from web.wording import said as reason
from web.wording import say, sentences

MOST_ERRORS = 20
STALE_FACTOR = ("sign_in.factor_stale",)
KNOWN = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 431, 500, 503})


def install(app: FastAPI) -> None:
    """Answer every error of the services and of the framework in our own words."""
    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(ServiceError, service_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(Exception, broken)


def answer(
    request: Request, status: int, said: Sequence[str] = (), *, codes: Sequence[str] = (),
    errors: Sequence[dict[str, str]] = (), headers: dict[str, str] | None = None, link: str = "",
) -> Response:  # fmt: skip
    """The error as the asker can read it: a page on the console, a problem document on the interface.

    Without sentences the general one of the status is said. A status we have no words for is said as 400 or 500.
    """
    lang = _language(request)
    if status not in KNOWN:
        status = 400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    title = say(f"error.title_{status}", lang)
    shown = tuple(said) or (say(f"error.text_{status}", lang),)
    if is_interface(request.url.path):
        body = {
            "type": f"urn:chuke:problem:{codes[0] if codes else f'http.{status}'}",
            "title": title,
            "status": status,
            "detail": " ".join(shown),
            "codes": list(codes),
            "errors": list(errors),
        }
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    context: dict[str, Any] = {"title": title, "said": shown, "link": link, "http_status": status}
    visitor = getattr(request.state, "visitor", None)
    if isinstance(visitor, Visitor) and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        page = show(request, visitor, "errors/page.html", status=status, **context)
        page.headers.update(headers or {})
        return page
    number = getattr(request.state, "request_id", "")
    return HTMLResponse(bare("errors/bare.html", lang, request_id=number, **context), status, headers)


def unbearable(request: Request, status: int) -> Response:
    """What a request gets that is too large (413, 431) or compressed (415)."""
    return answer(request, status)


def too_often(request: Request, seconds: int) -> Response:
    """What a caller gets who asks more often than is bearable, and when to go on."""
    return answer(request, 429, codes=("access.too_often",), headers={"Retry-After": str(seconds)})


def broken(request: Request, _error: Exception) -> Response:
    """What the framework shows for anything it did not expect."""
    return crash_page(request)


def crash_page(request: Request) -> Response:
    """What is shown when something broke: a sentence and the number under which the log tells more."""
    return answer(request, 500)


def foreign_order(request: Request) -> Response:
    """What another site's order gets."""
    return answer(request, 403, (say("error.foreign_order", _language(request)),), codes=("access.foreign_order",))


def not_signed_in(request: Request, error: Exception) -> Response:
    """The sign-in page for people, 401 for programs."""
    if is_interface(request.url.path):
        return answer(request, 401, codes=("access.not_signed_in",), headers={"WWW-Authenticate": "Bearer"})
    back = str(error) if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?{urlencode({'next': back})}", status_code=303)


def service_error(request: Request, error: Exception) -> Response:
    """What the services refuse keeps their status and their sentences; what broke inside them is never shown."""
    assert isinstance(error, ServiceError)
    if isinstance(error, Broken):
        raise error
    said = sentences(error, _language(request))
    pointers: list[dict[str, str]] = []
    if "field" in error.facts:
        place = "details/" if "/transitions/" in request.url.path else ""
        pointers = [{"pointer": f"#/{place}{error.facts['field']}", "detail": said[0]}]
    for one in tuple(error.facts.get("faults", ()))[:MOST_ERRORS]:
        pointers.append({"pointer": f"#/rows/{one.line}", "detail": reason(one.code, _language(request), **one.facts)})
    link = f"/account/confirm?{urlencode({'next': _came_from(request)})}" if error.codes == STALE_FACTOR else ""
    return answer(request, error.http_status, said, codes=error.codes, errors=pointers, link=link)


def _came_from(request: Request) -> str:
    """The page an order was given on, so that a person comes back to it after proving who it is."""
    parts = urlsplit(request.headers.get("referer", ""))
    return own_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def http_error(request: Request, error: Exception) -> Response:
    """The framework's own refusals (unknown address, wrong method, too large a body)."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else {}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return answer(request, error.status_code, headers=headers)


def _methods(request: Request) -> list[str]:
    """Every method the address takes; the framework names those of one of its routes only."""
    found: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)


def unreadable(request: Request, error: Exception) -> Response:
    """A request whose shape is not the declared one."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": "#/" + "/".join(str(part) for part in one["loc"][1:]), "detail": str(one["msg"])}
        for one in error.errors()[:MOST_ERRORS]
    ]
    return answer(request, 422, codes=("input.unreadable",), errors=errors)


def _language(request: Request) -> str:
    visitor = getattr(request.state, "visitor", None)
    return visitor.lang if isinstance(visitor, Visitor) else language_of(request, None)

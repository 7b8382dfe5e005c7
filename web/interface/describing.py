"""The interface's own description (OpenAPI 3.1): every answer a route can give, refusals as problem documents."""

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from web.interface.repeats import repeatable
from web.interface.shapes import Problem
from web.routes import ANYONE, is_open_to_all, table

PROBLEM = "application/problem+json"
REFUSAL = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
MEANINGS = {
    304: "Not modified: the ETag is still the one in If-None-Match",
    400: "The body cannot be read",
    401: "Not signed in, or the token has ended",
    403: "Not for this person, or not within the token's scopes",
    404: "No such thing, or none that this person may know of",
    409: "A rule says no; the reasons say what to do",
    412: "Somebody else changed it first; look again",
    413: "The body is too large",
    415: "The body is encoded in a way that is not taken",
    422: "Something in the request is missing or out of range",
    428: "If-Match with the version that was seen is required",
    429: "Too many requests; Retry-After says when to go on",
    503: "The database is busy; nothing was changed",
}
SAFE = ("GET", "DELETE")


def also(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Refusals of a route beside those every route of its kind can give."""
    return {status: {"description": MEANINGS[status]} for status in statuses}


def describe(routers: tuple[APIRouter, ...], *, title: str, summary: str, version: str) -> dict[str, Any]:
    """The description of these routes, made anew."""
    routes = [route for router in routers for route in router.routes]
    found = get_openapi(
        title=title, version=version, summary=summary, description=ABOUT, routes=routes,
        tags=[{"name": name} for name in sorted({str(tag) for router in routers for tag in router.tags})],
    )  # fmt: skip
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["responses"] = {
        str(status): {"description": said} | ({"content": REFUSAL} if status >= 400 else {})
        for status, said in MEANINGS.items()
    }
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "description": BEARER}}
    for route in routes:
        assert isinstance(route, APIRoute)
        for method in route.methods or ():
            _complete(found["paths"][route.path][method.lower()], route, method)
    found["components"] = {name: dict(sorted(parts[name].items())) for name in sorted(parts)}
    return found


def _complete(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    action = table()[method, route.path]
    secured: list[dict[str, list[str]]] = [{"bearer": list[str]()}]
    operation["operationId"] = f"{route.tags[0]}.{route.name}"
    operation["x-action"] = action
    operation["security"] = secured[:0] if action == ANYONE or is_open_to_all(action) else secured
    for one in operation.get("parameters", []):
        _without_null(one)
    answers = {status: said for status, said in operation["responses"].items() if int(status) < 300}
    refused = _refusals(operation, route, method) | {int(one) for one in operation["responses"] if int(one) >= 300}
    for status in sorted(refused):
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}
    operation["responses"] = answers


def _without_null(parameter: dict[str, Any]) -> None:
    """A parameter is left out or is text, never null; If-Match, the tag as it was given, not even left out."""
    schema = parameter["schema"]
    options = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
    if options:
        schema |= options[0]
    if parameter["name"] == "if-match":
        parameter["required"] = True
        schema |= {"pattern": r'^"[0-9]{1,9}"$', "examples": ['"3"']}


def _refusals(operation: dict[str, Any], route: APIRoute, method: str) -> set[int]:
    found = {401, 403, 404, 429, 503}
    if operation.get("parameters"):
        found.add(422)
    if "requestBody" in operation:
        found |= {400, 413, 415, 422}
    if method not in SAFE or repeatable in route.dependencies:
        found |= {409, 413, 415}
    return found


BEARER = "A sign-in token (POST /api/v1/sign-in) or an API token made under the person's own account."
ABOUT = """\
What the console can do, for programs.

**Who asks** is said by `Authorization: Bearer …`; a token can do what its person may do and its scopes allow.
**Refusals** are problem documents (RFC 9457, `application/problem+json`); `type` is stable, `title` and `detail` are
said in the language of `Accept-Language` (`zh` or `en`).
**Versions**: the ETag of a case is its version. Moves want it back in `If-Match` (428 without, 412 when somebody moved
the case first); reading a case with `If-None-Match` answers 304 while nothing changed.
**Repetition**: a POST that makes something takes an `Idempotency-Key`. The same key with the same content is answered
from what was kept (at least 24 hours, a person's keys are their own) with `Idempotency-Replayed: true`; with other
content it is refused (422). Secrets shown once are not repeated. Uploads must be the same bytes.
**Lists** come in portions: `limit` up to 100, an opaque `cursor`, and the next address in `Link: …; rel="next"`.
**Times** are RFC 3339 with offset, days are those of the office (Asia/Shanghai), money is whole fen.
**Rate**: a caller who asks too often is answered 429 with `Retry-After`.
"""

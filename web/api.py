"""The JSON interface: cases, their moves and papers, for programs with a bearer token."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from pydantic import Field as JsonField

from services.cases import commands
from services.cases.advance import AdvanceCase
from services.cases.queries import CaseLine, CasePage, case_list, case_page
from services.errors import NotFound
from services.issuance.queries import verification
from services.people import commands as people
from web.errors import answer
from web.requests import request_key
from web.visitor import Visitor, visiting
from web.wording import label, said

router = APIRouter(prefix="/api/v1")
MOST_LINES = 100


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid")
    username: str = JsonField(max_length=60, pattern=r"^[^\x00]*$")
    password: str = JsonField(max_length=200)


class Transition(BaseModel):
    """What is said with a move; the fields are those of the move's form."""

    model_config = ConfigDict(extra="forbid")
    details: dict[str, Any] = {}


@router.post("/sign-in", summary="Get a bearer token")
def sign_in(request: Request, body: SignIn, visitor: Visitor = Depends(visiting)) -> Response:
    """A bearer token for name and password; 401 when they do not match, 403 while the wait after failures lasts."""
    found = people.sign_in(visitor.database, username=body.username, password=body.password, now=visitor.now)
    if found is None:
        headers = {"WWW-Authenticate": "Bearer"}
        return answer(request, 401, (said("sign_in.failed", visitor.lang),), codes=("sign_in.failed",), headers=headers)
    return JSONResponse({"token": found.token, "token_type": "bearer", "expires_at": found.expires_at.isoformat()})


@router.delete("/sign-in", status_code=204, summary="End the token")
def sign_out(visitor: Visitor = Depends(visiting)) -> Response:
    """The token is dead from now on."""
    visitor.write(lambda work: people.sign_out(work, visitor.token))
    return Response(status_code=204)


@router.get("/cases", summary="Cases this person may see")
def cases(
    visitor: Visitor = Depends(visiting),
    kind: str | None = None,
    stage: str | None = None,
    state: str | None = None,
    text: str = "",
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 50,
    cursor: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The latest moved first; `next` is the cursor of the following page, null on the last one."""
    with visitor.reading() as work:
        lines = case_list(
            work, visitor.person, kind=kind, stage=stage, state=state, text=text, limit=cursor + limit + 1
        )
    more = len(lines) > cursor + limit
    shown = lines[cursor : cursor + limit]
    body = {"cases": [_line(one) for one in shown], "next": cursor + limit if more else None}
    return JSONResponse(body)


@router.get("/cases/{number}", summary="One case with its moves")
def case(number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The case, the moves this person could make and why others are closed; the ETag is its version."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    return JSONResponse(_page(page, visitor.lang), headers={"ETag": _tag(page.line.version)})


@router.post("/cases/{number}/transitions/{trigger}", summary="Move a case")
def transition(
    request: Request, number: str, trigger: str, body: Transition, visitor: Visitor = Depends(visiting),
    if_match: Annotated[str | None, Header()] = None,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:  # fmt: skip
    """Pull a trigger. If-Match with the version seen is required (428 without, 412 when someone moved it first);
    the same Idempotency-Key with the same content is answered once and for all.
    """
    seen = _version(if_match)
    if seen is None:
        return answer(request, 428, codes=("case.version_required",))
    if "\x00" in (idempotency_key or ""):
        raise NotFound("access.not_found")
    command = AdvanceCase(number, trigger, seen, body.details, request_key(visitor.person, idempotency_key or ""))
    _demand_visible(visitor, number)
    moved = commands.advance_case(visitor.database, visitor.person, command, now=visitor.now)
    answered = {
        "case": moved.case_number, "trigger": moved.trigger, "source": moved.source, "state": moved.state,
        "version": moved.version, "documents": list(moved.documents), "replayed": moved.replayed,
    }  # fmt: skip
    return JSONResponse(answered, headers={"ETag": _tag(moved.version)})


@router.get("/documents/verify/{code}", summary="Check a paper")
def verify(code: str, visitor: Visitor = Depends(visiting)) -> Response:
    """What anyone may know about the paper of that code; 404 when none has it."""
    with visitor.reading() as work:
        found = verification(work, code[:40])
    if found is None:
        raise NotFound("document.not_found")
    revoked = found.revoked_at.isoformat() if found.revoked_at else None
    return JSONResponse({
        "kind": found.kind, "number": found.number, "holder": found.holder, "standing": found.standing,
        "decided_on": found.decided_on.isoformat(), "sha256": found.file_sha256, "revoked_at": revoked,
        "code": found.printed_code,
    })  # fmt: skip


def _demand_visible(visitor: Visitor, number: str) -> None:
    """Whoever may not see the case learns nothing about it from trying to move it."""
    with visitor.reading() as work:
        case_page(work, visitor.person, number)


def _tag(version: int) -> str:
    return f'"{version}"'


def _version(tag: str | None) -> int | None:
    """The version in an If-Match header; None when there is none or it is not one of ours."""
    text = (tag or "").strip().removeprefix("W/").strip('"')
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _line(line: CaseLine) -> dict[str, Any]:
    return {
        "number": line.number, "kind": line.kind, "state": line.state, "stage": line.stage,
        "organization": line.organization, "version": line.version, "moved_at": line.moved_at.isoformat(),
        "due_on": line.due_on.isoformat() if line.due_on else None, "waits_for": [one.value for one in line.waits_for],
    }  # fmt: skip


def _page(page: CasePage, lang: str) -> dict[str, Any]:
    facts = {"case_number": page.line.number, "state": label(page.state, lang), "missing": page.materials_missing}
    transitions = [
        {
            "trigger": one.trigger,
            "label": label(one, lang),
            "open": not one.reasons,
            "reasons": [{"code": code, "sentence": said(code, lang, **facts)} for code in one.reasons],
            "fields": [{"name": field.name, "kind": field.kind, "required": field.required} for field in one.form],
        }
        for one in page.offers
    ]
    papers = [
        {"kind": one.kind, "number": one.number, "standing": one.standing, "decided_on": one.decided_on.isoformat(),
         "sha256": one.file_sha256}
        for one in page.documents
    ]  # fmt: skip
    moves = [
        {"sequence": one.sequence, "label": label(one, lang), "source": one.source, "state": one.dest,
         "at": one.at.isoformat()}
        for one in page.timeline
    ]  # fmt: skip
    return _line(page.line) | {"transitions": transitions, "documents": papers, "moves": moves}

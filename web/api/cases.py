"""Cases: lists, one case with what may be done and why not, its history, and everything that is done to it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field

from services.cases import commands
from services.cases.advance import AdvanceCase
from services.cases.lists import case_list
from services.cases.queries import case_page, waiting_for
from services.errors import Invalid
from web.errors import answer
from web.interface.case_shapes import (
    Case,
    CaseLines,
    Moved,
    Opened,
    Timeline,
    case_of,
    line_of,
    move_of,
)
from web.interface.describing import also
from web.interface.portions import MOST_LINES, Cursor, Limit, cursor_to, link_next, place_in, portion
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Details, Identity, Number
from web.interface.versions import demand_visible, fresh, tag, version_in
from web.requests import known_id, request_key
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["cases"], route_class=RepeatableRoute)
Filter = Annotated[str | None, Query(max_length=40)]


class NewApplication(Body):
    """An application to be opened as a draft."""

    organization_id: Identity
    centre_id: Identity
    plan: Annotated[str, Field(max_length=4000), Clean] = ""


class Transition(Body):
    """What is said with a move; the fields are those of the move's form, as the case lists them."""

    details: Details = {}


class Materials(Body):
    """Materials that were handed in, by the names of the rule set."""

    names: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=60), Clean]], Field(min_length=1, max_length=50)
    ]
    original: bool = False


class MidtermReport(Body):
    """The organization's own midterm report."""

    report: Details = {}


@router.get("/cases", summary="Cases this person may see")
def cases(
    request: Request, response: Response, visitor: Visitor = Depends(visiting), kind: Filter = None,
    stage: Filter = None, state: Filter = None, text: Annotated[str, Query(max_length=60)] = "", limit: Limit = 50,
    cursor: Cursor = "",
) -> CaseLines:  # fmt: skip
    """The latest moved first; kind, stage, state and text filter as in the console."""
    after = _after(cursor)
    with visitor.reading() as work:
        lines = case_list(
            work, visitor.person, kind=kind, stage=stage, state=state, text=text, limit=limit + 1, after=after
        )
    shown = lines[:limit]
    more = cursor_to(shown[-1].moved_at.isoformat(), shown[-1].id) if len(lines) > limit else None
    link_next(request, response, more)
    return CaseLines(cases=[line_of(one, visitor.lang) for one in shown], next=more)


def _after(cursor: str) -> tuple[datetime, str] | None:
    place = place_in(cursor, str, str)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]), known_id(place[1])
    except ValueError:
        raise Invalid("input.cursor_unknown", field="cursor") from None


@router.get("/waiting", summary="Cases that wait for this person")
def waiting(
    request: Request, response: Response, visitor: Visitor = Depends(visiting), limit: Limit = 50, cursor: Cursor = ""
) -> CaseLines:
    """待我处理: cases whose state waits for a role of this person, the nearest due day first."""
    with visitor.reading() as work:
        lines = waiting_for(work, visitor.person, limit=10 * MOST_LINES)
    shown, more = portion(lines, cursor, limit)
    link_next(request, response, more)
    return CaseLines(cases=[line_of(one, visitor.lang) for one in shown], next=more)


@router.post(
    "/cases", status_code=201, summary="Open an application", dependencies=[repeatable], operation_id="open_application"
)
def open_application(body: NewApplication, response: Response, visitor: Visitor = Depends(visiting)) -> Opened:
    """Open a draft for an organization this person acts for, or (intake clerk) on behalf of any."""
    opened = commands.open_incubation(
        visitor.database, visitor.person, organization_id=body.organization_id, centre_id=body.centre_id,
        plan=body.plan, now=visitor.now,
    )  # fmt: skip
    response.headers["Location"] = f"/api/v1/cases/{opened.number}"
    response.headers["ETag"] = tag(opened.version)
    return Opened(id=opened.id, number=opened.number, kind=opened.kind, state=opened.state, version=opened.version)


@router.get("/cases/{number}", summary="One case", responses=also(304))
def case(
    number: Number, response: Response, visitor: Visitor = Depends(visiting),
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Case:  # fmt: skip
    """The case, the moves this person could make and why others are closed; the ETag is its version."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    if (unchanged := fresh(if_none_match, page.line.version)) is not None:
        return unchanged  # type: ignore[return-value]
    response.headers["ETag"] = tag(page.line.version)
    return case_of(page, visitor.lang)


@router.get("/cases/{number}/timeline", summary="What was done on a case")
def timeline(
    request: Request, number: Number, response: Response, visitor: Visitor = Depends(visiting), limit: Limit = 100,
    cursor: Cursor = "",
) -> Timeline:  # fmt: skip
    """Every move, the first one first, with who did it in which role."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    shown, more = portion(page.timeline, cursor, limit)
    link_next(request, response, more)
    return Timeline(moves=[move_of(one, visitor.lang) for one in shown], next=more)


@router.post(
    "/cases/{number}/transitions/{trigger}", summary="Move a case", dependencies=[repeatable],
    responses=also(412, 428),
)  # fmt: skip
def transition(
    request: Request, number: Number, trigger: Annotated[str, Field(max_length=40)], body: Transition,
    response: Response, visitor: Visitor = Depends(visiting),
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Moved:  # fmt: skip
    """Pull a trigger. If-Match with the version seen is required: 428 without, 412 when someone moved it first."""
    seen = version_in(if_match)
    if seen is None:
        return answer(request, 428, codes=("case.version_required",))  # type: ignore[return-value]
    demand_visible(visitor, number)
    given = request_key(visitor.person, request.headers.get("idempotency-key", ""))
    command = AdvanceCase(number, trigger, seen, body.details, given)
    moved = commands.advance_case(visitor.database, visitor.person, command, now=visitor.now)
    response.headers["ETag"] = tag(moved.version)
    if moved.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return Moved(
        case=moved.case_number, trigger=moved.trigger, source=moved.source, state=moved.state, version=moved.version,
        documents=[dict(one) for one in moved.documents],
    )  # fmt: skip


@router.post("/cases/{number}/materials", status_code=204, summary="Note materials as handed in")
def materials(number: Number, body: Materials, visitor: Visitor = Depends(visiting)) -> None:
    """Those already there stay as they are."""
    demand_visible(visitor, number)
    commands.provide_materials(
        visitor.database, visitor.person, number=number, names=body.names, original=body.original, now=visitor.now
    )


@router.post("/cases/{number}/midterm-report", status_code=204, summary="Hand in the midterm report")
def midterm_report(number: Number, body: MidtermReport, visitor: Visitor = Depends(visiting)) -> None:
    """`report` may hold activities, beneficiaries, spend_fen, summary and satisfaction."""
    demand_visible(visitor, number)
    commands.give_midterm_report(visitor.database, visitor.person, number=number, report=body.report, now=visitor.now)

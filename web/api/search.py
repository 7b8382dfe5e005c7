"""Search, and how a case stands for whoever knows its number and a telephone of its organization."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from services.cases.progress import Progress, note_wrong, progress_of, seconds_closed, seconds_to_wait
from services.cases.search import search
from services.database.work import Work
from services.errors import NotFound
from web.errors import too_often
from web.interface.case_shapes import Line, line_of
from web.interface.shapes import Body, Clean, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["search"])
Asked = Annotated[str, Field(min_length=1, max_length=40), Clean]


class FoundOrganization(Reply):
    """An organization that was found."""

    id: str
    name: str


class Found(Reply):
    """What a text finds, the surest first; `exact` is the one case whose number it is."""

    cases: list[Line]
    organizations: list[FoundOrganization]
    exact: Line | None


class Question(Body):
    """The number of a case and a telephone of its organization."""

    number: Asked
    telephone: Asked


class Standing(Reply):
    """Where a case is; nothing about anybody."""

    number: str
    opened_on: date
    state: str
    state_label: str
    due_on: date | None
    waits_for_applicant: bool


@router.get("/search", summary="Find cases and organizations")
def find(visitor: Visitor = Depends(visiting), text: Annotated[str, Query(max_length=60)] = "") -> Found:
    """By part of a name, its sound, or a number."""
    with visitor.reading() as work:
        found = search(work, visitor.person, text)
    return Found(
        cases=[line_of(one, visitor.lang) for one in found.cases],
        organizations=[FoundOrganization(id=one.id, name=one.name) for one in found.organizations],
        exact=line_of(found.exact, visitor.lang) if found.exact else None,
    )


@router.post("/progress", summary="How a case stands")
def progress(request: Request, body: Question, visitor: Visitor = Depends(visiting)) -> Standing:
    """The same answer for a wrong number and a wrong telephone; 429 for whoever asks too often."""
    address = request.client.host if request.client else ""
    found, wait = visitor.write(lambda work: _asked(work, body, address))
    if wait:
        return too_often(request, wait)  # type: ignore[return-value]
    if found is None:
        raise NotFound("access.not_found")
    return Standing(
        number=found.number, opened_on=found.opened_on, state=found.state.name,
        state_label=found.state.zh if visitor.lang == "zh" else found.state.en, due_on=found.due_on,
        waits_for_applicant=found.waits_for_applicant,
    )  # fmt: skip


def _asked(work: Work, body: Question, address: str) -> tuple[Progress | None, int]:
    wait = seconds_to_wait(work, address) or seconds_closed(work, body.number)
    if wait:
        return None, wait
    found = progress_of(work, number=body.number, telephone=body.telephone)
    if found is None:
        note_wrong(work, body.number)
    return found, 0

"""The application as its applicant writes it: its sections, files, answers to corrections, signature, handing in."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.cases import applying, uploads
from services.cases.application_page import ApplicationPage, application_page
from services.settings import settings
from web.errors import answer
from web.interface.case_shapes import Moved
from web.interface.describing import also
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Number, Reply
from web.interface.versions import tag, version_in
from web.requests import request_key
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/api/v1/applications", tags=["applications"], route_class=RepeatableRoute)
Name = Annotated[str, Field(max_length=40), Clean]
Typed = Annotated[str, Field(max_length=4000), Clean]
Rows = Annotated[list[Annotated[dict[Name, Typed], Field(max_length=20)]], Field(max_length=100)]
Material = Annotated[str, Query(min_length=1, max_length=60)]
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class Section(Reply):
    """A section: what is kept in it, and the revision to be named when it is written."""

    name: str
    complete: bool
    revision: int
    content: dict[str, Any]


class RequiredMaterial(Reply):
    """A required material and whether it is there."""

    name: str
    file: bool
    on_paper: bool


class Correction(Reply):
    """One thing to put right."""

    number: int
    field: str
    problem: str
    how_to_fix: str


class Application(Reply):
    """The application; `digest` names exactly this content, for the signature."""

    number: str
    state: str
    version: int
    open: bool
    begun: bool
    ready: bool
    sections: list[Section]
    materials: list[RequiredMaterial]
    corrections: list[Correction]
    answers: list[str]
    answers_revision: int
    correction_due_on: date | None
    digest: str
    signed: bool
    submitted_on: date | None


class Written(Body):
    """The fields of a section as they are typed (lists as rows), and the revision that was seen."""

    typed: Annotated[dict[Name, Typed | Rows], Field(max_length=60)]
    revision: Annotated[int, Field(ge=0, le=1_000_000)]


class Answers(Body):
    """The answers to the list of corrections, in its order, and the revision that was seen."""

    answers: Annotated[list[Typed], Field(max_length=100)]
    revision: Annotated[int, Field(ge=0, le=1_000_000)]


class Signature(Body):
    """The digest of what is signed."""

    digest: Annotated[str, Field(max_length=64), Clean]


class HandIn(Signature):
    """What is handed in: declared to be true, and signed in the same step when a leader does it."""

    declared: bool = False
    signs: bool = False
    answers: Annotated[list[Typed], Field(max_length=100)] = []
    signed_on_paper: Annotated[bool, Field(description="By a clerk for the applicant: the leader signed on paper")] = (
        False
    )
    assisted_because: Annotated[str, Field(max_length=200, description="Why a clerk hands it in"), Clean] = ""


class Fault(Reply):
    """What is to be put right in a section; what was typed is kept anyway."""

    field: str
    code: str
    sentence: str


class Saved(Reply):
    """The section's new revision, and what is to be put right in it."""

    revision: int
    faults: list[Fault]


@router.get("/{number}", summary="The application of a case")
def application(number: Number, response: Response, visitor: Visitor = Depends(visiting)) -> Application:
    """For its applicant and whoever takes applications in; the ETag is the version of the case."""
    with visitor.reading() as work:
        page = application_page(work, visitor.person, number)
    response.headers["ETag"] = tag(page.version)
    return _application(page)


def _application(page: ApplicationPage) -> Application:
    return Application(
        number=page.number, state=page.state.name, version=page.version, open=page.open, begun=page.begun,
        ready=page.ready,
        sections=[
            Section(name=one.section.name, complete=one.complete, revision=one.revision, content=one.content)
            for one in page.sections
        ],
        materials=[
            RequiredMaterial(name=one.name, file=one.file is not None, on_paper=one.on_paper) for one in page.materials
        ],
        corrections=[
            Correction(number=one.number, field=one.field, problem=one.problem, how_to_fix=one.how_to_fix)
            for one in page.corrections
        ],
        answers=list(page.answers), answers_revision=page.answers_revision, correction_due_on=page.correction_due_on,
        digest=page.digest, signed=page.signed, submitted_on=page.submitted_on,
    )  # fmt: skip


@router.post("/{number}", status_code=204, summary="Begin the form")
def begin(number: Number, visitor: Visitor = Depends(visiting)) -> None:
    """Of a draft that was opened without it."""
    applying.begin_form(visitor.database, visitor.person, number=number, now=visitor.now)


@router.put("/{number}/sections/{section}", summary="Write a section", responses=also(412))
def write(
    number: Number, section: Annotated[str, Field(max_length=40)], body: Written, visitor: Visitor = Depends(visiting)
) -> Saved:
    """Kept with its faults; 412 when somebody wrote in it since the revision that was seen."""
    saved = applying.save_section(
        visitor.database, visitor.person, number=number, section=section, typed=dict(body.typed), seen=body.revision,
        now=visitor.now,
    )  # fmt: skip
    faults = [
        Fault(field=one.field, code=one.code, sentence=said(one.code, visitor.lang, **one.facts))
        for one in saved.problems
    ]
    return Saved(revision=saved.revision, faults=faults)


@router.put("/{number}/answers", summary="Answer the corrections", responses=also(412))
def correct(number: Number, body: Answers, visitor: Visitor = Depends(visiting)) -> Saved:
    """Then the application is signed and handed in again."""
    revision = applying.save_answers(
        visitor.database, visitor.person, number=number, answers=body.answers, seen=body.revision, now=visitor.now
    )
    return Saved(revision=revision, faults=[])


@router.put("/{number}/files", status_code=204, summary="Hand in a file", openapi_extra={"requestBody": FILE})
async def keep_file(
    request: Request, number: Number, material: Material, name: Annotated[str, Query(min_length=1, max_length=200)]
) -> None:
    """The body is the file; it is looked into before it is kept, and an earlier one gives way."""
    visitor = visiting(request)
    upload = Upload(name, await request.body())
    await run_in_threadpool(
        lambda: uploads.keep_file(
            visitor.database, visitor.person, number=number, material=material, upload=upload,
            scanner=scanner_at(settings().clamd), now=visitor.now,
        )
    )  # fmt: skip


@router.delete("/{number}/files", status_code=204, summary="Take a file back")
def remove_file(number: Number, material: Material, visitor: Visitor = Depends(visiting)) -> None:
    """What was handed in on paper stays."""
    uploads.remove_file(visitor.database, visitor.person, number=number, material=material, now=visitor.now)


@router.post("/{number}/sign-off", status_code=204, summary="Sign the application")
def sign(number: Number, body: Signature, visitor: Visitor = Depends(visiting)) -> None:
    """By the leader, exactly what the digest names."""
    applying.sign_off(visitor.database, visitor.person, number=number, digest=body.digest, now=visitor.now)


@router.post(
    "/{number}/hand-in", summary="Hand the application in", dependencies=[repeatable], responses=also(412, 428)
)
def hand_in(
    request: Request, number: Number, body: HandIn, response: Response, visitor: Visitor = Depends(visiting),
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> Moved:  # fmt: skip
    """Submit it, or hand it in again corrected; If-Match as with every move."""
    seen = version_in(if_match)
    if seen is None:
        return answer(request, 428, codes=("case.version_required",))  # type: ignore[return-value]
    wish = applying.HandIn(
        number, seen, body.digest, declared=body.declared, signs=body.signs, answers=tuple(body.answers),
        signed_on_paper=body.signed_on_paper, assisted_because=body.assisted_because,
        request_id=request_key(visitor.person, request.headers.get("idempotency-key", "")),
    )  # fmt: skip
    moved = applying.hand_in(visitor.database, visitor.person, wish, now=visitor.now)
    response.headers["ETag"] = tag(moved.version)
    return Moved(
        case=moved.case_number, trigger=moved.trigger, source=moved.source, state=moved.state, version=moved.version,
        documents=[dict(one) for one in moved.documents],
    )  # fmt: skip

"""Templates of papers: the page of each kind, its editions, and their way through two people."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import Field

from documents.editions.source import LONGEST_PAGE, LONGEST_STYLE
from documents.registry import KINDS
from services.cases.template_previews import inputs_to_try
from services.errors import NotFound
from services.templates import acts
from services.templates.acts import source_in_force
from services.templates.drawing import drawn
from services.templates.queries import EditionLine, edition_for, editions_of, numbers_in_force
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["templates"], route_class=RepeatableRoute)


class Template(Reply):
    """One kind of paper and the number of the edition it is drawn from; 0 is the page that comes with the software."""

    kind: str
    code: str
    title_zh: str
    title_en: str
    edition: int


class EditionShape(Reply):
    """One edition and what became of it."""

    id: str
    kind: str
    number: int | None = Field(description="given when it is approved")
    based_on: int
    reason: str
    stage: str
    wanted_from: date | None
    proposed_by: str
    proposed_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    decided_because: str
    in_force_from: datetime | None
    retired_at: datetime | None
    retired_because: str
    papers: int = Field(description="how many papers are drawn from it")


class Sources(Reply):
    """A page in our template language, and its style sheet."""

    page: str
    style: str


class TemplatePage(Reply):
    """What a kind is drawn from now, and every edition of it."""

    edition: int
    source: Sources
    editions: list[EditionShape]


class EditionPage(Reply):
    """One edition with its source."""

    edition: EditionShape
    source: Sources


class NewEdition(Body):
    """A page and its style sheet, why they are wanted, and from which day at the earliest."""

    page: Annotated[str, Field(min_length=1, max_length=LONGEST_PAGE), Clean]
    style: Annotated[str, Field(max_length=LONGEST_STYLE), Clean] = ""
    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]
    wanted_from: Day | None = None


class EditionReason(Body):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


class Approved(Reply):
    """The number an edition was given."""

    number: int


Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


@router.get("/templates", summary="The kinds of papers and their editions in force")
def templates(visitor: Visitor = Depends(visiting)) -> list[Template]:
    """In the order of their codes."""
    with visitor.reading() as work:
        numbers = numbers_in_force(work)
    return [
        Template(
            kind=one.name, code=one.code, title_zh=one.title_zh, title_en=one.title_en, edition=numbers.get(one.name, 0)
        )
        for one in sorted(KINDS.values(), key=lambda one: one.code)
    ]


@router.get("/templates/{kind}", summary="The page of one kind")
def template(kind: Kind, visitor: Visitor = Depends(visiting)) -> TemplatePage:
    """With its editions, the latest first; drafts are shown to their writer alone."""
    if kind not in KINDS:
        raise NotFound("template.unknown")
    with visitor.reading() as work:
        number, source = source_in_force(work, kind)
        lines = editions_of(work, visitor.person, kind)
    shown = Sources(page=source.page, style=source.style)
    return TemplatePage(edition=number, source=shown, editions=[_shape(one) for one in lines])


def _shape(one: EditionLine) -> EditionShape:
    return EditionShape(
        id=one.id, kind=one.kind, number=one.number, based_on=one.based_on, reason=one.reason, stage=one.stage,
        wanted_from=one.wanted_from, proposed_by=one.proposed_by, proposed_at=one.proposed_at,
        decided_by=one.decided_by, decided_at=one.decided_at, decided_because=one.decided_because,
        in_force_from=one.in_force_from, retired_at=one.retired_at, retired_because=one.retired_because,
        papers=one.papers,
    )  # fmt: skip


@router.post("/templates/{kind}/editions", status_code=201, summary="Draft an edition", dependencies=[repeatable])
def draft(kind: Kind, body: NewEdition, visitor: Visitor = Depends(visiting)) -> Identified:
    """Takes the place of the own draft of this kind. Every line that may not stand is told in `errors`."""
    identity = acts.save_draft(
        visitor.database, visitor.person, kind=kind, page=body.page, style=body.style, reason=body.reason,
        wanted_from=body.wanted_from, now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.get("/template-editions/{edition_id}", summary="One edition")
def edition(edition_id: Identity, visitor: Visitor = Depends(visiting)) -> EditionPage:
    """With its source."""
    with visitor.reading() as work:
        found = edition_for(work, visitor.person, edition_id)
    shown = Sources(page=found.source.page, style=found.source.style)
    return EditionPage(edition=_shape(found.line), source=shown)


@router.get(
    "/template-editions/{edition_id}/preview.pdf", summary="The sample, or a paper, as this edition draws it",
    response_class=Response, responses={200: {"content": {"application/pdf": {}}}},
)  # fmt: skip
def preview(edition_id: Identity, paper: Identity | None = None, visitor: Visitor = Depends(visiting)) -> Response:
    """`paper`: an issued paper of the same kind that the caller may read."""
    with visitor.reading() as work:
        found = edition_for(work, visitor.person, edition_id)
        inputs = inputs_to_try(work, visitor.person, found.line.kind, paper or "")
    return Response(drawn(found.line.kind, found.source, inputs).pdf, media_type="application/pdf")


@router.post("/template-editions/{edition_id}/propose", status_code=204, summary="Submit the own draft")
def propose(edition_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Somebody else must approve it."""
    acts.propose_edition(visitor.database, visitor.person, edition_id=edition_id, now=visitor.now)


@router.post("/template-editions/{edition_id}/approve", summary="Approve an edition")
def approve(edition_id: Identity, visitor: Visitor = Depends(visiting)) -> Approved:
    """Never the own one."""
    number = acts.approve_edition(visitor.database, visitor.person, edition_id=edition_id, now=visitor.now)
    return Approved(number=number)


@router.post("/template-editions/{edition_id}/refuse", status_code=204, summary="Send an edition back")
def refuse(edition_id: Identity, body: EditionReason, visitor: Visitor = Depends(visiting)) -> None:
    """With the reason."""
    acts.send_back_edition(visitor.database, visitor.person, edition_id=edition_id, reason=body.reason, now=visitor.now)


@router.post("/template-editions/{edition_id}/withdraw", status_code=204, summary="Take the own edition back")
def withdraw(edition_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """A draft, or one that waits."""
    acts.withdraw_edition(visitor.database, visitor.person, edition_id=edition_id, now=visitor.now)


@router.post("/template-editions/{edition_id}/retire", status_code=204, summary="Retire an edition")
def retire(edition_id: Identity, body: EditionReason, visitor: Visitor = Depends(visiting)) -> None:
    """No further paper is drawn from it; those decided before keep it."""
    acts.retire_edition(visitor.database, visitor.person, edition_id=edition_id, reason=body.reason, now=visitor.now)

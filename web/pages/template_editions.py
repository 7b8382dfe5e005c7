"""One edition of a paper's page: what it changes line by line, how it looks with real data, and who decides on it."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.registry import kind_of
from documents.trial import Trial
from services.cases.template_previews import inputs_to_try, papers_to_try
from services.errors import NotFound, Refused
from services.issuance.pictures import picture_of
from services.templates import acts
from services.templates.drawing import drawn
from services.templates.queries import edition_for
from web.forms.posted import Posted, posted
from web.pages.templates import problems_of
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/template-editions/{edition_id}")


@router.get("")
def edition(
    request: Request, edition_id: str, paper: str = "", done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """What it changes against the edition it was written over, its pages with the sample or a chosen paper, its way."""
    return _page(request, visitor, edition_id, paper=paper, done=done)


def _page(
    request: Request, visitor: Visitor, edition_id: str, *, paper: str = "", done: str = "",
    error: Refused | None = None, form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = edition_for(work, visitor.person, edition_id)
        papers = papers_to_try(work, visitor.person, found.line.kind)
    pages = found.line.pages
    if paper:
        try:
            pages = _trial(visitor, edition_id, paper).pages
        except Refused as refused:
            error, pages = error or refused, 0
    return show(
        request, visitor, "templates/edition.html", status=error.http_status if error else 200, edition=found,
        kind=kind_of(found.line.kind), papers=papers, paper=paper, pages=pages, done=done, form=form or Posted({}),
        problems=problems_of(error, visitor.lang) if error else (),
    )  # fmt: skip


def _trial(visitor: Visitor, edition_id: str, paper: str) -> Trial:
    """The drawn edition; no unit of work is open while the child draws."""
    with visitor.reading() as work:
        found = edition_for(work, visitor.person, edition_id)
        inputs = inputs_to_try(work, visitor.person, found.line.kind, paper)
    return drawn(found.line.kind, found.source, inputs)


@router.get("/preview.pdf")
def preview(edition_id: str, paper: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The sample, or a chosen paper, as this edition draws it; it says nowhere that it was issued."""
    return Response(_trial(visitor, edition_id, paper).pdf, media_type="application/pdf")


@router.get("/pages/{page}.webp")
def picture(edition_id: str, page: int, paper: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One page of the preview as a picture."""
    return Response(picture_of(_trial(visitor, edition_id, paper).pdf, page), media_type="image/webp")


def _done(
    request: Request, visitor: Visitor, edition_id: str, act: Callable[[], object], *, note: str, form: Posted
) -> Response:
    try:
        act()
    except Refused as error:
        try:
            return _page(request, visitor, edition_id, error=error, form=form)
        except NotFound:
            raise error from None
    return go(f"/template-editions/{edition_id}", note=note)


@router.post("/propose")
def propose(request: Request, edition_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Ask a second person to approve the own draft."""

    def act() -> None:
        acts.propose_edition(visitor.database, visitor.person, edition_id=edition_id, now=visitor.now)

    return _done(request, visitor, edition_id, act, note="template_proposed", form=Posted({}))


@router.post("/approve")
def approve(request: Request, edition_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Put in force what somebody else proposed."""

    def act() -> None:
        acts.approve_edition(visitor.database, visitor.person, edition_id=edition_id, now=visitor.now)

    return _done(request, visitor, edition_id, act, note="template_approved", form=Posted({}))


@router.post("/refuse")
def refuse(
    request: Request, edition_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Send back what somebody else proposed."""

    def act() -> None:
        acts.send_back_edition(
            visitor.database, visitor.person, edition_id=edition_id, reason=form.text("reason"), now=visitor.now
        )

    return _done(request, visitor, edition_id, act, note="template_refused", form=form)


@router.post("/withdraw")
def withdraw(request: Request, edition_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take the own draft or proposal back."""

    def act() -> None:
        acts.withdraw_edition(visitor.database, visitor.person, edition_id=edition_id, now=visitor.now)

    return _done(request, visitor, edition_id, act, note="template_withdrawn", form=Posted({}))


@router.post("/retire")
def retire(
    request: Request, edition_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Let no further paper be drawn from it."""

    def act() -> None:
        acts.retire_edition(
            visitor.database, visitor.person, edition_id=edition_id, reason=form.text("reason"), now=visitor.now
        )

    return _done(request, visitor, edition_id, act, note="template_retired", form=form)

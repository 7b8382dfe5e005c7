"""申请内容: every application as it was handed in, and side by side only what changed since the reader's last look."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.version_page import note_version_seen, versions_page
from web.forms.posted import Posted, posted
from web.rendering import go, show
from web.versions_view import changes
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/cases/{number}/versions")
FIRST_LOOK = -1


@router.get("")
def versions(
    request: Request, number: str, since: int = FIRST_LOOK, to: int = 0, done: str = "",
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """What changed since the version the reader saw last, or between any two; `since` 0 shows one whole."""
    with visitor.reading() as work:
        page = versions_page(work, visitor.person, number)
    latest = page.versions[-1] if page.versions else None
    new = page.at(to) or latest
    if since == FIRST_LOOK:
        since = page.seen if new is not None and page.seen < new.number else 0
    old = page.at(since)
    sections = changes(page, old, new, visitor.lang) if new is not None else []
    return show(
        request,
        visitor,
        "cases/versions.html",
        page=page,
        old=old,
        new=new,
        latest=latest,
        sections=sections,
        done=done,
    )


@router.post("/seen")
def seen(number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """From now on show what changed after this version."""
    told = form.text("version")
    version = int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0
    visitor.write(lambda work: note_version_seen(work, visitor.person, number, version))
    return go(f"/cases/{number}/versions", note="version_seen")

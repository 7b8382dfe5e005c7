"""结果批量发布: prepared results, looked at with the eyes of whoever will read them, and made known at one moment."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from services.actors import Actor
from services.cases import releases
from services.cases.objections import publicity_of
from services.database.work import Work
from services.errors import NotFound, Refused, Stale
from web.cases_view import case_context
from web.errors import answer
from web.forms.posted import Posted, posted
from web.forms.wish import wish
from web.rendering import go, headed, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import label, say

router = APIRouter()


@router.get("/releases")
def batches(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Every batch, the latest first."""
    with visitor.reading() as work:
        found = releases.batches(work, visitor.person)
    return show(request, visitor, "releases/list.html", found=found)


@router.post("/cases/{number}/preparations/{trigger}")
def prepare(
    request: Request, number: str, trigger: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Put a decision among the results to be made known together; refused: the case again with what was typed."""
    try:
        command = wish(visitor, number, trigger, form)
        batch = releases.prepare(visitor.database, visitor.person, command, now=visitor.now)
    except Stale as stale:
        return answer(request, 412, refusal(stale, visitor), codes=stale.codes, link=f"/cases/{number}")
    except Refused as refused:
        context = case_context(visitor, number, refused=refusal(refused, visitor), trigger=trigger, posted=form)
        return show(request, visitor, "cases/page.html", status=refused.http_status, **context)
    return go(f"/releases/{batch}", note="prepared")


@router.get("/releases/{release_id}")
def batch(request: Request, release_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One batch: each result with what would leave, and by whose eyes it can be looked at."""
    return _shown(request, visitor, release_id, done=done)


def _shown(
    request: Request, visitor: Visitor, release_id: str, *, status: int = 200, problems: tuple[str, ...] = (),
    done: str = "",
) -> Response:  # fmt: skip
    found = releases.batch_page(visitor.database, visitor.person, batch=known_id(release_id), now=visitor.now)
    lines = [
        (one, _state(one, visitor.lang), refusal(one.refused, visitor) if one.refused else ()) for one in found.lines
    ]
    return show(
        request, visitor, "releases/page.html", status=status, batch=found, lines=lines, views=tuple(releases.VIEWS),
        problems=problems, done=done, ready=bool(lines) and not any(one.refused for one in found.lines),
    )  # fmt: skip


def _state(line: releases.Line, lang: str) -> str:
    return headed(label(line.becomes, lang)) if line.becomes else ""


@router.post("/releases/{release_id}/publication")
def publish(request: Request, release_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """发布: all at once; pressed again it goes on where it was cut off."""
    try:
        releases.release(visitor.database, visitor.person, batch=known_id(release_id), now=visitor.now)
    except Refused as refused:
        return _shown(request, visitor, release_id, status=refused.http_status, problems=refusal(refused, visitor))
    return go(f"/releases/{release_id}", note="published")


@router.post("/releases/lines/{line_id}/removal")
def remove(line_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take one result out again."""
    batch_id = releases.remove_line(visitor.database, visitor.person, line_id=known_id(line_id), now=visitor.now)
    return go(f"/releases/{batch_id}", note="unprepared")


@dataclass(frozen=True, slots=True)
class Looking(Visitor):
    """Somebody else's eyes on what is only being tried out: everything is read within the one unit of work."""

    trying: Work | None = None

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """The unit in which the result was tried out."""
        assert self.trying is not None
        yield self.trying


@router.get("/releases/lines/{line_id}/views/{view}")
def view(request: Request, line_id: str, view: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The page as the applicant, the street, a member of the panel or the public would see it after the release."""

    def look(work: Work, person: Actor | None, number: str) -> Response:
        known = {one.name: getattr(visitor, one.name) for one in fields(visitor)}
        eyes = Looking(**known | {"actor": person, "live": None, "trying": work})
        if person is None:
            try:
                one = publicity_of(work, number)
            except NotFound:
                return show(request, eyes, "releases/nothing.html")
            page = show(request, eyes, "objections/publicity.html", one=one, problems=(), form=Posted({}), lodged=False)
            return _only_looked_at(page, visitor.lang)
        return _only_looked_at(show(request, eyes, "cases/page.html", **case_context(eyes, number)), visitor.lang)

    return releases.look_as(
        visitor.database, visitor.person, line_id=known_id(line_id), view=view, look=look, now=visitor.now
    )


def _only_looked_at(page: Response, lang: str) -> Response:
    """The page with a line that says what it is and every button off: whoever looks would act as somebody else."""
    said = f'<p class="alert warned" role="status">{say("release.only_looked_at", lang)}</p>'
    text = bytes(page.body).decode().replace("<button", "<button disabled")
    return HTMLResponse(re.sub(r"(<main[^>]*>)", rf"\1{said}", text, count=1))

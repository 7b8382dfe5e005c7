"""The application as its applicant writes it: the list of its parts, one part a page, check, sign, hand in."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from documents.qr import qr_path
from services.applications.rules import privacy_notice
from services.cases import applying
from services.cases.application_page import ApplicationPage, application_page
from services.errors import Refused, Stale
from services.settings import settings
from web.errors import answer
from web.forms.posted import Posted, fresh_request_id, posted
from web.forms.sections import answers, faults, parts, typed
from web.rendering import go, refusal, show
from web.requests import request_key
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/applications/{number}")
MOST_ANSWERS = 100


@router.get("")
def contents(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The parts of the application: which are done, to do, or to be corrected."""
    return show(request, visitor, "applying/contents.html", page=_read(visitor, number), done=done)


@router.post("")
def begin(number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Begin the form of a draft that was opened without it."""
    applying.begin_form(visitor.database, visitor.person, number=number, now=visitor.now)
    return go(f"/applications/{number}")


def _read(visitor: Visitor, number: str) -> ApplicationPage:
    with visitor.reading() as work:
        return application_page(work, visitor.person, number)


@router.get("/sections/{section}")
def section(request: Request, number: str, section: str, visitor: Visitor = Depends(visiting)) -> Response:
    """One part of the form with what is kept in it."""
    return _section(request, visitor, _read(visitor, number), section)


def _section(
    request: Request, visitor: Visitor, page: ApplicationPage, section: str, *, status: int = 200, **more: Any
) -> Response:
    one = page.section(section)
    if section == "materials":
        return go(f"/applications/{page.number}/materials")
    if one.section.sensitive and not page.consented:
        return go(f"/applications/{page.number}/sections/consent", note="consent_first")
    shown: dict[str, Any] = {"faults": {}, "problems": (), "done": request.query_params.get("done", ""), **more}
    return show(
        request, visitor, "applying/section.html", status=status, page=page, one=one, notice=privacy_notice(),
        parts=parts(one.section, one.content, lang=visitor.lang), **shown,
    )  # fmt: skip


@router.post("/sections/{section}")
def save(
    request: Request, number: str, section: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep what was typed and go on; with something to put right: the page again, what was typed is kept anyway."""
    by_itself = bool(form.text("autosave"))
    one = _read(visitor, number).section(section)
    try:
        saved = applying.save_section(
            visitor.database, visitor.person, number=number, section=section, typed=typed(one.section, form),
            seen=form.whole("revision", ("修订", "revision")), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _not_saved(request, visitor, number, refused, by_itself=by_itself)
    if by_itself:
        return JSONResponse({"revision": saved.revision, "said": say("apply.saved_by_itself", visitor.lang)})
    if form.text("later"):
        return go(f"/applications/{number}", note="saved")
    page = _read(visitor, number)
    if saved.problems:
        said_of = faults(saved.problems, visitor.lang)
        return _section(request, visitor, page, section, status=422, faults=said_of, problems=tuple(said_of.items()))
    return go(_next(page, section))


def _next(page: ApplicationPage, section: str) -> str:
    """The next part that is not done; in a correction, and at the end, back to the list."""
    names = [one.section.name for one in page.sections]
    after = page.sections[names.index(section) + 1 :]
    following = next((one for one in after if not one.complete), None)
    if following is None or page.corrections:
        return f"/applications/{page.number}?done=saved"
    return f"/applications/{page.number}/sections/{following.section.name}"


def _not_saved(request: Request, visitor: Visitor, number: str, refused: Refused, *, by_itself: bool) -> Response:
    sentences = refusal(refused, visitor)
    if by_itself:
        return JSONResponse({"said": " ".join(sentences)}, status_code=refused.http_status)
    return answer(request, refused.http_status, sentences, codes=refused.codes, link=f"/applications/{number}")


@router.get("/check")
def check(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Everything on one page before it is signed and handed in."""
    return _check(request, visitor, number, done=done)


def _check(
    request: Request, visitor: Visitor, number: str, *, status: int = 200, refused: tuple[str, ...] = (),
    done: str = "", form: Posted | None = None,
) -> Response:  # fmt: skip
    page = _read(visitor, number)
    told = [(one, answers(one.section, one.content, visitor.lang) if one.revision else ()) for one in page.sections]
    return show(
        request, visitor, "applying/check.html", status=status, page=page, told=told, refused=refused, done=done,
        form_request_id=fresh_request_id(), notice=privacy_notice(),
        assisted_because=form.text("assisted_because") if form else "",
    )  # fmt: skip


@router.post("/sign-off")
def sign(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The leader signs exactly what is shown."""
    try:
        applying.sign_off(visitor.database, visitor.person, number=number, digest=form.text("digest"), now=visitor.now)
    except Refused as refused:
        return _check(request, visitor, number, status=refused.http_status, refused=refusal(refused, visitor))
    return go(f"/applications/{number}/check", note="signed")


@router.post("/hand-in")
def hand_in(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Submit, or hand the corrected application in again; refused: the page again with every reason."""
    try:
        applying.hand_in(
            visitor.database, visitor.person,
            applying.HandIn(
                number, form.version(), form.text("digest"), declared=bool(form.text("declared")),
                signs=bool(form.text("signs")), answers=form.all("answer")[:MOST_ANSWERS],
                signed_on_paper=bool(form.text("signed_on_paper")),
                assisted_because=form.text("assisted_because")[:200],
                request_id=request_key(visitor.person, form.text("request_id")),
            ),
            now=visitor.now,
        )  # fmt: skip
    except Stale as stale:
        return answer(request, 412, refusal(stale, visitor), codes=stale.codes, link=f"/applications/{number}/check")
    except Refused as refused:
        return _check(
            request, visitor, number, status=refused.http_status, refused=refusal(refused, visitor), form=form
        )
    return go(f"/applications/{number}/received")


@router.get("/received")
def received(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The confirmation: the number, what happens next and until when, and the way to ask how it stands."""
    page = _read(visitor, number)
    if page.submitted_on is None:
        return go(f"/applications/{number}")
    address = f"{settings().site.rstrip('/')}/progress?number={number}"
    return show(request, visitor, "applying/received.html", page=page, address=address, qr=qr_path(address))


@router.get("/corrections")
def corrections(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The one complete list of what to put right, each with the way to it and its answer beside."""
    page = _read(visitor, number)
    if not page.corrections:
        return go(f"/applications/{number}")
    return show(request, visitor, "applying/corrections.html", page=page, done=done, problems=())


@router.post("/corrections")
def answer_corrections(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the answers; then the application is checked, signed and handed in again."""
    given = [form.text(f"answer.{one}") for one in range(1, MOST_ANSWERS) if f"answer.{one}" in form.values]
    try:
        applying.save_answers(
            visitor.database, visitor.person, number=number, answers=given,
            seen=form.whole("revision", ("修订", "revision")), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return answer(
            request, refused.http_status, refusal(refused, visitor), codes=refused.codes,
            link=f"/applications/{number}/corrections",
        )  # fmt: skip
    if form.text("later"):
        return go(f"/applications/{number}/corrections", note="saved")
    return go(f"/applications/{number}/check")

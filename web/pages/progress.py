"""进度查询: how a case stands, by its number and a telephone of its organization, without signing in."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from services.cases.progress import Progress, note_wrong, progress_of, seconds_closed, seconds_to_wait
from services.database.work import Work
from statemachines.diagram import stepper_svg
from statemachines.registry import process_of
from web.forms.posted import Posted, posted
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()
LONGEST = 40


@router.get("/progress")
def ask(request: Request, number: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The form; the QR code of a confirmation brings the number along."""
    return show(
        request, visitor, "progress/page.html", number=number[:LONGEST], telephone="", asked=False, found=None, wait=0
    )


@router.post("/progress")
def look(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """How it stands; the same answer for a wrong number and a wrong telephone, and 429 for whoever asks too often."""
    number, telephone = form.text("number")[:LONGEST], form.text("telephone")[:LONGEST]
    address = request.client.host if request.client else ""
    found, wait = visitor.write(lambda work: _asked(work, number, telephone, address))
    stepper = Markup("")
    if found is not None:
        process = process_of(found.kind, found.edition)
        stepper = Markup(stepper_svg(process, current=found.state.name, path=found.path, lang=visitor.lang))
    page = show(
        request, visitor, "progress/page.html", status=429 if wait else 200 if found else 404, number=number,
        telephone=telephone, asked=True, found=found, wait=wait, minutes=-(-wait // 60), stepper=stepper,
    )  # fmt: skip
    if wait:
        page.headers["Retry-After"] = str(wait)
    return page


def _asked(work: Work, number: str, telephone: str, address: str) -> tuple[Progress | None, int]:
    wait = seconds_to_wait(work, address) or seconds_closed(work, number)
    if wait:
        return None, wait
    found = progress_of(work, number=number, telephone=telephone)
    if found is None:
        note_wrong(work, number)
    return found, 0

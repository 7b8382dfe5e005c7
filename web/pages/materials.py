"""Files for the materials of an application: handed in, taken back, and given out again as files, never as pages."""

import secrets

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.inspection import ACCEPTED
from services.applications.scanning import scanner_at
from services.cases import uploads
from services.cases.application_page import application_page
from services.errors import Refused, Unavailable
from services.settings import settings
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting
from web.wording import sentences

router = APIRouter()
TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp",
}  # fmt: skip


@router.get("/applications/{number}/materials")
def materials(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every required material with its file, and the way to hand one in."""
    return _page(request, visitor, number, done=done)


def _page(
    request: Request, visitor: Visitor, number: str, *, status: int = 200, material: str = "",
    refused: tuple[str, ...] = (), done: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        page = application_page(work, visitor.person, number)
    if page.begun and not page.consented:
        return go(f"/applications/{number}/sections/consent", note="consent_first")
    return show(
        request, visitor, "applying/materials.html", status=status, page=page, material=material, refused=refused,
        accepted=",".join(ACCEPTED), done=done,
    )  # fmt: skip


@router.post("/applications/{number}/materials")
def keep(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Look into the file and keep it; refused: the page again with the reason at the material."""
    material = form.text("material")
    try:
        given = form.needed_upload()
        uploads.keep_file(
            visitor.database, visitor.person, number=number, material=material,
            upload=given, scanner=scanner_at(settings().clamd), now=visitor.now,
        )  # fmt: skip
    except (Refused, Unavailable) as refused:
        said = sentences(refused, visitor.lang)
        return _page(request, visitor, number, status=refused.http_status, material=material, refused=said)
    return go(f"/applications/{number}/materials", note="file_kept")


@router.post("/applications/{number}/materials/removal")
def remove(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Take a file back."""
    material = form.text("material")
    try:
        uploads.remove_file(visitor.database, visitor.person, number=number, material=material, now=visitor.now)
    except Refused as refused:
        said = refusal(refused, visitor)
        return _page(request, visitor, number, status=refused.http_status, material=material, refused=said)
    return go(f"/applications/{number}/materials", note="file_removed")


@router.get("/material-files/{file_id}")
def give_out(file_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The file, to be saved and never shown by the browser; its name tells nothing about anybody."""
    with visitor.reading() as work:
        found = uploads.download(work, visitor.person, file_id)
    name = f"{secrets.token_hex(8)}.{found.line.extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    kind = TYPES.get(found.line.extension, "application/octet-stream")
    return Response(found.content, media_type=kind, headers=headers)

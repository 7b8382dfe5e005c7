"""Takes the file of a case along as one archive, through the door that asks for a reason and notes it."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse

from services.cases.case_file import CaseFile, case_file, stream
from services.database.work import Work
from services.errors import Refused
from services.exports.commands import Taking, let_out
from services.issuance.files import file_bytes
from web.forms.posted import Posted, posted
from web.leaving import Going, ask
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/cases")
LIST = "case_file"


@router.get("/{number}/file.zip")
def why(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the file of the case is taken along."""
    return ask(request, visitor, _going(visitor, number))


@router.post("/{number}/file.zip")
def take(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The archive, sent file by file; what is refused leaves nothing."""
    given = form.text("leave")

    def unit(work: Work) -> CaseFile:
        found = case_file(work, visitor.person, number)
        taking = Taking(LIST, form.text("reason"), {"case": found.number}, leave_id=known_id(given) if given else "")
        let_out(work, visitor.person, taking, count=max(1, len(found.entries)))
        return found

    try:
        found = visitor.write(unit)
    except Refused as error:
        if error.http_status == 404:
            raise
        return ask(request, visitor, _going(visitor, number), form=form, error=error)

    def read(digest: str) -> bytes:
        with visitor.reading() as work:
            return file_bytes(work, digest)

    name = quote(found.file)
    headers = {"Content-Disposition": f"attachment; filename=\"{found.number}.zip\"; filename*=UTF-8''{name}"}
    return StreamingResponse(stream(found, read), media_type="application/zip", headers=headers)


def _going(visitor: Visitor, number: str) -> Going:
    with visitor.reading() as work:
        found = case_file(work, visitor.person, number)
    path = f"/cases/{quote(found.number, safe='')}"
    return Going(LIST, max(1, len(found.entries)), f"{path}/file.zip", found.file, path, {"case": found.number})

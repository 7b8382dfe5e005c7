"""The public page on which anyone checks a paper by its code or by the file itself."""

import hashlib

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.database.work import Work
from services.errors import NotFound
from services.issuance.revoking import kept_list
from services.issuance.signatures import key_file
from services.issuance.verifying import Verification, by_file, note_look, parts_of, verification
from web.forms.posted import Posted, posted
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter()
LONGEST_CODE = 60
LONGEST_TEXT = 600


@router.get("/verify")
def ask(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form that asks for a code or a file."""
    return _answer(request, visitor, None, asked=False)


@router.get("/verify/keys.pem")
def keys(visitor: Visitor = Depends(visiting)) -> Response:
    """The public keys for checks without a network; NotFound where nobody signs."""
    with visitor.reading() as work:
        content = key_file(work)
    if not content:
        raise NotFound("access.not_found")
    return Response(content, media_type="application/x-pem-file")


@router.get("/verify/revocations.json")
def revocations(visitor: Visitor = Depends(visiting)) -> Response:
    """The signed revocation list; NotFound where nobody signs."""
    with visitor.reading() as work:
        found = kept_list(work)
    if found is None:
        raise NotFound("access.not_found")
    return Response(found.content, media_type="application/json")


@router.get("/verify/{code}")
def verify(request: Request, code: str, visitor: Visitor = Depends(visiting)) -> Response:
    """What may be known about the paper of that code: what is printed on it, and whether it still holds."""
    asked = code[:LONGEST_CODE]

    def look(work: Work) -> Verification | None:
        found = verification(work, asked)
        note_look(work, visitor.actor, found, by="code", address=visitor.origin.address)
        return found

    return _answer(request, visitor, visitor.write(look), code=asked)


@router.post("/verify")
def compare(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Look the typed code up, or compare the uploaded file's SHA-256 with what was issued; the file is not kept.

    A file that was issued for another paper than the code names is shown for what it is: with its own holder.
    """
    said = form.text("code")[:LONGEST_TEXT]
    if not form.file:
        return go("/verify/" + "-".join(part for part in parts_of(said) if part))
    digest = hashlib.sha256(form.file).hexdigest()

    def look(work: Work) -> tuple[Verification | None, str]:
        issued = by_file(work, digest)
        asked = verification(work, said) if parts_of(said)[0] else None
        note_look(work, visitor.actor, issued, by="file", address=visitor.origin.address)
        if issued is None:
            return asked, "differs" if asked else ""
        return issued, "same" if asked is None or asked.number == issued.number else "other"

    found, file = visitor.write(look)
    return _answer(request, visitor, found, code=said, file=file)


def _answer(
    request: Request,
    visitor: Visitor,
    found: Verification | None,
    *,
    code: str = "",
    file: str = "",
    asked: bool = True,
) -> Response:
    """file: "same", "differs" (from what was issued under the code) or "other" (issued, for another paper); or none."""
    with visitor.reading() as work:
        listed = kept_list(work)
    return show(
        request, visitor, "verify/page.html", status=404 if asked and found is None else 200, asked=asked, found=found,
        code=code, file=file, listed=listed,
    )  # fmt: skip

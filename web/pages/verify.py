"""The public page on which anyone checks a paper by its code or by the file itself."""

import hashlib

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.issuance.queries import by_file_hash, verification
from services.issuance.rules import clean_code
from web.forms.posted import Posted, posted
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter()
LONGEST_CODE = 40


@router.get("/verify")
def ask(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form that asks for a code or a file."""
    return show(request, visitor, "verify/page.html", asked=False, found=None, code="", same=None)


@router.get("/verify/{code}")
def verify(request: Request, code: str, visitor: Visitor = Depends(visiting)) -> Response:
    """What may be known about the paper of that code: what is printed on it, and whether it still holds."""
    with visitor.reading() as work:
        found = verification(work, code[:LONGEST_CODE])
    status = 200 if found else 404
    return show(
        request, visitor, "verify/page.html", status=status, asked=True, found=found, code=code[:LONGEST_CODE],
        same=None,
    )  # fmt: skip


@router.post("/verify")
def compare(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Look the typed code up, or compare the uploaded file's SHA-256 with what was issued; the file is not kept."""
    code = clean_code(form.text("code"))[:LONGEST_CODE]
    if not form.file:
        return go(f"/verify/{code}" if code else "/verify")
    digest = hashlib.sha256(form.file).hexdigest()
    with visitor.reading() as work:
        line = by_file_hash(work, digest)
        found = verification(work, line.verify_code if line else code)
    same = found is not None and found.file_sha256 == digest
    return show(
        request, visitor, "verify/page.html", status=200 if found else 404, asked=True, found=found, code=code,
        same=same,
    )  # fmt: skip

"""Reconciliation: a statement is tried out and taken over, what it shows is recorded, what differs is settled."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases import reconciling
from services.cases.reconciling import Imported, Recorded
from services.errors import Invalid, Refused
from services.issuance.files import file_bytes
from services.reconciliation.months import months
from services.reconciliation.queries import file_of, items_of, lines_of, open_items, statement, statements, to_record
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/reconciliation")
MOST_FAULTS = 200
CARRIED = 700_000
"""So many bytes of a file are carried through the preview; of a larger one the file is chosen once more."""


@router.get("")
def reconciliation(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What is open, what is still to be recorded, the statements and the months."""
    return _page(request, visitor, done=done)


def _page(
    request: Request, visitor: Visitor, *, done: str = "", error: Refused | None = None, form: Posted | None = None,
    recorded: Recorded | None = None, aim: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        context: dict[str, Any] = {
            "items": open_items(work), "waiting": to_record(work), "statements": statements(work),
            "months": months(work),
        }  # fmt: skip
    told = (
        [(number, said(code, visitor.lang)) for number, codes in recorded.refused for code in codes] if recorded else []
    )
    return show(
        request, visitor, "reconciliation/page.html", status=error.http_status if error else 200, done=done,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}), recorded=recorded, told=told,
        aim=aim, **context,
    )  # fmt: skip


@router.post("/import")
def trial(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Try the file out: what would match and what would be open, or which rows are wrong. Nothing is written."""
    try:
        tried = _import(visitor, form, form.file or b"", dry_run=True)
    except Refused as error:
        return _refused(request, visitor, error)
    content = form.file or b""
    carried = base64.b64encode(content).decode() if len(content) <= CARRIED else ""
    return _preview(request, visitor, tried=tried, carried=carried, file_name=form.file_name)


def _import(visitor: Visitor, form: Posted, content: bytes, *, dry_run: bool) -> Imported:
    return reconciling.import_statement(
        visitor.database, visitor.person, content=content, file_name=form.file_name or form.text("file_name"),
        now=visitor.now, dry_run=dry_run,
    )  # fmt: skip


@router.post("/import/confirmation")
def confirm(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Take the statement over; everything is looked at once more."""
    try:
        content = form.file or base64.b64decode(form.text("content"), validate=True)
        taken = _import(visitor, form, content, dry_run=False)
    except binascii.Error:
        return _refused(request, visitor, Invalid("reconciliation.not_readable"))
    except Refused as error:
        return _refused(request, visitor, error)
    return go(f"/reconciliation/statements/{taken.statement_id}", note="statement_imported")


def _refused(request: Request, visitor: Visitor, error: Refused) -> Response:
    found = tuple(reconciling.faults_of(error))
    faults = [(one.line, said(one.code, visitor.lang, **one.facts)) for one in found[:MOST_FAULTS]]
    return _preview(request, visitor, status=error.http_status, problems=refusal(error, visitor), faults=faults)


def _preview(request: Request, visitor: Visitor, *, status: int = 200, **context: Any) -> Response:
    blank: Mapping[str, Any] = {"tried": None, "carried": "", "file_name": "", "problems": (), "faults": ()}
    return show(request, visitor, "reconciliation/preview.html", status=status, **{**blank, **context})


@router.get("/statements/{statement_id}")
def one_statement(
    request: Request, statement_id: str, done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """A statement line by line, each with what it is and by what that is known."""
    with visitor.reading() as work:
        found, lines = statement(work, statement_id), lines_of(work, statement_id)
        items = items_of(work, statement_id)
    return show(
        request, visitor, "reconciliation/statement.html", one=found, lines=lines, items=items, done=done,
        form=Posted({}), aim="",
    )  # fmt: skip


@router.get("/statements/{statement_id}/file")
def original(statement_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The file as the bank wrote it."""
    with visitor.reading() as work:
        digest = file_of(work, statement_id)
        content = file_bytes(work, digest)
    headers = {"content-disposition": f"attachment; filename=statement-{digest[:8]}", "cache-control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post("/payments")
def record(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Record every payment that statements show, each as the payer's own move."""
    try:
        found = reconciling.record_payments(visitor.database, visitor.person, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error)
    if found.refused:
        return _page(request, visitor, recorded=found)
    return go("/reconciliation", note="payments_recorded")


@router.post("/items/{item_id}")
def settle(
    request: Request, item_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Take what differs for the payment, or say what it is."""
    accept = form.text("as") == "payment"
    try:
        reconciling.close_item(
            visitor.database, visitor.person, item_id=item_id, accept=accept, reason=form.text("reason"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, error=error, form=form, aim=item_id)
    return go("/reconciliation", note="item_settled")


@router.post("/months/preparation")
def prepare(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Put a month forward to be signed off."""
    return _month(request, form, visitor, reconciling.prepare_month, "month_prepared")


@router.post("/months/approval")
def approve(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Sign a month off."""
    return _month(request, form, visitor, reconciling.approve_month, "month_signed_off")


def _month(request: Request, form: Posted, visitor: Visitor, act: Any, note: str) -> Response:
    account, month = form.text("account"), form.text("month")
    try:
        act(visitor.database, visitor.person, account_id=account, month=month, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error)
    return go("/reconciliation", note=note)

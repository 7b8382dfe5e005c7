"""The money of one award: its budget beside what was spent, the receipts, the shifts, the reports."""

import secrets

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.inspection import ACCEPTED
from services.applications.scanning import scanner_at
from services.awards.spending import NewExpense
from services.cases import spending
from services.errors import Refused, Unavailable
from services.settings import settings
from web.forms.posted import Posted, posted
from web.pages.materials import TYPES
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, own_path, visiting

router = APIRouter()
AMOUNT, SPENT_ON = ("金额", "amount"), ("支出日期", "day of payment")
NUMBER = ("期次", "instalment")


@router.get("/awards/{number}/spending")
def page(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Plan against actual, every expense with its receipt, and the forms for who may enter or decide."""
    return _page(request, visitor, number, done=done)


def _page(
    request: Request, visitor: Visitor, number: str, *, done: str = "", error: Refused | Unavailable | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = spending.spending_of(work, visitor.person, number)
    return show(
        request, visitor, "awards/spending.html", status=error.http_status if error else 200, page=found, done=done,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}), accepted=",".join(ACCEPTED),
        tried=request.url.path if form else "",
    )  # fmt: skip


@router.post("/awards/{number}/expenses")
def enter(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Enter an expense of the own award with its receipt."""
    try:
        given = form.needed_upload()
        new = NewExpense(
            known_id(form.text("item")), form.day("spent_on", SPENT_ON), form.text("what"), form.fen("yuan", AMOUNT),
            form.text("invoice"), form.text("payee"), form.text("in_cash") == "yes",
        )  # fmt: skip
        spending.enter_expense(
            visitor.database, visitor.person, new, number=number, upload=given,
            scanner=scanner_at(settings().clamd), now=visitor.now,
        )  # fmt: skip
    except (Refused, Unavailable) as error:
        return _page(request, visitor, number, error=error, form=form)
    return go(f"/awards/{number}/spending", note="expense_entered")


@router.post("/expenses/{expense_id}/strike")
def strike(expense_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Strike an expense out with a reason; it stays to be read and counts no more."""
    spending.strike_expense(
        visitor.database, visitor.person, expense_id=known_id(expense_id), reason=form.text("reason"), now=visitor.now
    )
    return go(own_path(form.text("back", "/")), note="expense_struck")


@router.post("/awards/{number}/shifts")
def shift(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Shift money between two items of the own award; above the free share it waits for the manager."""
    try:
        standing = spending.shift_budget(
            visitor.database, visitor.person, number=number, from_item_id=known_id(form.text("from_item")),
            to_item_id=known_id(form.text("to_item")), amount_fen=form.fen("yuan", AMOUNT), reason=form.text("reason"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, number, error=error, form=form)
    return go(f"/awards/{number}/spending", note=f"shift_{standing}")


@router.post("/shifts/{shift_id}/decision")
def decide(shift_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Agree to a shift above the free share, or refuse it."""
    spending.decide_shift(
        visitor.database, visitor.person, shift_id=known_id(shift_id), agrees=form.text("answer") == "agree",
        answer=form.text("reason"), now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="shift_decided")


@router.post("/awards/{number}/reports")
def report(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Report what was spent after an instalment, so that the next one can be requested."""
    try:
        spending.report_expenses(
            visitor.database, visitor.person, number=number, instalment=form.whole("instalment", NUMBER),
            summary=form.text("summary"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, number, error=error, form=form)
    return go(f"/awards/{number}/spending", note="expenses_reported")


@router.get("/expenses/{expense_id}/receipt")
def receipt(expense_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The receipt, to be saved and never shown by the browser; its name tells nothing about anybody."""
    with visitor.reading() as work:
        extension, content = spending.receipt(work, visitor.person, known_id(expense_id))
    headers = {
        "Content-Disposition": f'attachment; filename="{secrets.token_hex(8)}.{extension}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=TYPES.get(extension, "application/octet-stream"), headers=headers)

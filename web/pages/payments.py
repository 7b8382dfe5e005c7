"""付款: what waits for the bank, batches and their files, what the bank's page said, unknown outcomes, and holds."""

from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases import paying, payment_lists
from services.cases.paying import Recorded, Result
from services.errors import Invalid, Refused
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter()
DAY = ("到账日期", "value date")


@router.get("/payments")
def payments(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What waits, the batches, what is unknown and what to do about it, what is held and why."""
    return _overview(request, visitor, done=done)


def _overview(
    request: Request, visitor: Visitor, *, status: int = 200, problems: tuple[str, ...] = (), done: str = "",
    chosen: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        person = visitor.person
        lists = {
            "waiting": payment_lists.waiting(work, person), "unknown": payment_lists.unknown(work, person),
            "held": payment_lists.held(work, person), "against": paying.contradictions(work, person),
            "batches": paying.batch_list(work, person),
        }  # fmt: skip
    return show(
        request, visitor, "payments/page.html", status=status, problems=problems, done=done, chosen=chosen, **lists
    )  # fmt: skip


@router.post("/payments/batches")
def make_batch(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Put the chosen payments into one batch."""
    chosen = form.all("reference")
    try:
        number = paying.make_batch(visitor.database, visitor.person, chosen, now=visitor.now)
    except Refused as error:
        said = refusal(error, visitor)
        return _overview(request, visitor, status=error.http_status, problems=said, chosen=chosen)
    return go(f"/payments/batches/{number}", note="batch_made")


@router.get("/payments/batches/{number}")
def batch(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """One batch: its payments with their outcomes, and what may be done with it."""
    return _batch(request, visitor, number, done=done)


def _batch(
    request: Request, visitor: Visitor, number: str, *, status: int = 200, problems: tuple[str, ...] = (),
    done: str = "", form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        page = paying.batch_page(work, visitor.person, number)
    may_release = bool(scopes(visitor.person, paying.RELEASE)) and page.batch.made_by != visitor.person.id
    return show(
        request, visitor, "payments/batch.html", status=status, page=page, batch=page.batch, problems=problems,
        done=done, form=form or Posted({}), may_release=may_release,
    )  # fmt: skip


@router.post("/payments/batches/{number}/release")
def release(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Let the batch go to the bank."""
    try:
        paying.release_batch(visitor.database, visitor.person, number, now=visitor.now)
    except Refused as error:
        return _batch(request, visitor, number, status=error.http_status, problems=refusal(error, visitor))
    return go(f"/payments/batches/{number}", note="batch_released")


@router.post("/payments/batches/{number}/drop")
def drop(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take the batch apart; its payments wait again."""
    try:
        paying.drop_batch(visitor.database, visitor.person, number, now=visitor.now)
    except Refused as error:
        return _batch(request, visitor, number, status=error.http_status, problems=refusal(error, visitor))
    return go("/payments", note="batch_dropped")


@router.post("/payments/batches/{number}/file")
def fetch(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The file for the bank's page; a second time only with a reason."""
    try:
        found = paying.fetch_file(visitor.database, visitor.person, number, reason=form.text("reason"), now=visitor.now)
    except Refused as error:
        return _batch(request, visitor, number, status=error.http_status, problems=refusal(error, visitor))
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}", "Cache-Control": "no-store"}
    return Response(found.content, media_type=found.media_type, headers=named)


@router.post("/payments/batches/{number}/results")
def results(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Record what the bank's page says of each payment; what was refused is shown with its reason."""
    try:
        told = tuple(_result(form, reference) for reference in form.all("told") if form.text(f"{reference}.outcome"))
        found = paying.record_results(visitor.database, visitor.person, told, now=visitor.now)
    except Refused as error:
        said = refusal(error, visitor)
        return _batch(request, visitor, number, status=error.http_status, problems=said, form=form)
    if wrong := _told(found, visitor):
        return _batch(request, visitor, number, status=409, problems=wrong, form=form)
    return go(f"/payments/batches/{number}", note="results_recorded")


def _result(form: Posted, reference: str) -> Result:
    outcome = form.text(f"{reference}.outcome")
    if outcome not in paying.TRIGGERS:
        raise Invalid("input.not_a_choice", field="outcome", label="结果", label_en="outcome")
    return Result(
        reference, outcome, form.text(f"{reference}.serial"), form.optional_day(f"{reference}.day", DAY),
        form.text(f"{reference}.reason"),
    )  # fmt: skip


def _told(found: tuple[Recorded, ...], visitor: Visitor) -> tuple[str, ...]:
    refused = ((one.reference, one.refused) for one in found if one.refused is not None)
    return tuple(f"{reference} {said}" for reference, error in refused for said in refusal(error, visitor))

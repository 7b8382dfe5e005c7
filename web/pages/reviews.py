"""复核: an organization asks for a review of a decision, and the members of the panel vote by name."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.reviewing import Request as Complaint
from services.cases.reviewing import cast_ballot, decision_to_review, lodge_review
from services.errors import Refused
from web.cases_view import case_context
from web.forms.posted import Posted, fresh_request_id, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/cases/{number}")


@router.get("/reviews/new")
def new(request: Request, number: str, decision: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The decision with its days, and what to write."""
    return _page(request, visitor, number, decision, Posted({}))


@router.post("/reviews")
def lodge(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Hand the request in; refused: the page again with what was typed."""
    sequence = form.text("decision")
    wish = Complaint(
        form.text("grounds"), form.text("wish"), form.text("late_because"), form.text("request_id")[:64]
    )  # fmt: skip
    try:
        found = lodge_review(
            visitor.database, visitor.person, wish, number=number, sequence=_number(sequence), now=visitor.now
        )
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, number, sequence, form, problems=problems, status=refused.http_status)
    return go(f"/cases/{found.case_number}", note="review_lodged")


@router.post("/ballots")
def vote(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Vote by name; refused: the page of the case with the sentences, and what was typed."""
    try:
        cast_ballot(
            visitor.database, visitor.person, number=number, result=form.text("result"), reason=form.text("reason"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        context = case_context(visitor, number, refused=refusal(refused, visitor)) | {"ballot": form}
        return show(request, visitor, "cases/page.html", status=refused.http_status, **context)
    return go(f"/cases/{number}", note="voted")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _page(
    request: Request, visitor: Visitor, number: str, sequence: str, form: Posted, *, problems: tuple[str, ...] = (),
    status: int = 200,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        decision = decision_to_review(work, visitor.person, number, _number(sequence))
    return show(
        request, visitor, "cases/review_new.html", status=status, number=number, decision=decision, form=form,
        problems=problems, form_request_id=fresh_request_id(),
    )  # fmt: skip

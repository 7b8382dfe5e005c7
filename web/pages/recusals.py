"""回避: petitions of the applicant, rulings of the office, and sheets voided for a conflict found later."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.late_conflicts import VOID, void_sheet
from services.cases.recusals import RecusalPage, lodge_petition, recusal_page, rule_on_petition
from services.errors import NotFound, Refused
from services.evaluators.rules import KINDS
from services.people.queries import people_holding
from statemachines.roles import Role
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/cases/{number}/recusal")
def page(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Until when one may ask, against whom, what was asked and ruled; for the office also what was voided."""
    return _page(request, visitor, number, done=done)


def _page(
    request: Request, visitor: Visitor, number: str, *, done: str = "", form: Posted | None = None,
    error: Refused | NotFound | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found: RecusalPage = recusal_page(work, visitor.person, number)
        evaluators = people_holding(work, Role.EVALUATOR) if found.may_rule else ()
    return show(
        request, visitor, "evaluators/recusal.html", status=error.http_status if error else 200, page=found, done=done,
        refused=refusal(error, visitor) if error else (), typed=form or Posted({}), evaluators=evaluators, kinds=KINDS,
        usernames={one.id: one.username for one in evaluators}, may_void=bool(scopes(visitor.person, VOID)),
    )  # fmt: skip


@router.post("/cases/{number}/recusal")
def petition(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Ask that an evaluator step aside."""
    try:
        lodge_petition(
            visitor.database, visitor.person, number=number, seat_id=known_id(form.text("seat")),
            grounds=form.text("grounds"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, number, form=form, error=error)
    return go(f"/cases/{number}/recusal", note="petitioned")


@router.post("/petitions/{petition_id}/ruling")
def rule(
    request: Request, petition_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Rule on a petition with reasons; granted, somebody else is seated."""
    number, granted = form.text("number"), form.text("ruling") == "granted"
    try:
        rule_on_petition(
            visitor.database, visitor.person, petition_id=known_id(petition_id), granted=granted,
            reason=form.text("reason"), coming=form.text("coming"), by_hand=form.text("by_hand"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, number, form=form, error=error)
    return go(f"/cases/{number}/recusal", note="petition_ruled")


@router.post("/assessments/{assessment_id}/void")
def void(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Void a locked sheet for a conflict found later, with evidence, and run the round again."""
    number = form.text("number")
    try:
        void_sheet(
            visitor.database, visitor.person, assessment_id=assessment_id, evaluator=form.text("evaluator"),
            ground=form.text("ground"), evidence=form.text("evidence"), coming=form.text("coming"),
            by_hand=form.text("by_hand"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, number, form=form, error=error)
    return go(f"/cases/{number}/recusal", note="sheet_voided")

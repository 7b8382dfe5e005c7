"""Taking back a version of the rules before its day, by two people."""

from fastapi import APIRouter, Depends

from services.rulesets import withdrawing
from web.api.rule_sets import Refusal
from web.interface.shapes import Identified, Identity
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/rule-sets/{rule_set_id}/withdrawal", tags=["rule-sets"])


@router.post("", status_code=201, summary="Ask to take a version back")
def ask(rule_set_id: Identity, body: Refusal, visitor: Visitor = Depends(visiting)) -> Identified:
    """Before its day; somebody else must confirm it."""
    identity = withdrawing.ask_withdrawal(
        visitor.database, visitor.person, rule_set_id=rule_set_id, reason=body.reason, now=visitor.now
    )
    return Identified(id=identity)


@router.post("/confirm", status_code=204, summary="Take a version back")
def confirm(rule_set_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """As somebody else asked; from then on it counts on no day."""
    withdrawing.confirm_withdrawal(visitor.database, visitor.person, rule_set_id=rule_set_id, now=visitor.now)


@router.post("/refuse", status_code=204, summary="Let a version stand")
def refuse(rule_set_id: Identity, body: Refusal, visitor: Visitor = Depends(visiting)) -> None:
    """Somebody asked to take it back; with the reason why not."""
    withdrawing.refuse_withdrawal(
        visitor.database, visitor.person, rule_set_id=rule_set_id, reason=body.reason, now=visitor.now
    )

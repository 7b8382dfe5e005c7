"""Rule sets: the versions, and a new one proposed by one person and decided by another."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from services.rulesets import acts
from services.rulesets.queries import proposals, versions
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["rule-sets"], route_class=RepeatableRoute)
Typed = Annotated[str, Field(max_length=2000), Clean]


class Version(Reply):
    """One version: from when it counts, on what it rests, and its numbers."""

    id: str
    valid_from: date
    source: str
    standing: str
    numbers: dict[str, Any]
    proposed_by: str
    approved_by: str
    withdrawal: str | None = Field(description="waiting, done or refused, where somebody asked to take it back")


class Proposal(Reply):
    """One proposal and what became of it."""

    id: str
    valid_from: date
    source: str
    standing: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


class RuleSets(Reply):
    """Every version, the latest first, and the latest proposals."""

    versions: list[Version]
    proposals: list[Proposal]


class NewVersion(Body):
    """What changes against the latest version, as it would be typed on the page; the rest stays."""

    given: Annotated[dict[Annotated[str, Field(max_length=60), Clean], Typed], Field(max_length=90)]
    valid_from: Day
    source: Annotated[str, Field(min_length=1, max_length=200), Clean]


class Refusal(Body):
    """Why a proposal is turned down."""

    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


@router.get("/rule-sets", summary="The versions of the rules")
def rule_sets(visitor: Visitor = Depends(visiting)) -> RuleSets:
    """With the proposals for new ones."""
    with visitor.reading() as work:
        found, proposed = versions(work), proposals(work)
    return RuleSets(
        versions=[
            Version(id=one.id, valid_from=one.valid_from, source=one.source, standing=one.standing,
                    numbers=dict(one.numbers), proposed_by=one.proposed_by, approved_by=one.approved_by,
                    withdrawal=one.withdrawal.standing if one.withdrawal else None)
            for one in found
        ],
        proposals=[
            Proposal(id=one.id, valid_from=one.valid_from, source=one.source, standing=one.standing,
                     proposed_by=one.proposed_by, proposed_at=one.proposed_at, decided_by=one.decided_by,
                     decided_at=one.decided_at, reason=one.reason)
            for one in proposed
        ],
    )  # fmt: skip


@router.post("/rule-sets", status_code=201, summary="Propose a version", dependencies=[repeatable])
def propose(body: NewVersion, visitor: Visitor = Depends(visiting)) -> Identified:
    """Somebody else must approve it."""
    identity = acts.propose_rule_set(
        visitor.database, visitor.person, given=dict(body.given), valid_from=body.valid_from, source=body.source,
        now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.post("/rule-sets/proposals/{proposal_id}/approve", summary="Approve a proposal")
def approve(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> Identified:
    """Never the own one; answers the id of the new version."""
    identity = acts.approve_rule_set(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)
    return Identified(id=identity)


@router.post("/rule-sets/proposals/{proposal_id}/refuse", status_code=204, summary="Turn a proposal down")
def refuse(proposal_id: Identity, body: Refusal, visitor: Visitor = Depends(visiting)) -> None:
    """With the reason."""
    acts.refuse_rule_set(visitor.database, visitor.person, proposal_id=proposal_id, reason=body.reason, now=visitor.now)


@router.post("/rule-sets/proposals/{proposal_id}/withdraw", status_code=204, summary="Take a proposal back")
def withdraw(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """The own one."""
    acts.withdraw_rule_set(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)

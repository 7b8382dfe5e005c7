"""The budget by programs: programmes, proposals about lines and ceilings, and the second person's decision."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.funding import acts, budgeting
from services.funding.budgeting import Adjustment, NewBudgetLine, NewCeiling
from services.funding.queries import proposals
from services.reports.budget import Execution, execution, lottery_notice, whole
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/budget", tags=["budget"], route_class=RepeatableRoute)
Fen = Annotated[int, Field(gt=0, le=10**13)]
Short = Annotated[str, Field(min_length=1, max_length=80), Clean]
Office = Annotated[str, Field(min_length=1, max_length=60), Clean]
Ground = Annotated[str, Field(min_length=1, max_length=400), Clean]
Year = Annotated[int, Field(ge=2000, le=2099)]
SourceName = Literal[
    "county_budget", "street_budget", "welfare_lottery", "donation", "self_raised", "higher_level_transfer"
]


class NewProgram(Body):
    """A programme of one year."""

    name: Short
    year: Year
    funding_type: Literal["purchase", "project_grant", "activity_subsidy"]


class NewLine(Body):
    """Money of one source on a line; its appropriation is booked when a second person approves it."""

    program_id: Identity
    source: SourceName
    office: Office
    amount_fen: Fen
    purpose: Annotated[str, Field(max_length=20), Clean] = ""


class LineAdjustment(Body):
    """By how much an approved line is to be raised or lowered, and why."""

    budget_line_id: Identity
    direction: Literal["increase", "decrease"]
    amount_fen: Fen
    reason: Ground


class LineClosing(Body):
    """A line whose year is over, and why it is closed."""

    budget_line_id: Identity
    reason: Ground


class CeilingWanted(Body):
    """The most that may be promised of a programme, in a year, or by an office of one source; no limit lifts it."""

    ceiling: Literal["programme", "year", "office"]
    reason: Ground
    limit_fen: Fen | None = None
    program_id: Identity | None = None
    year: Year | None = None
    source: SourceName | None = None
    office: Annotated[str, Field(max_length=60), Clean] = ""


class NoticePublished(Body):
    """Where and when the notice of a year's lottery money was published."""

    year: Year
    place: Annotated[str, Field(min_length=1, max_length=200), Clean]
    on: Day


class ExecutionGroup(Reply):
    """A group of budget lines and what they came to, in fen; the rate in hundredths of a percent."""

    key: str
    appropriated_fen: int
    available_fen: int
    committed_fen: int
    payable_fen: int
    paid_fen: int
    returned_fen: int
    net_paid_fen: int
    rate_hundredths: int


class ExecutionGroups(Reply):
    """Budget execution of a year, and all of it together."""

    year: int
    groups: list[ExecutionGroup]
    total: ExecutionGroup


class NoticeItem(Reply):
    """One award of lottery money, in fen."""

    purpose: str
    program: str
    organization: str
    project: str
    state: str
    promised_fen: int
    net_paid_fen: int


class LotteryNotice(Reply):
    """What is told the public of a year's lottery money."""

    year: int
    whole: ExecutionGroup
    items: list[NoticeItem]
    published_on: date | None
    place: str


class BudgetReason(Body):
    """Why a proposal is refused or taken back."""

    reason: Ground


class BudgetProposal(Reply):
    """A proposal that waits for a second person; amounts in fen."""

    id: str
    act: str
    program: str
    year: int | None
    source: str
    office: str
    purpose: str
    ceiling: str
    amount_fen: int | None
    reason: str
    proposed_by: str
    proposed_at: datetime


class BudgetProposals(Reply):
    """What waits, the oldest first."""

    proposals: list[BudgetProposal]


@router.post("/programs", status_code=201, summary="Open a programme", dependencies=[repeatable])
def program(body: NewProgram, visitor: Visitor = Depends(visiting)) -> Identified:
    """Of one year; its lines are proposed under it."""
    identity = acts.open_program(
        visitor.database, visitor.person, name=body.name, year=body.year, funding_type=body.funding_type,
        now=visitor.now,
    )  # fmt: skip
    return Identified(id=identity)


@router.post("/lines", status_code=201, summary="Propose a budget line", dependencies=[repeatable])
def line(body: NewLine, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; refused for a second line of the same source, purpose and office."""
    new = NewBudgetLine(body.program_id, body.source, body.office, body.amount_fen, body.purpose)
    return Identified(id=budgeting.propose_line(visitor.database, visitor.person, new, now=visitor.now))


@router.post("/adjustments", status_code=201, summary="Propose to adjust a line", dependencies=[repeatable])
def adjustment(body: LineAdjustment, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; never below what is used of the line."""
    wanted = Adjustment(body.budget_line_id, body.direction, body.amount_fen, body.reason)
    return Identified(id=budgeting.propose_adjustment(visitor.database, visitor.person, wanted, now=visitor.now))


@router.post("/closings", status_code=201, summary="Propose to close a line", dependencies=[repeatable])
def closing(body: LineClosing, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; refused while the year of the line is running."""
    identity = budgeting.propose_closing(
        visitor.database, visitor.person, budget_line_id=body.budget_line_id, reason=body.reason, now=visitor.now
    )
    return Identified(id=identity)


@router.post("/ceilings", status_code=201, summary="Propose a ceiling", dependencies=[repeatable])
def ceiling(body: CeilingWanted, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the proposal; a ceiling is never set below what is used."""
    new = NewCeiling(
        body.ceiling, body.reason, body.limit_fen, body.program_id, body.year, body.source or "", body.office
    )
    return Identified(id=budgeting.propose_ceiling(visitor.database, visitor.person, new, now=visitor.now))


@router.get("/proposals", summary="Proposals about the budget")
def waiting(visitor: Visitor = Depends(visiting)) -> BudgetProposals:
    """Those that wait for a second person."""
    with visitor.reading() as work:
        found = proposals(work, waiting=True)
    return BudgetProposals(
        proposals=[
            BudgetProposal(
                id=one.id, act=one.act, program=one.program, year=one.year, source=one.source, office=one.office,
                purpose=one.purpose, ceiling=one.ceiling, amount_fen=one.amount_fen, reason=one.reason,
                proposed_by=one.proposed_by, proposed_at=one.proposed_at,
            )
            for one in found
        ]
    )  # fmt: skip


@router.post(
    "/proposals/{proposal_id}/approve", status_code=201, summary="Approve a proposal", dependencies=[repeatable]
)
def approve(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> Identified:
    """By somebody else than who proposed it; answers the budget line, or the proposal for a ceiling."""
    done = budgeting.approve(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)
    return Identified(id=done)


@router.post("/proposals/{proposal_id}/refuse", status_code=204, summary="Refuse a proposal")
def refuse(proposal_id: Identity, body: BudgetReason, visitor: Visitor = Depends(visiting)) -> None:
    """With the reason; whoever proposed it may take it back so too."""
    budgeting.refuse(visitor.database, visitor.person, proposal_id=proposal_id, reason=body.reason, now=visitor.now)


def _group(one: Execution) -> ExecutionGroup:
    return ExecutionGroup(
        key=one.key, appropriated_fen=one.appropriated, available_fen=one.available, committed_fen=one.committed,
        payable_fen=one.payable, paid_fen=one.paid, returned_fen=one.returned, net_paid_fen=one.net_paid,
        rate_hundredths=one.rate_hundredths,
    )  # fmt: skip


@router.get("/execution", summary="Budget execution of a year")
def of_year(
    year: Annotated[int, Query(ge=2000, le=2099)], by: Literal["source", "office", "program"] = "source",
    visitor: Visitor = Depends(visiting),
) -> ExecutionGroups:  # fmt: skip
    """By source, office or programme."""
    with visitor.reading() as work:
        groups = execution(work, year=year, by=by)
    return ExecutionGroups(year=year, groups=[_group(one) for one in groups], total=_group(whole(groups)))


@router.get("/lottery-notice", summary="Notice of lottery money")
def notice(year: Annotated[int, Query(ge=2000, le=2099)], visitor: Visitor = Depends(visiting)) -> LotteryNotice:
    """Reckoned anew from the book; organizations and sums, no personal data."""
    with visitor.reading() as work:
        found = lottery_notice(work, year=year)
    items = [
        NoticeItem(
            purpose=of.purpose, program=one.program, organization=one.organization, project=one.project,
            state=one.state_zh, promised_fen=one.promised, net_paid_fen=one.net_paid,
        )
        for of in found.purposes
        for one in of.awards
    ]  # fmt: skip
    return LotteryNotice(
        year=year, whole=_group(found.whole), items=items, published_on=found.published_on, place=found.place
    )


@router.post("/lottery-notice", status_code=204, summary="Record the notice of lottery money")
def publish(body: NoticePublished, visitor: Visitor = Depends(visiting)) -> None:
    """Once a year, after its end."""
    acts.publish_notice(visitor.database, visitor.person, year=body.year, place=body.place, on=body.on, now=visitor.now)

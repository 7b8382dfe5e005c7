"""The finance desk for programs: what of the public money waits for whom, what is held, the year by source."""

from datetime import date, datetime

from fastapi import APIRouter, Depends

from services.cases.finance import finance_desk
from web.interface.shapes import Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["money"])


class MoneyWaiting(Reply):
    """One case of money that waits for an office, in fen."""

    case: str
    organization: str
    project: str
    amount_fen: int
    since: datetime
    due_on: date | None


class MoneyStep(Reply):
    """The cases in one state, the oldest first; `own` says that they wait for this person's roles."""

    kind: str
    state: str
    own: bool
    total_fen: int
    cases: list[MoneyWaiting]


class MoneyHeld(Reply):
    """A payment that is held, and why."""

    case: str
    organization: str
    amount_fen: int
    since: date
    reason: str


class SourceTotal(Reply):
    """One source in the year, in fen."""

    source: str
    appropriated_fen: int
    committed_fen: int
    payable_fen: int
    net_paid_fen: int
    available_fen: int


class FinanceDesk(Reply):
    """Own steps first."""

    year: int
    steps: list[MoneyStep]
    held: list[MoneyHeld]
    sources: list[SourceTotal]


@router.get("/finance-desk", summary="The finance desk")
def desk(visitor: Visitor = Depends(visiting)) -> FinanceDesk:
    """What waits, what is held, and the totals of the year."""
    with visitor.reading() as work:
        found = finance_desk(work, visitor.person)
    steps = [
        MoneyStep(
            kind=one.kind, state=one.state.name, own=one.own, total_fen=one.total_fen,
            cases=[
                MoneyWaiting(
                    case=line.number, organization=line.organization, project=line.project, amount_fen=line.amount_fen,
                    since=line.since, due_on=line.due_on,
                )
                for line in one.lines
            ],
        )
        for one in found.steps
    ]  # fmt: skip
    held = [
        MoneyHeld(
            case=one.number, organization=one.organization, amount_fen=one.amount_fen, since=one.since,
            reason=one.reason,
        )
        for one in found.held
    ]  # fmt: skip
    sources = [
        SourceTotal(
            source=one.source, appropriated_fen=one.appropriated, committed_fen=one.committed, payable_fen=one.payable,
            net_paid_fen=one.net_paid, available_fen=one.available,
        )
        for one in found.sources
    ]  # fmt: skip
    return FinanceDesk(year=found.year, steps=steps, held=held, sources=sources)

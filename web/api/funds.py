"""Public money outside of a case: programmes, budget lines, awards asked for, money that came back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.cases.awarding import candidate, payee_choices
from services.cases.commands import open_award
from services.cases.opening import NewAward
from services.cases.recovering import find_recovery
from services.errors import NotFound
from services.funding import acts
from services.funding.acts import MoneyBack
from services.funding.queries import open_lines, programs
from services.organizations.acts import NewCentre, add_centre
from web.interface.case_shapes import Opened
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity
from web.interface.versions import tag
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["funds"], route_class=RepeatableRoute)
Fen = Annotated[int, Field(gt=0, le=10**13)]
Short = Annotated[str, Field(min_length=1, max_length=80), Clean]
Purpose = Annotated[str, Field(max_length=20), Clean]
Code = Annotated[str, Field(pattern=r"^[0-9]{6,12}$")]


class AskedItem(Body):
    """One item of a budget."""

    name: Annotated[str, Field(min_length=1, max_length=60), Clean]
    amount_fen: Fen


class AwardAsked(Body):
    """What an organization asks money for, beside which incubation, within which call, paid how, spent on what."""

    incubation_case_id: Identity
    budget_line_id: Identity
    project: Short
    requested_fen: Fen
    account_id: Identity | None = None
    purpose: Purpose = ""
    call_id: Identity | None = None
    plan: Annotated[list[Annotated[int, Field(ge=1, le=100)]], Field(max_length=6)] = []
    budget: Annotated[list[AskedItem], Field(max_length=100)] = []
    starts_on: Day | None = None
    ends_on: Day | None = None


class Back(Body):
    """Money that came back, as the bank's slip says."""

    amount_fen: Fen
    bank_serial: Annotated[str, Field(min_length=1, max_length=60), Clean]
    received_on: Day


class Refund(Back):
    """Unspent money of an award."""

    award_id: Identity


class Finding(Body):
    """That money of an award may be owed back, and why."""

    award: Annotated[str, Field(min_length=1, max_length=40), Clean]
    cause: Literal["misuse", "expulsion", "withdrawal", "unspent", "failed_acceptance"]


class CentreEntry(Body):
    """A centre: what its numbers begin with, its places, whom to ask."""

    name: Short
    number_prefix: Annotated[str, Field(min_length=1, max_length=20), Clean]
    bureau_prefix: Annotated[str, Field(min_length=1, max_length=20), Clean]
    case_prefix: Annotated[str, Field(min_length=1, max_length=12), Clean]
    division_code: Code
    places: Annotated[int, Field(ge=0, le=10_000)]
    contact: Annotated[str, Field(min_length=1, max_length=60), Clean]
    phone: Annotated[str, Field(min_length=1, max_length=30), Clean]


@router.post("/awards", status_code=201, summary="Ask for an award", dependencies=[repeatable])
def ask(body: AwardAsked, response: Response, visitor: Visitor = Depends(visiting)) -> Opened:
    """Opens its draft; every further step is a move of that case."""
    opened = open_award(visitor.database, visitor.person, _new_award(body, visitor), now=visitor.now)
    response.headers["Location"] = f"/api/v1/cases/{opened.number}"
    response.headers["ETag"] = tag(opened.version)
    return Opened(id=opened.id, number=opened.number, kind=opened.kind, state=opened.state, version=opened.version)


def _new_award(body: AwardAsked, visitor: Visitor) -> NewAward:
    """NotFound for a case, a line or an account this person could not choose on the page."""
    with visitor.reading() as work:
        beside = candidate(work, visitor.person, body.incubation_case_id)
        payees = {one.id for one in payee_choices(work, [beside.organization_id])}
        lines = {one.id: (one.program, one.year) for one in open_lines(work)}
        of_name = {(name, year): identity for identity, name, year, _ in programs(work)}
    if body.budget_line_id not in lines or (body.account_id is not None and body.account_id not in payees):
        raise NotFound("access.not_found")
    return NewAward(
        organization_id=beside.organization_id, centre_id=beside.centre_id, budget_line_id=body.budget_line_id,
        program_id=of_name[lines[body.budget_line_id]], project=body.project, requested_fen=body.requested_fen,
        account_id=body.account_id, incubation_case_id=beside.case_id, purpose=body.purpose,
        call_id=body.call_id or "", plan=tuple(body.plan),
        budget=tuple((one.name, one.amount_fen) for one in body.budget), starts_on=body.starts_on, ends_on=body.ends_on,
    )  # fmt: skip


@router.post("/money/refunds", status_code=201, summary="Record a refund", dependencies=[repeatable])
def refund(body: Refund, visitor: Visitor = Depends(visiting)) -> Identified:
    """Answers the voucher; refused for more than was paid and for a serial that was booked before."""
    back = MoneyBack(body.amount_fen, body.bank_serial, body.received_on)
    voucher = acts.record_refund(visitor.database, visitor.person, back, award_id=body.award_id, now=visitor.now)
    return Identified(id=voucher)


@router.post("/money/recoveries", status_code=201, summary="Enter a finding", dependencies=[repeatable])
def find(body: Finding, response: Response, visitor: Visitor = Depends(visiting)) -> Opened:
    """Opens a recovery on the award of that number; notice, decision and repayments are moves of that case."""
    opened = find_recovery(visitor.database, visitor.person, award_number=body.award, cause=body.cause, now=visitor.now)
    response.headers["Location"] = f"/api/v1/cases/{opened.number}"
    response.headers["ETag"] = tag(opened.version)
    return Opened(id=opened.id, number=opened.number, kind=opened.kind, state=opened.state, version=opened.version)


@router.post("/centres", status_code=201, summary="Add a centre", dependencies=[repeatable])
def centre(body: CentreEntry, visitor: Visitor = Depends(visiting)) -> Identified:
    """The shipped rule set is put in force when there is none."""
    return Identified(id=add_centre(visitor.database, visitor.person, NewCentre(**body.model_dump()), now=visitor.now))

"""Donations and open resources: what is open, posting an offer, what became of an own gift, who could receive one."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field

from services.cases.advance import AdvanceCase
from services.cases.commands import advance_case
from services.cases.donating import (
    GiftLine,
    GiftPage,
    candidates,
    gift_budgets,
    gift_page,
    gifts,
    offer_for,
    open_offers,
    own_paper,
    post_offer,
)
from services.donations.commands import NewOffer
from services.issuance.commands import note_received
from services.issuance.queries import document_bytes
from web.api.documents import PDF
from web.errors import answer
from web.interface.describing import also
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Details, Identity, Number, Reply
from web.interface.versions import tag, version_in
from web.requests import request_key
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["offers"], route_class=RepeatableRoute)
Kind = Literal["money", "goods", "venue_hours", "volunteers", "equipment_loan"]
Line = Annotated[str, Field(max_length=200), Clean]


class Offering(Body):
    """What somebody offers; the value in fen. Without `unit_name` the donor is a natural person."""

    centre_id: Identity
    kind: Kind
    title: Annotated[str, Field(min_length=1, max_length=60), Clean]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    unit: Annotated[str, Field(max_length=10), Clean] = ""
    value_fen: Annotated[int, Field(ge=1, le=10**12)] | None = None
    proof: Line = ""
    purpose: Annotated[str, Field(min_length=1, max_length=200), Clean]
    description: Annotated[str, Field(max_length=1000), Clean] = ""
    open_until: Day
    unit_name: Annotated[str, Field(max_length=60), Clean] = ""
    anonymous: bool = False
    wished_id: Identity | None = None


class GiftStep(Body):
    """What is said with a move of an own gift."""

    details: Details = {}


class OpenOffer(Reply):
    """An offer as anybody may see it; nothing about a person."""

    number: str
    kind: str
    title: str
    quantity: int
    unit: str
    value_fen: int | None
    purpose: str
    description: str
    donor: str
    open_until: date


class OpenOffers(Reply):
    """What is open now, the one that closes first on top."""

    offers: list[OpenOffer]


class Gift(Reply):
    """An own offer and where it stands."""

    number: str
    state: str
    kind: str
    title: str
    quantity: int
    unit: str
    value_fen: int | None
    purpose: str
    open_until: date
    due_on: date | None


class Gifts(Reply):
    """The own offers, the latest first."""

    gifts: list[Gift]


class SpentOn(Reply):
    """An award out of given money, in fen."""

    award: str
    organization: str
    project: str
    amount_fen: int
    paid_fen: int


class GiftTold(Gift):
    """An own gift with what became of it."""

    version: int
    receiver: str
    through: str
    match_reason: str
    delivered_on: date | None
    received_quantity: int | None
    use: dict[str, Any] | None
    thanks: str
    spent: list[SpentOn]
    left_fen: int | None
    moves: list[str]


class GiftMoved(Reply):
    """Where the gift stands after a move."""

    number: str
    state: str
    version: int


class Candidate(Reply):
    """An organization the offer could go to; `barred` is empty, `interested` or `cannot_receive`."""

    id: str
    name: str
    needs: dict[str, int]
    wished: bool
    through: str
    barred: str


class Candidates(Reply):
    """Those whose needs the offer answers first."""

    candidates: list[Candidate]


class GiftBudget(Reply):
    """A donation line with room for given money, in fen."""

    id: str
    program: str
    year: int
    purpose: str
    room_fen: int


class GiftBudgets(Reply):
    """The donation lines on which given money can be recorded."""

    budget_lines: list[GiftBudget]


def _fields(one: GiftLine) -> dict[str, Any]:
    offer = one.offer
    return {
        "number": one.number, "state": one.state.name, "kind": offer.kind, "title": offer.title,
        "quantity": offer.quantity, "unit": offer.unit, "value_fen": offer.value_fen, "purpose": offer.purpose,
        "open_until": offer.open_until, "due_on": one.due_on,
    }  # fmt: skip


def _told(page: GiftPage) -> GiftTold:
    offer = page.line.offer
    spent = [
        SpentOn(
            award=one.award, organization=one.organization, project=one.project, amount_fen=one.amount_fen,
            paid_fen=one.paid_fen,
        )
        for one in page.spent
    ]  # fmt: skip
    return GiftTold(
        **_fields(page.line), version=page.version, receiver=page.receiver, through=page.through,
        match_reason=offer.match_reason, delivered_on=offer.delivered_on, received_quantity=offer.received_quantity,
        use=page.use, thanks=page.thanks, spent=spent, left_fen=page.left_fen,
        moves=[one.trigger for one in page.moves if not one.reasons],
    )  # fmt: skip


@router.get("/offers", summary="What is open")
def open_to_all(visitor: Visitor = Depends(visiting), kind: Annotated[Kind | None, Query()] = None) -> OpenOffers:
    """Without signing in."""
    with visitor.reading() as work:
        found = open_offers(work, kind=kind or "")
    names = [one for one in OpenOffer.model_fields if one != "donor"]
    zh = visitor.lang == "zh"
    return OpenOffers(
        offers=[
            OpenOffer(**{name: getattr(one, name) for name in names}, donor=one.donor if zh else one.donor_en)
            for one in found
        ]
    )


@router.get("/offers/{number}/candidates", summary="Who could receive an offer")
def match(number: Number, visitor: Visitor = Depends(visiting)) -> Candidates:
    """The match itself is the transition match_offer of the case."""
    with visitor.reading() as work:
        line, _, _ = offer_for(work, visitor.person, number)
        found = candidates(work, visitor.person, line.offer)
    return Candidates(
        candidates=[
            Candidate(
                id=one.id, name=one.name, needs={need.area: need.level for need in one.needs}, wished=one.wished,
                through=one.through, barred=one.barred,
            )
            for one in found
        ]
    )  # fmt: skip


@router.get("/gift-budgets", summary="Donation lines with room")
def budgets(visitor: Visitor = Depends(visiting)) -> GiftBudgets:
    """For the transition receive_money of an offer's case."""
    with visitor.reading() as work:
        found = gift_budgets(work, visitor.person)
    names = GiftBudget.model_fields
    return GiftBudgets(budget_lines=[GiftBudget(**{name: getattr(one, name) for name in names}) for one in found])


@router.get("/gifts", summary="The own offers")
def own(visitor: Visitor = Depends(visiting)) -> Gifts:
    """The latest first."""
    with visitor.reading() as work:
        found = gifts(work, visitor.person)
    return Gifts(gifts=[Gift(**_fields(one)) for one in found])


@router.post("/gifts", status_code=201, summary="Post an offer", dependencies=[repeatable])
def post(body: Offering, response: Response, visitor: Visitor = Depends(visiting)) -> GiftMoved:
    """The case is opened and posted at once; words of public fundraising are refused."""
    wanted = body.model_dump(exclude={"centre_id"})
    found = post_offer(visitor.database, visitor.person, NewOffer(**wanted), centre_id=body.centre_id, now=visitor.now)
    response.headers["Location"] = f"/api/v1/gifts/{found.case_number}"
    response.headers["ETag"] = tag(found.version)
    return GiftMoved(number=found.case_number, state=found.state, version=found.version)


@router.get("/gifts/{number}", summary="What became of an own gift")
def gift(number: Number, response: Response, visitor: Visitor = Depends(visiting)) -> GiftTold:
    """`moves` are those the donor may make now; the ETag is the version of the case."""
    with visitor.reading() as work:
        page = gift_page(work, visitor.person, number)
    response.headers["ETag"] = tag(page.version)
    return _told(page)


@router.post(
    "/gifts/{number}/transitions/{trigger}", summary="Agree to a receiver, or withdraw", dependencies=[repeatable],
    responses=also(412, 428),
)  # fmt: skip
def move(
    request: Request, number: Number, trigger: Annotated[str, Field(max_length=40)], body: GiftStep,
    response: Response, visitor: Visitor = Depends(visiting),
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> GiftMoved:  # fmt: skip
    """If-Match with the version seen is required: 428 without, 412 when someone moved it first."""
    seen = version_in(if_match)
    if seen is None:
        return answer(request, 428, codes=("case.version_required",))  # type: ignore[return-value]
    with visitor.reading() as work:
        gift_page(work, visitor.person, number)
    given = request_key(visitor.person, request.headers.get("idempotency-key", ""))
    command = AdvanceCase(number, trigger, seen, body.details, given)
    found = advance_case(visitor.database, visitor.person, command, now=visitor.now)
    response.headers["ETag"] = tag(found.version)
    return GiftMoved(number=found.case_number, state=found.state, version=found.version)


@router.get("/gifts/{number}/paper", summary="The confirmation of an own gift", response_class=Response,
            responses={200: PDF})  # fmt: skip
def paper(number: Number, visitor: Visitor = Depends(visiting)) -> Response:
    """The PDF; opening it is receiving it."""
    with visitor.reading() as work:
        identity = own_paper(work, visitor.person, number)
        content = document_bytes(work, identity)
    visitor.write(lambda work: note_received(work, document_id=identity, person_id=visitor.person.id))
    return Response(content, media_type="application/pdf")

"""Donations and open resources: what is open to anybody, posting an offer, what became of it, who could receive it."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.commands import advance_case
from services.cases.donating import (
    candidates,
    gift_budgets,
    gift_page,
    gifts,
    offer_for,
    open_offers,
    own_paper,
    post_offer,
    wishes,
)
from services.donations.commands import NewOffer
from services.donations.rules import KINDS, PROPERTY
from services.errors import NotFound, Refused, Stale
from services.issuance.commands import note_received
from services.issuance.queries import document_bytes
from services.organizations.queries import centre_lines
from web.errors import answer
from web.forms.posted import Posted, fresh_request_id, posted
from web.forms.wish import wish
from web.rendering import go, refusal, show
from web.requests import known_id, request_key
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
QUANTITY, UNTIL, VALUE = ("数量", "quantity"), ("开放至", "open until"), ("金额（公允价值）", "value")


@router.get("/offers")
def open_to_all(request: Request, kind: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What is open now, for anybody; no person is named."""
    with visitor.reading() as work:
        found = open_offers(work, kind=kind)
    return show(request, visitor, "offers/open.html", found=found, kind=kind, kinds=KINDS)


@router.get("/offers/{number}/match")
def match(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Who could receive the offer: those whose needs it answers first, and what bars the others."""
    with visitor.reading() as work:
        line, version, donor = offer_for(work, visitor.person, number)
        found = candidates(work, visitor.person, line.offer)
    return show(
        request, visitor, "offers/match.html", line=line, version=version, donor=donor, found=found,
        form_request_id=fresh_request_id(),
    )  # fmt: skip


@router.get("/offers/{number}/money")
def money(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """On which donation line given money is recorded once the bank has it."""
    with visitor.reading() as work:
        line, version, donor = offer_for(work, visitor.person, number)
        found = gift_budgets(work, visitor.person)
    if line.offer.kind != "money":
        raise NotFound("access.not_found")
    return show(
        request, visitor, "offers/money.html", line=line, version=version, donor=donor, found=found,
        form_request_id=fresh_request_id(),
    )  # fmt: skip


# What one gave oneself ----------------------------------------------------------------------------


@router.get("/gifts")
def own(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The own offers with where each stands."""
    with visitor.reading() as work:
        found = gifts(work, visitor.person)
    return show(request, visitor, "offers/gifts.html", found=found, done=done)


@router.get("/gifts/new")
def blank(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form of an offer."""
    return _form(request, visitor, Posted({}))


def _form(request: Request, visitor: Visitor, form: Posted, *, error: Refused | None = None) -> Response:
    with visitor.reading() as work:
        centres = [(one.id, one.name) for one in centre_lines(work)]
        organizations = wishes(work)
    kinds = [(one, say(f"offer.kind_{one}", visitor.lang)) for one in KINDS]
    return show(
        request, visitor, "offers/new.html", status=error.http_status if error else 200, form=form, centres=centres,
        organizations=organizations, kinds=kinds, problems=refusal(error, visitor) if error else (),
        form_request_id=form.text("request_id") or fresh_request_id(),
    )  # fmt: skip


@router.post("/gifts")
def post(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Post an offer; refused, the form comes back with what was typed."""
    try:
        found = post_offer(
            visitor.database, visitor.person, _wanted(form), centre_id=known_id(form.text("centre")),
            request_id=request_key(visitor.person, form.text("request_id")), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _form(request, visitor, form, error=error)
    return go(f"/gifts/{found.case_number}", note="offer_posted")


def _wanted(form: Posted) -> NewOffer:
    kind = form.text("kind")
    valued = kind in PROPERTY or bool(form.text("yuan"))
    return NewOffer(
        kind=kind, title=form.text("title"), quantity=1 if kind == "money" else form.whole("quantity", QUANTITY),
        unit=form.text("unit"), purpose=form.text("purpose"), open_until=form.day("open_until", UNTIL),
        value_fen=form.fen("yuan", VALUE) if valued and form.text("yuan") else None, proof=form.text("proof"),
        description=form.text("description"), unit_name=form.text("unit_name"),
        anonymous=form.text("anonymous") == "yes",
        wished_id=known_id(form.text("wished")) if form.text("wished") else None,
    )  # fmt: skip


@router.get("/gifts/{number}")
def gift(request: Request, number: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What became of one gift."""
    return _gift(request, visitor, number, done=done)


def _gift(request: Request, visitor: Visitor, number: str, *, done: str = "", error: Refused | None = None) -> Response:
    with visitor.reading() as work:
        page = gift_page(work, visitor.person, number)
    return show(
        request, visitor, "offers/gift.html", status=error.http_status if error else 200, page=page, done=done,
        problems=refusal(error, visitor) if error else (), form_request_id=fresh_request_id(),
        sees_case=bool(scopes(visitor.person, "case:list")),
    )  # fmt: skip


@router.post("/gifts/{number}/transitions/{trigger}")
def move(
    request: Request, number: str, trigger: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Agree to who receives it, or take it back; NotFound for anybody else's gift."""
    with visitor.reading() as work:
        gift_page(work, visitor.person, number)
    try:
        advance_case(visitor.database, visitor.person, wish(visitor, number, trigger, form), now=visitor.now)
    except Stale as stale:
        return answer(request, 412, refusal(stale, visitor), codes=stale.codes, link=f"/gifts/{number}")
    except Refused as error:
        return _gift(request, visitor, number, error=error)
    return go(f"/gifts/{number}", note="moved")


@router.get("/gifts/{number}/paper.pdf")
def paper(number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The confirmation of an own gift; opening it is receiving it."""
    with visitor.reading() as work:
        identity = own_paper(work, visitor.person, number)
        content = document_bytes(work, identity)
    visitor.write(lambda work: note_received(work, document_id=identity, person_id=visitor.person.id))
    return Response(
        content, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="D39.pdf"'}
    )

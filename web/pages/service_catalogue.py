"""The catalogue of services to transfer, who may buy them, and what the public sees of both catalogues."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.format import money
from services.authority.rules import scopes
from services.cases.purchase_page import open_calls
from services.database.work import Work
from services.errors import Refused
from services.organizations.queries import centre_lines, division_lines
from services.purchases import acts
from services.purchases.queries import Item, items, listed_suppliers, purchaser_lines
from services.purchases.rules import CIVIL_AFFAIRS, NOT_PURCHASABLE, STREET
from web.forms.plain import Act, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import day, go, show
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
NEXT = {"CONSULTED": ("approval", "approve_item"), "APPROVED": ("publication", "publish_item")}
YEAR, PRICE, HELD = ("年度", "year"), ("单价", "price"), ("征求意见日期", "consulted on")


@router.get("/services")
def services(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Both catalogues and the open calls, for anybody: no person's name, telephone or account."""
    with visitor.reading() as work:
        found = items(work, state="PUBLISHED")
        return show(
            request, visitor, "purchases/public.html", items=found, suppliers=listed_suppliers(work),
            calls=open_calls(work), bids=visitor.actor is not None and bool(scopes(visitor.actor, "bid:submit")),
        )  # fmt: skip


@router.get("/service-catalogue")
def catalogue(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every item with how far it is, and the forms of whoever drafts."""
    return plain_page(request, visitor, "nav.service_catalogue", _catalogue(visitor), done=done)


def _catalogue(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        found, lang = items(work), visitor.lang
        columns = ("item_code", "item_title", "year", "item_price", "item_state", "item_days")
        listing = Listing("", columns, tuple(_row(one, visitor) for one in found), frozenset({"item_price"}))
        if not scopes(visitor.person, acts.DRAFT):
            return (listing,), ()
        counties = [(one.code, one.name) for one in division_lines(work) if one.level == "county"]
        rules = [(one.key, one.zh if lang == "zh" else one.en) for one in NOT_PURCHASABLE]
        draft = (
            Input("division", options=counties, value=counties[0][0] if len(counties) == 1 else ""),
            Input("year", "number", value=str(work.today.year), longest=4), Input("item_code", longest=20),
            Input("item_title", longest=60), Input("item_unit", longest=10), Input("item_price", "number", longest=14),
            Input("item_standard", "lines", longest=800), Input("item_rule", options=rules, needed=False),
        )  # fmt: skip
        drafts = [(one.id, f"{one.code} {one.title}") for one in found if one.state == "DRAFT"]
        consult = (
            Input("item", options=drafts), Input("consulted_on", "date"), Input("opinions", "lines", longest=800),
        )  # fmt: skip
        sheets = [Sheet("draft_item", "/service-catalogue", draft)]
        if drafts:
            sheets.append(Sheet("consult_item", "/service-catalogue/consultation", consult))
        return (listing,), tuple(sheets)

    return parts


def _row(one: Item, visitor: Visitor) -> Row:
    lang, act = visitor.lang, None
    if one.state in NEXT and scopes(visitor.person, acts.APPROVE):
        page, name = NEXT[one.state]
        act = Act(f"/service-catalogue/{one.id}/{page}", name)
    days = day(one.superseded_on or one.published_on or one.approved_on or one.consulted_on, lang)
    title = f"{one.title}（{one.unit}）" if lang == "zh" else f"{one.title} ({one.unit})"
    return Row(
        (one.code, title, f"{one.year}-{one.version}", money(one.price_fen),
         say(f"item_state.{one.state}", lang), days), act
    )  # fmt: skip


@router.post("/service-catalogue")
def draft(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Draft an item; what may not be bought is refused with the rule named."""
    try:
        new = acts.NewItem(
            form.text("division"), form.whole("year", YEAR), form.text("item_code"), form.text("item_title"),
            form.text("item_unit"), form.fen("item_price", PRICE), form.text("item_standard"), form.text("item_rule"),
        )  # fmt: skip
        acts.draft_item(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.service_catalogue", _catalogue(visitor), error=error, form=form)
    return go("/service-catalogue", note="item_drafted")


@router.post("/service-catalogue/consultation")
def consult(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Note who was consulted and what they said."""
    try:
        acts.record_consultation(
            visitor.database, visitor.person, item_id=known_id(form.text("item")),
            held_on=form.day("consulted_on", HELD), opinions=form.text("opinions"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return plain_page(request, visitor, "nav.service_catalogue", _catalogue(visitor), error=error, form=form)
    return go("/service-catalogue", note="item_consulted")


@router.post("/service-catalogue/{item_id}/approval")
def approve(request: Request, item_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Approve an item somebody else drafted."""
    try:
        acts.approve_item(visitor.database, visitor.person, item_id=known_id(item_id), now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.service_catalogue", _catalogue(visitor), error=error)
    return go("/service-catalogue", note="item_approved")


@router.post("/service-catalogue/{item_id}/publication")
def publish(request: Request, item_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Publish an approved item; earlier ones of its code are superseded."""
    try:
        acts.publish_item(visitor.database, visitor.person, item_id=known_id(item_id), now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.service_catalogue", _catalogue(visitor), error=error)
    return go("/service-catalogue", note="item_published")


# Purchasers -------------------------------------------------------------------------------------------------------


@router.get("/purchasers")
def purchasers(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Who may buy, and the form for one more."""
    return plain_page(request, visitor, "nav.purchasers", _purchasers(visitor.lang), done=done)


def _purchasers(lang: str) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        places = {one.code: one.name for one in division_lines(work) if one.level in ("county", "street")}
        centres = [(one.id, one.name) for one in centre_lines(work)]
        rows = tuple(
            Row((one.name, say(f"purchase.by_{one.kind}", lang), places.get(one.division_code, one.division_code)))
            for one in purchaser_lines(work)
        )  # fmt: skip
        kinds = [(one, say(f"purchase.by_{one}", lang)) for one in (CIVIL_AFFAIRS, STREET)]
        inputs = (
            Input("purchaser_kind", options=kinds), Input("purchaser_name", longest=60),
            Input("division", options=[(code, f"{called} {code}") for code, called in places.items()]),
            Input("centre", options=centres, value=centres[0][0] if len(centres) == 1 else ""),
        )  # fmt: skip
        listing = Listing("", ("purchaser_name", "purchaser_kind", "division"), rows)
        return (listing,), (Sheet("enter_purchaser", "/purchasers", inputs),)

    return parts


@router.post("/purchasers")
def enter(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Enter who may buy, and the centre that handles it."""
    try:
        new = acts.NewPurchaser(
            form.text("purchaser_kind"), form.text("purchaser_name"), form.text("division"),
            known_id(form.text("centre")),
        )  # fmt: skip
        acts.enter_purchaser(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.purchasers", _purchasers(visitor.lang), error=error, form=form)
    return go("/purchasers", note="purchaser_entered")

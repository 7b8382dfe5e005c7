"""Purchases: the list and the form for a need, one with its bids and points, bidding, and the supplier catalogue."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from documents.format import money
from services.authority.rules import scopes
from services.cases.opening import NewPurchase
from services.cases.purchase_page import call_page, choices_for, purchase_lines, purchase_page
from services.cases.purchasing import (
    OPEN,
    BidWish,
    apply_as_supplier,
    ask_purchase,
    enter_points,
    submit_bid,
    take_back_bid,
)
from services.cases.starring import own_organizations
from services.database.work import Work
from services.errors import Refused
from services.purchases.queries import items, listed_suppliers
from services.purchases.rules import CRITERIA, PRICE
from web.forms.plain import Act, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import day, go, moment, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import label, say

router = APIRouter()
QUANTITY, YUAN, STAFF = ("数量", "quantity"), ("报价", "price"), ("专职工作人员数", "staff")
YES_NO = ("no", "yes")


@router.get("/purchases")
def register(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The purchases this person may see, and the form for a need of the own office."""
    return plain_page(request, visitor, "nav.purchases", _register(visitor), done=done)


def _register(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        lang = visitor.lang
        rows = tuple(
            Row((one.title, one.number, one.purchaser, f"{one.quantity}{one.unit}", money(one.ceiling_fen),
                 label(one.state, lang), moment(one.closes_at, lang) if one.closes_at else day(one.due_on, lang)),
                link=Act(f"/purchases/{one.number}", "purchase.to_purchase"))
            for one in purchase_lines(work, visitor.person)
        )  # fmt: skip
        columns = (
            "project_title",
            "award_number",
            "purchaser_name",
            "quantity",
            "ceiling",
            "purchase_state",
            "closing",
        )
        listing = Listing("", columns, rows, frozenset({"ceiling"}))
        return (listing,), (_need(work, visitor),) if scopes(visitor.person, OPEN) else ()

    return parts


def _need(work: Work, visitor: Visitor) -> Sheet:
    lang, choices = visitor.lang, choices_for(work, visitor.person)
    listed = [
        (one.id, f"{one.code} {one.title} {money(one.price_fen)}/{one.unit}") for one in items(work, state="PUBLISHED")
    ]
    lines = [(one, f"{name} {say(f'source.{source}', lang)}") for one, name, source in choices.lines]
    inputs = (
        Input("purchaser", options=[(one.id, one.name) for one in choices.purchasers]), Input("item", options=listed),
        Input("bought_line", options=lines), Input("project_title", longest=60), Input("quantity", "number", longest=7),
        Input("need", "lines", longest=800),
        Input("procurement", options=[(one, say(f"form.{one}", lang)) for one in YES_NO], value="no"),
    )  # fmt: skip
    return Sheet("open_purchase", "/purchases", inputs)


@router.post("/purchases")
def ask(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Open a purchase; every further step is a move of its case."""
    try:
        new = NewPurchase(
            known_id(form.text("purchaser")), known_id(form.text("item")), known_id(form.text("bought_line")),
            form.text("project_title"), form.text("need"), form.whole("quantity", QUANTITY),
            form.text("procurement") == "yes",
        )  # fmt: skip
        opened = ask_purchase(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.purchases", _register(visitor), error=error, form=form)
    return go(f"/purchases/{opened.number}", note="purchase_opened")


@router.get("/purchases/{purchase}")
def one_purchase(request: Request, purchase: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """What is bought, who bid, what the evaluators gave, and why this one wins."""
    return _page(request, visitor, purchase, done=done)


def _page(
    request: Request, visitor: Visitor, number: str, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        page = purchase_page(work, visitor.person, number)
    return show(
        request, visitor, "purchases/page.html", status=error.http_status if error else 200, page=page, done=done,
        criteria=CRITERIA, price=PRICE, form=form or Posted({}), problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


@router.post("/purchases/{purchase}/points")
def give_points(
    request: Request, purchase: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Enter what stands on the evaluators' signed sheets; whoever did not sit is left out."""
    try:
        enter_points(visitor.database, visitor.person, number=purchase, points=_points(form), now=visitor.now)
    except Refused as error:
        return _page(request, visitor, purchase, error=error, form=form)
    return go(f"/purchases/{purchase}", note="points_entered")


def _points(form: Posted) -> dict[str, dict[str, dict[str, str]]]:
    """Evaluator to bid to item, of every evaluator for whom anything was typed."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name in form.values:
        mark, _, rest = name.partition(":")
        if mark == "points" and rest.count(":") == 2:
            username, bid, item = rest.split(":")
            found.setdefault(username, {}).setdefault(bid, {})[item] = form.text(name)
    typed = {who for who, sheets in found.items() if any(any(given.values()) for given in sheets.values())}
    return {who: sheets for who, sheets in found.items() if who in typed}


# Bidding ----------------------------------------------------------------------------------------------------------


@router.get("/services/{purchase}/bid")
def bid(request: Request, purchase: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The form for a sealed bid, and when the own one came."""
    return _bid(request, visitor, purchase, done=done)


def _bid(
    request: Request, visitor: Visitor, number: str, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        call = call_page(work, visitor.person, number)
    return show(
        request, visitor, "purchases/bid.html", status=error.http_status if error else 200, call=call, done=done,
        form=form or Posted({}), problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


@router.post("/services/{purchase}/bid")
def hand_in(
    request: Request, purchase: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Seal a bid; one handed in before is replaced."""
    try:
        partner, committee = form.text("partner"), form.text("committee")
        wish = BidWish(
            purchase, known_id(form.text("organization")), form.fen("yuan", YUAN), form.text("plan"),
            form.text("capacity"), known_id(partner) if partner else None, committee or None,
        )  # fmt: skip
        submit_bid(visitor.database, visitor.person, wish, now=visitor.now)
    except Refused as error:
        return _bid(request, visitor, purchase, error=error, form=form)
    return go(f"/services/{purchase}/bid", note="bid_sealed")


@router.post("/services/{purchase}/bid/withdrawal")
def take_back(
    request: Request, purchase: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Take the own bid back before the closing hour."""
    try:
        own = known_id(form.text("organization"))
        take_back_bid(visitor.database, visitor.person, number=purchase, organization_id=own, now=visitor.now)
    except Refused as error:
        return _bid(request, visitor, purchase, error=error)
    return go(f"/services/{purchase}/bid", note="bid_withdrawn")


# The supplier catalogue -------------------------------------------------------------------------------------------


@router.get("/suppliers")
def suppliers(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Who stands in the supplier catalogue, since when, and how each condition was answered."""
    return plain_page(request, visitor, "nav.suppliers", _suppliers(visitor.lang))


def _suppliers(lang: str) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        rows = tuple(
            Row((one.organization, one.services, str(one.staff), day(one.listed_on, lang), day(one.reviewed_on, lang),
                 say("form.yes" if one.checked.get("bonus") else "form.no", lang)))
            for one in listed_suppliers(work)
        )  # fmt: skip
        columns = ("organization", "supplier_services", "supplier_staff", "listed_on", "reviewed_on", "supplier_bonus")
        return (Listing("", columns, rows),), ()

    return parts


@router.get("/supplier-application")
def supplier(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form by which an organization asks to be listed."""
    return plain_page(request, visitor, "nav.supplier_application", _application(visitor))


def _application(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        own = [(one[0], one[1]) for one in own_organizations(work, visitor.person)]
        inputs = (
            Input("organization", options=own, value=own[0][0] if len(own) == 1 else ""),
            Input("supplier_services", "lines", longest=200), Input("supplier_staff", "number", longest=5),
        )  # fmt: skip
        return (), (Sheet("apply_supplier", "/supplier-application", inputs, submit="hand_in"),) if own else ()

    return parts


@router.post("/supplier-application")
def apply(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Ask to be listed: the case is opened and handed in at once."""
    try:
        opened = apply_as_supplier(
            visitor.database, visitor.person, organization_id=known_id(form.text("organization")),
            services=" ".join(form.text("supplier_services").split()), staff=form.whole("supplier_staff", STAFF),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return plain_page(request, visitor, "nav.supplier_application", _application(visitor), error=error, form=form)
    return go(f"/cases/{opened.case_number}", note="supplier_applied")

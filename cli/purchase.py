"""`chuke purchase`: the catalogue of services, purchasers, needs, sealed bids, points, and why one wins."""

from datetime import date
from typing import Literal

from cyclopts import App

from cli.asking import Asking, acting, acting_on, fen_given, instant, looking, opened
from cli.case import identity_in
from cli.printing import show_json, show_table
from documents.format import in_yuan

app = App(name="purchase", help="购买服务 · service purchase: catalogues, bids, evaluation")


@app.command
def item(
    code: str, title: str, /, *, division: str, year: int, unit: str, yuan: str, standard: str, declared: str = "",
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """起草目录项目 · Draft an item of the catalogue.

    Parameters
    ----------
    code:
        项目编码 its code.
    title:
        服务名称 the service.
    division:
        区划代码 code of the county.
    year:
        年度 the year.
    unit:
        计量单位 unit.
    yuan:
        单价 price of one unit, in yuan.
    standard:
        服务标准 the standard.
    declared:
        不得购买的事项 the rule of Art. 10 it counts under, when it does.
    asking:
        通用选项 common options.
    """
    from services.purchases.acts import NewItem, draft_item

    now, price = instant(asking), fen_given(yuan)
    with acting_on(asking) as (database, actor):
        new = NewItem(division, year, code, title, unit, price, standard, declared)
        _answer(draft_item(database, actor, new, now=now), asking)
    return 0


@app.command
def consult(item: str, opinions: str, /, *, held: date, asking: Asking = Asking()) -> int:
    """登记征求意见 · Record who was consulted about an item and what they said."""
    from services.purchases.acts import record_consultation

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        record_consultation(database, actor, item_id=item, held_on=held, opinions=opinions, now=now)
    return 0


@app.command
def approve(item: str, /, *, asking: Asking = Asking()) -> int:
    """批准目录项目 · Approve an item somebody else drafted."""
    from services.purchases.acts import approve_item

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        approve_item(database, actor, item_id=item, now=now)
    return 0


@app.command
def publish(item: str, /, *, asking: Asking = Asking()) -> int:
    """公布目录项目 · Publish an approved item."""
    from services.purchases.acts import publish_item

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        publish_item(database, actor, item_id=item, now=now)
    return 0


@app.command
def catalogue(*, asking: Asking = Asking()) -> int:
    """列出目录 · List every item with how far it is."""
    from services.database.work import reading
    from services.purchases.queries import items

    with opened() as database, reading(database, instant(asking)) as work:
        looking(work, asking)
        found = items(work)
    rows = [(one.code, one.title, one.year, in_yuan(one.price_fen), one.unit, one.state, one.id) for one in found]
    names = ("code", "title", "year", "price", "unit", "state", "id")
    if asking.json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return 0
    columns = ("编码", "服务", "年度", "单价", "单位", "状态", "编号") if asking.lang == "zh" else names
    show_table(columns, [tuple(str(cell) for cell in row) for row in rows])
    return 0


@app.command
def purchaser(
    name: str, /, *, kind: Literal["civil_affairs", "street"], division: str, centre: str = "",
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """登记购买主体 · Enter an office that may buy.

    Parameters
    ----------
    name:
        名称 its name.
    kind:
        类别 civil_affairs 民政部门, street 街道（乡镇）.
    division:
        区划代码 code of its county or street.
    centre:
        孵化中心 the centre that handles it.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.purchases.acts import NewPurchaser, enter_purchaser

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            place = identity_in(work, "centres", centre, code="organization.not_found")
        new = NewPurchaser(kind, name, division, place)
        _answer(enter_purchaser(database, actor, new, now=now), asking)
    return 0


@app.command(name="open")
def open_(
    title: str, /, *, purchaser: str, item: str, line: str, quantity: int, need: str, procurement: bool = False,
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """提出采购需求 · Ask for a service; every further step is a move of its case (`chuke case advance`).

    Parameters
    ----------
    title:
        项目名称 what it is called.
    purchaser:
        购买主体编号 id of the purchaser.
    item:
        目录项目编号 id of the item.
    line:
        预算行编号 id of the budget line.
    quantity:
        数量 how much.
    need:
        需求说明 what for.
    procurement:
        适用政府采购 government procurement applies.
    asking:
        通用选项 common options.
    """
    from services.cases.opening import NewPurchase
    from services.cases.purchasing import ask_purchase

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        new = NewPurchase(purchaser, item, line, title, need, quantity, procurement)
        _answer(ask_purchase(database, actor, new, now=now).number, asking, name="number")
    return 0


@app.command
def bid(
    number: str, organization: str, /, *, yuan: str, plan: str, capacity: str, partner: str = "", committee: str = "",
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """投标 · Hand in a sealed bid; nobody reads it before the closing hour.

    Parameters
    ----------
    number:
        案号 number of the purchase.
    organization:
        组织名称或编号 name or id of the bidder.
    yuan:
        报价 price in all, in yuan.
    plan:
        服务方案 service plan.
    capacity:
        履约能力 capacity.
    partner:
        合作方 a filed organization beside the bidder.
    committee:
        居（村）委会区划代码 the committee a filed bidder is beside.
    asking:
        通用选项 common options.
    """
    from services.cases.purchasing import BidWish, submit_bid
    from services.database.work import reading

    now, price = instant(asking), fen_given(yuan)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            own = identity_in(work, "organizations", organization, code="organization.not_found")
            beside = identity_in(work, "organizations", partner, code="organization.not_found") if partner else None
        wish = BidWish(number, own, price, plan, capacity, beside, committee or None)
        _answer(submit_bid(database, actor, wish, now=now), asking)
    return 0


@app.command
def points(number: str, /, *given: str, asking: Asking = Asking()) -> int:
    """录入评分 · Enter points as USERNAME:BID:ITEM=POINTS (items plan, capacity, record), all at once.

    Parameters
    ----------
    number:
        案号 number of the purchase.
    given:
        评分 points, as gunanqiao:BID:plan=34.5.
    asking:
        通用选项 common options.
    """
    from services.cases.purchasing import enter_points

    now, found = instant(asking), dict[str, dict[str, dict[str, str]]]()
    for one in given:
        place, _, value = one.partition("=")
        username, bid_id, item_key = (*place.split(":"), "", "")[:3]
        found.setdefault(username, {}).setdefault(bid_id, {})[item_key] = value
    with acting_on(asking) as (database, actor):
        enter_points(database, actor, number=number, points=found, now=now)
    return 0


@app.command
def show(number: str, /, *, asking: Asking = Asking()) -> int:
    """查看采购 · Show a purchase: before the closing hour how many bids came, afterwards each and why one wins."""
    from services.cases.purchase_page import purchase_page
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        page = purchase_page(work, looking(work, asking), number)
    rows = [
        (
            row.bid.organization,
            in_yuan(row.bid.price_fen or 0),
            str(row.total or ""),
            "*" if row.won else "",
            row.bid.id,
        )
        for row in page.rows
    ]
    if asking.json:
        names = ("organization", "price", "total", "won", "id")
        told = [dict(zip(names, row, strict=True)) for row in rows]
        show_json({"number": number, "state": page.state.name, "bids": page.bids_so_far, "opened": told,
                   "why": page.winner.why if page.winner else ""})  # fmt: skip
        return 0
    zh = asking.lang == "zh"
    print(f"{number} {page.state.zh if zh else page.state.en} {page.bids_so_far} {'份投标' if zh else 'bids'}")
    show_table(("投标单位", "报价", "总分", "成交", "编号") if zh else ("bidder", "price", "total", "won", "id"), rows)
    return 0


@app.command(name="list-me")
def list_me(organization: str, /, *, services: str, staff: int, asking: Asking = Asking()) -> int:
    """申请列入承接目录 · Ask to be listed as a supplier.

    Parameters
    ----------
    organization:
        组织名称或编号 name or id of the organization.
    services:
        可承接的服务 what it can take.
    staff:
        专职工作人员数 its staff.
    asking:
        通用选项 common options.
    """
    from services.cases.purchasing import apply_as_supplier
    from services.database.work import reading

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            own = identity_in(work, "organizations", organization, code="organization.not_found")
        found = apply_as_supplier(database, actor, organization_id=own, services=services, staff=staff, now=now)
        _answer(found.case_number, asking, name="number")
    return 0


def _answer(value: str, asking: Asking, *, name: str = "id") -> None:
    if asking.json:
        show_json({name: value})
    else:
        print(value)

"""`chuke offer`: donations and open resources: posting one, what is open, own gifts, and who could receive one."""

from datetime import date
from typing import Literal

from cyclopts import App

from cli.asking import Asking, acting, instant, looking, opened
from cli.case import identity_in
from cli.printing import show_json, show_table

app = App(name="offer", help="捐赠与开放资源 · donations and open resources")
Kind = Literal["money", "goods", "venue_hours", "volunteers", "equipment_loan"]


@app.command
def post(
    kind: Kind, title: str, /, *, centre: str, purpose: str, until: date, quantity: int = 1, unit: str = "",
    yuan: str = "", proof: str = "", unit_name: str = "", anonymous: bool = False, wished: str = "",
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """发布捐赠（资源） · Post an offer; the case is opened and posted at once.

    Parameters
    ----------
    kind:
        类别 what is given.
    title:
        名称 what it is.
    centre:
        孵化中心 name or id of the centre.
    purpose:
        用途 what it is for.
    until:
        开放截止日期 last open day.
    quantity:
        数量 how many.
    unit:
        计量单位 of what.
    yuan:
        金额（公允价值，元） amount or fair value in yuan.
    proof:
        价值依据 proof of the value.
    unit_name:
        单位名称 name of the unit; empty for a natural person.
    anonymous:
        不具名 stay unnamed.
    wished:
        希望受赠的组织 wished receiver, by name or id.
    asking:
        通用选项 common options.
    """
    from services.cases.donating import post_offer
    from services.database.work import reading
    from services.donations.commands import NewOffer

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            place = identity_in(work, "centres", centre, code="organization.not_found")
            wish = identity_in(work, "organizations", wished, code="organization.not_found") if wished else None
        new = NewOffer(
            kind, title, quantity, unit, purpose, until, fen_of(yuan), proof, unit_name=unit_name,
            anonymous=anonymous, wished_id=wish,
        )  # fmt: skip
        found = post_offer(database, actor, new, centre_id=place, now=now)
    if asking.json:
        show_json({"number": found.case_number, "state": found.state})
    else:
        print(found.case_number)
    return 0


def fen_of(yuan: str) -> int | None:
    """An amount typed in yuan, in fen; None for nothing. Invalid for what is no amount."""
    from decimal import Decimal, InvalidOperation

    from services.people.acts import unfit

    if not yuan.strip():
        return None
    try:
        fen = Decimal(yuan.replace(",", "")) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise unfit("input.not_a_number", ("金额", "amount"))
    return int(fen)


@app.command(name="list")
def list_(*, own: bool = False, asking: Asking = Asking()) -> int:
    """列出捐赠 · List what is open now; with --own your own gifts and where each stands.

    Parameters
    ----------
    own:
        只列本人发布的 your own ones only.
    asking:
        通用选项 common options.
    """
    from documents.format import money
    from services.cases.donating import gifts, open_offers
    from services.database.work import reading

    zh = asking.lang == "zh"
    with opened() as database, reading(database, instant(asking)) as work:
        actor = looking(work, asking)
        if own:
            mine = gifts(work, actor)
            rows = [
                (one.number, one.offer.kind, one.offer.title, one.offer.value_fen,
                 one.state.zh if zh else one.state.en, one.offer.open_until) for one in mine
            ]  # fmt: skip
        else:
            rows = [
                (one.number, one.kind, one.title, one.value_fen, one.donor if zh else one.donor_en, one.open_until)
                for one in open_offers(work)
            ]
    names = ("number", "kind", "title", "value_fen", "state" if own else "donor", "open_until")
    if asking.json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return 0
    columns = ("编号", "类别", "名称", "价值", "状态" if own else "捐赠方", "开放至") if zh else names
    show_table(columns, [(*row[:3], money(row[3]) if row[3] else "—", *row[4:]) for row in rows])
    return 0


@app.command
def candidates(number: str, /, *, asking: Asking = Asking()) -> int:
    """列出候选组织 · List who could receive an offer, those whose needs it answers first.

    Parameters
    ----------
    number:
        案号 number of the offer's case.
    asking:
        通用选项 common options.
    """
    from services.cases.donating import candidates as who
    from services.cases.donating import offer_for
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        actor = acting(work, asking)
        line, _, _ = offer_for(work, actor, number)
        found = who(work, actor, line.offer)
    rows = [(one.name, " ".join(f"{need.area}{need.level}" for need in one.needs), one.through, one.barred)
            for one in found]  # fmt: skip
    names = ("organization", "needs", "through", "barred")
    if asking.json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return 0
    show_table(("组织", "需求", "代为接收", "不能接收") if asking.lang == "zh" else names,
               [tuple(cell or "—" for cell in row) for row in rows])  # fmt: skip
    return 0

"""O5's purchase in the demo city: civil affairs buys home visits, two bids are equal, and the federation goes first."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cli.demo.acting import City, Diary, Step
from cli.demo.phases import DISTRICT_LEADER, MANAGER, RESERVE
from services.cases.opening import NewPurchase
from services.cases.purchase_page import PurchasePage, purchase_page
from services.cases.purchasing import BidWish, ask_purchase, enter_points, submit_bid
from services.database.work import reading
from services.purchases import acts
from services.purchases.acts import NewItem, NewPurchaser

HANDLER, STREET_HANDLER, STREET_LEADER = "吴青禾", "冯小舟", "陈望岳"
FEDERATION, CENTRE = "方既明", "叶知微"
DISTRICT, STREET = "229902", "229902001"
SITTING = ("顾南乔", "陆时雨", RESERVE, "温如许", "季北辰")
CAPACITY = ("21.5", "21.5", "21", "21.5", "21.5")
"""With 34 for the plan, 11 for the record and 20 for the price both bids come to 86.40."""


def steps() -> list[Step]:
    """From the catalogue to the contract under way, with what the rules refuse on the way."""
    diary = Diary("O5")
    _catalogue(diary)
    _street(diary)
    _call(diary)
    _evaluation(diary)
    _contract(diary)
    return diary.steps


def page_of(city: City) -> PurchasePage:
    """The purchase as civil affairs sees it."""
    with reading(city.database, city.now) as work:
        return purchase_page(work, city.actor(HANDLER), city.notes["purchase"])


def _catalogue(diary: Diary) -> None:
    new = NewItem(
        DISTRICT, 2026, "SQ-YL-03", "为老巡访", "户次", 5_000,
        "对独居、空巢老年人每月上门巡访不少于两次，每次有记录、有签名，发现异常当日报告社区",
    )  # fmt: skip
    banned = NewItem(DISTRICT, 2026, "SQ-PQ-01", "社区保洁劳务派遣", "人月", 300_000, "按月派遣保洁人员")

    def draft(city: City) -> None:
        city.notes["item"] = acts.draft_item(city.database, city.actor(HANDLER), new, now=city.now)

    def act(city: City, name: str, by: str, **said: Any) -> None:
        getattr(acts, name)(city.database, city.actor(by), item_id=city.notes["item"], now=city.now, **said)

    diary.on(date(2026, 2, 2), "起草购买服务目录：为老巡访", draft)
    diary.on(
        date(2026, 2, 2), "劳务派遣不得购买（系统拒绝）",
        lambda city: city.refused(
            "catalogue.not_purchasable",
            lambda: acts.draft_item(city.database, city.actor(HANDLER), banned, now=city.now),
        ),
    )  # fmt: skip
    diary.on(
        date(2026, 2, 6), "征求部门和居民意见",
        lambda city: act(city, "record_consultation", HANDLER, held_on=date(2026, 2, 6), opinions="各社区无不同意见"),
    )  # fmt: skip
    diary.on(date(2026, 2, 10), "批准目录", lambda city: act(city, "approve_item", DISTRICT_LEADER))
    diary.on(date(2026, 2, 10), "公布目录", lambda city: act(city, "publish_item", DISTRICT_LEADER))


def _purchaser(kind: str, name: str, division: str) -> Callable[[City], None]:
    def enter(city: City) -> None:
        new = NewPurchaser(kind, name, division, city.founded.centre_id)
        city.notes[kind] = acts.enter_purchaser(city.database, city.actor(DISTRICT_LEADER), new, now=city.now)

    return enter


def _need(city: City, kind: str, by: str, quantity: int, *, procurement: bool) -> str:
    new = NewPurchase(
        city.notes[kind], city.notes["item"], city.founded.purchase_line, "为老巡访",
        "望河街道、石桥镇独居和空巢老年人上门巡访", quantity, procurement,
    )  # fmt: skip
    return ask_purchase(city.database, city.actor(by), new, now=city.now).number


def _street(diary: Diary) -> None:
    """A street may buy too, but prefers nobody."""

    def ask(city: City) -> None:
        city.notes["of_street"] = _need(city, "street", STREET_HANDLER, 100, procurement=False)
        city.move(city.notes["of_street"], "secure_budget", STREET_LEADER)

    def prefer(city: City) -> None:
        said = {
            "closes_on": date(2026, 3, 10),
            "closes_hour": 9,
            "federation_rule": "yes",
            "published_where": "街道公告栏",
        }
        city.refused(
            "purchase.rule_not_for_streets",
            lambda: city.move(city.notes["of_street"], "publish_call", STREET_HANDLER, **said),
        )
        city.move(city.notes["of_street"], "cancel_purchase", STREET_LEADER, reason="并入区民政局统一采购")

    diary.on(date(2026, 2, 11), "登记购买主体：望河街道办事处", _purchaser("street", "望河街道办事处", STREET))
    diary.on(date(2026, 2, 12), "街道提出采购需求", ask)
    diary.on(date(2026, 2, 13), "街道采购不得载明优先联合会（系统拒绝），需求取消", prefer)


def _call(diary: Diary) -> None:
    def ask(city: City) -> None:
        city.notes["purchase"] = _need(city, "civil_affairs", HANDLER, 1200, procurement=True)

    def publish(city: City) -> None:
        city.move(
            city.notes["purchase"], "publish_call", HANDLER, closes_on=date(2026, 3, 10), closes_hour=9,
            federation_rule="yes", published_where="区政府门户网站",
        )  # fmt: skip

    def bid(key: str, by: str, plan: str) -> Callable[[City], None]:
        def act(city: City) -> None:
            wish = BidWish(
                city.notes["purchase"], city.founded.organizations[key], 6_000_000, plan, "专职社工6人，志愿者40人"
            )
            submit_bid(city.database, city.actor(by), wish, now=city.now)

        return act

    alone = bid("O1", "周暖", "邻里互助员上门")
    diary.on(date(2026, 2, 11), "登记购买主体：区民政局", _purchaser("civil_affairs", "青檐市河湾区民政局", DISTRICT))
    diary.on(date(2026, 2, 24), "提出采购需求：1200户次", ask)
    diary.on(
        date(2026, 2, 25), "落实预算", lambda city: city.move(city.notes["purchase"], "secure_budget", DISTRICT_LEADER)
    )
    diary.on(date(2026, 2, 26), "发布采购公告，载明同等条件下优先联合会", publish)
    diary.on(
        date(2026, 3, 3), "O1仅备案，不能单独投标（系统拒绝）",
        lambda city: city.refused("purchase.filed_sole_contractor", lambda: alone(city)), after_flows=True,
    )  # fmt: skip
    diary.on(date(2026, 3, 4), "O6投标（密封）", bid("O6", CENTRE, "中心社工分片巡访，每月两次"))
    diary.on(date(2026, 3, 5), "O5投标（密封）", bid("O5", FEDERATION, "联合34家会员就近巡访，每月两次"))


def _evaluation(diary: Diary) -> None:
    def early(city: City) -> None:
        open_now = {"witness": "严一诺"}
        city.refused("purchase.not_closed", lambda: city.move(city.notes["purchase"], "open_bids", HANDLER, **open_now))

    def enter(city: City, names: tuple[str, ...]) -> None:
        with reading(city.database, city.now) as work:
            ids = [row.bid.id for row in purchase_page(work, city.actor(HANDLER), city.notes["purchase"]).rows]
        points = {
            city.actor(name).username: {key: {"plan": "34", "capacity": mark, "record": "11"} for key in ids}
            for name, mark in zip(names, CAPACITY, strict=True)
        }
        enter_points(city.database, city.actor(HANDLER), number=city.notes["purchase"], points=points, now=city.now)

    def refuse_former(city: City) -> None:
        named = ("江照野", *SITTING[1:])
        city.refused("assessment.evaluator_has_conflict", lambda: enter(city, named))

    diary.on(date(2026, 3, 9), "截止前不得开标（系统拒绝）", early)
    diary.on(
        date(2026, 3, 10),
        "开标",
        lambda city: city.move(city.notes["purchase"], "open_bids", HANDLER, witness="严一诺"),
    )
    diary.on(date(2026, 3, 11), "江照野曾任职于O6，应回避（系统拒绝）", refuse_former)
    diary.on(date(2026, 3, 11), "录入五位专家评分：两家均为86.40", lambda city: enter(city, SITTING))
    diary.on(
        date(2026, 3, 11), "评审结束", lambda city: city.move(city.notes["purchase"], "conclude_evaluation", HANDLER)
    )


def _contract(diary: Diary) -> None:
    def move(trigger: str, by: str, **said: Any) -> Callable[[City], Any]:
        return lambda city: city.move(city.notes["purchase"], trigger, by, **said)

    diary.on(date(2026, 3, 12), "中心同意成交", move("agree_award", MANAGER), after_flows=True)
    diary.on(date(2026, 3, 13), "同等条件下优先联合会，O5成交", move("award_bid", DISTRICT_LEADER))
    diary.on(date(2026, 3, 16), "O5签署合同", move("sign_contract", FEDERATION, signed_by=FEDERATION))
    concluded = {
        "signed_by": DISTRICT_LEADER, "starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31), "stable": "yes",
        "budget_secured": "no",
    }  # fmt: skip
    diary.on(date(2026, 3, 17), "签订合同60000元", move("conclude_contract", DISTRICT_LEADER, **concluded))
    diary.on(
        date(2026, 3, 18), "合同公告",
        move("record_notice", HANDLER, noticed_on=date(2026, 3, 18), noticed_where="吉林省政府采购网"),
        after_flows=True,
    )  # fmt: skip
    diary.on(date(2026, 4, 1), "开始履约", move("start_performing", HANDLER))

"""How O2 was incubated for a year, spent its award with receipts, graduated, and had its project accepted."""
# ruff: noqa: E501 - Chinese sentences, counted twice as wide as they are typed

from datetime import date

from cli.demo import phases as do
from cli.demo.acting import City, Diary, Step
from cli.demo.phases import CASE_MANAGER, MANAGER, PAYER, SECRETARY, Who
from services.funding.acts import MoneyBack, record_refund

COUNTY = "county_budget"


def day_care() -> list[Step]:
    """O2: incubated for a year from 16 June 2025, graduated on 29 June 2026 with 86.50, all three instalments confirmed."""
    who, diary = Who("O2", "何守拙"), Diary("O2")
    do.enter(
        diary,
        who,
        started=date(2025, 6, 16),
        marks="82 85.5 80 84 86.5",
        room="望河街道综合服务中心102室",
        plan="老年人日间照料",
    )
    do.award(
        diary, who, paid=date(2025, 9, 1), yuan=30_000, source=COUNTY, project="银龄日间照料", year=2025, score="88.00",
        budget=(("照料设备", 15_000), ("活动耗材", 9_000), ("志愿者保险和培训", 6_000)),
    )  # fmt: skip
    do.payment(diary, who, 1, paid=date(2025, 9, 1), yuan=15_000, finding="协议已签订，设备已采购")
    report = {
        "activities": 46,
        "beneficiaries": 820,
        "spend_fen": 1_420_000,
        "summary": "日间照料运行平稳",
        "satisfaction": "92%",
    }
    do.midterm(
        diary,
        who,
        due=date(2025, 12, 16),
        started=date(2025, 12, 16),
        scored=date(2025, 12, 24),
        marks="80 84 82.5 78 85",
        report=report,
    )
    diary.on(date(2025, 12, 26), "中期评估通过", lambda city: city.incubation("O2", "pass_midterm", MANAGER))
    do.spend(
        diary, who, 1, on=date(2025, 11, 10), yuan="14962.00", what="护理床4张、轮椅6辆", payee="青檐康护器械店（虚构）"
    )
    do.payment(diary, who, 2, paid=date(2026, 1, 12), yuan=9_000, finding="中期评估82.17分，合格")
    do.to_graduation_review(
        diary, who, applied=date(2026, 5, 11), opened=date(2026, 5, 22), scored=date(2026, 6, 5), marks="84 86.5 89 85 88",
        summary="一年来开展日间照料和上门探访，服务老年人八百余人次。",
    )  # fmt: skip
    diary.on(
        date(2026, 6, 16),
        "登记出壳门槛",
        lambda city: city.incubation("O2", "record_gates", do.SECRETARY, gates=do.gates()),
    )
    diary.on(
        date(2026, 6, 18),
        "拟出壳并公示",
        lambda city: city.incubation("O2", "approve_graduation", MANAGER, opinion="建议登记出壳"),
    )
    diary.on(
        date(2026, 6, 29), "公示无异议，准予出壳", lambda city: city.incubation("O2", "confirm_graduation", MANAGER)
    )
    do.spend(
        diary, who, 2, on=date(2026, 3, 16), yuan="8863.50", what="康复活动耗材", payee="河湾便民超市（虚构）", item=1
    )
    do.payment(diary, who, 3, paid=date(2026, 7, 13), yuan=6_000, finding="已出壳，86.50分")
    do.spend(
        diary, who, 3, on=date(2026, 7, 17), yuan="5815.00", what="志愿者保险和护理培训", item=2,
        payee="青檐志愿服务培训部（虚构）", reported=False,
    )  # fmt: skip
    _accepted(diary, who)
    return diary.steps


def _accepted(diary: Diary, who: Who) -> None:
    """O2's project is accepted with 88 points; 359.50 yuan were left over and went back before the award closed."""
    key = who.key
    outputs = [
        {"output": "日间照料", "agreed": "每周5天", "reached": "每周5天，全年246天"},
        {"output": "上门探访", "agreed": "400人次", "reached": "436人次"},
    ]
    sheets = [{"evaluator": name, "score": "88.00"} for name in do.AWARD_PANEL]
    diary.on(
        date(2026, 7, 20),
        "申请结项验收",
        lambda city: city.award(
            key, "request_acceptance", who.leader, report="一年来为失能、高龄老人提供日间照料和上门探访。",
            outputs=outputs, beneficiaries=820, satisfied="收回问卷48份，满意率92%",
        ),
    )  # fmt: skip
    diary.on(date(2026, 7, 23), "抽中的项目登记外部审计", lambda city: city.audit_if_drawn(key, CASE_MANAGER))
    diary.on(
        date(2026, 7, 24),
        "登记验收评分",
        lambda city: city.award(
            key, "record_acceptance_result", SECRETARY, sheets=sheets, minutes="银龄日间照料验收卷"
        ),
    )
    diary.on(
        date(2026, 7, 27),
        "验收通过",
        lambda city: city.award(key, "accept_award", MANAGER, opinion="完成约定，同意验收。"),
    )

    def give_back(city: City) -> None:
        back = MoneyBack(35_950, "DEMO2026073102R", date(2026, 7, 31))
        record_refund(city.database, city.actor(PAYER), back, award_id=city.award_id(key), now=city.now)

    diary.on(date(2026, 7, 31), "结余359.50元退回", give_back)
    diary.on(date(2026, 7, 31), "结项", lambda city: city.award(key, "close_award", MANAGER))

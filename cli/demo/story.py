"""How each organization came to where it stands on the demo day, 23 November 2026."""
# ruff: noqa: E501 - Chinese sentences, counted twice as wide as they are typed

from collections.abc import Callable
from datetime import date
from typing import Any

from cli.demo import buying
from cli.demo import phases as do
from cli.demo.acting import City, Diary, Step, after
from cli.demo.day_care import day_care
from cli.demo.phases import (
    CASE_MANAGER,
    CLERK,
    COUNTY_LEADER,
    DISTRICT_LEADER,
    MAKER,
    MANAGER,
    PANEL,
    PAYER,
    RESERVE,
    REVIEW_MEMBERS,
    SECRETARY,
    Who,
)
from services.cases.reviewing import Request
from services.funding.acts import MoneyBack, record_refund

TODAY = date(2026, 11, 23)
O6_PANEL = ("顾南乔", "陆时雨", RESERVE, "温如许", "季北辰")
COUNTY, LOTTERY, DONATION = "county_budget", "welfare_lottery", "donation"


def neighbours() -> list[Step]:
    """O1: incubating since 22 June 2026, first instalment paid through the federation's account."""
    who, diary = Who("O1", "周暖"), Diary("O1")
    do.enter(
        diary,
        who,
        started=date(2026, 6, 22),
        marks="78 81.5 80 84 76.5",
        room="望河街道综合服务中心101室",
        plan="邻里互助、代办代购",
    )
    paid = date(2026, 8, 10)
    do.award(diary, who, paid=paid, yuan=24_000, source=COUNTY, project="一键敲门")
    do.payment(diary, who, 1, paid=paid, yuan=12_000, finding="协议已签订，项目已启动")
    return diary.steps


def painters() -> list[Step]:
    """O3: applied on 2 November, admitted on the 20th with 77.67; the agreement is to be signed by 4 December."""
    who, diary, applied = Who("O3", "秦墨言"), Diary("O3"), date(2026, 11, 2)
    do.apply(diary, who, on=applied, plan="书画教学与社区展览")
    do.to_review(diary, who, applied=applied)
    do.admit(diary, who, applied=applied, marks="78 82.5 75 80 71", room="望河街道综合服务中心二层203室")
    return diary.steps


def dancers() -> list[Step]:
    """O4: asked on 18 November to correct two things at once, by 9 December."""
    who, diary = Who("O4", "马跃"), Diary("O4")
    do.apply(diary, who, on=date(2026, 11, 16), plan="秧歌排练与节庆展演")
    items = [
        {"field": "成员名册", "problem": "缺成员名册", "how_to_fix": "补交全体成员名册，由负责人签字"},
        {"field": "场地证明", "problem": "场地证明无签章", "how_to_fix": "由场地提供方签章"},
    ]
    diary.on(
        date(2026, 11, 18),
        "一次性告知补正",
        lambda city: city.incubation("O4", "request_correction", CLERK, items=items),
    )
    return diary.steps


def town_hub() -> list[Step]:
    """O6: three of five sheets locked; 江照野 left it in 2025 and is refused as evaluator and left out of
    the draw, the reserve sits instead.
    """
    who, diary, applied = Who("O6", "叶知微"), Diary("O6"), date(2026, 11, 6)
    do.apply(diary, who, on=applied, plan="面向全镇社区社会组织的场地、培训和财务服务")
    reviewed = after(applied, do.REVIEW)

    def refuse_former_worker(city: City) -> None:
        city.refused("assessment.evaluator_has_conflict", lambda: city.panel("O6", "admission", PANEL))

    diary.on(reviewed, "江照野2025年3月离开该组织，应回避（系统拒绝）", refuse_former_worker)
    do.to_review(diary, who, applied=applied, meets=date(2026, 11, 20), panel=O6_PANEL, by_lot=True)
    locked = dict(zip(O6_PANEL[:3], ("81", "79.5", "84"), strict=True))
    diary.on(
        date(2026, 11, 20), "三位专家锁定评分表", lambda city: city.score("O6", "admission", locked), after_flows=True
    )
    return diary.steps


def farm_advisers() -> list[Step]:
    """O7: midterm 67.67; told on 9 November to put two things right by 9 December, the second instalment is held."""
    who, diary = Who("O7", "田有禾"), Diary("O7")
    do.enter(
        diary, who, started=date(2026, 4, 20), marks="74 77.5 76 72 79", room="石桥镇服务站", plan="农技培训和田间指导"
    )
    do.award(diary, who, paid=date(2026, 8, 3), yuan=18_000, source=COUNTY, project="田间课堂", score="76.00")
    do.payment(diary, who, 1, paid=date(2026, 8, 3), yuan=9_000, finding="协议已签订，首批课程已开班")
    report = {
        "activities": 7,
        "beneficiaries": 312,
        "spend_fen": 864_000,
        "summary": "开展田间培训7次",
        "satisfaction": "85%",
    }
    do.midterm(
        diary,
        who,
        due=date(2026, 10, 20),
        started=date(2026, 10, 20),
        scored=date(2026, 10, 30),
        marks="66 70.5 64 69 68",
        report=report,
    )
    findings = [
        {"fact": "培训记录缺4次", "rule": "孵化协议第五条", "measure": "补齐签到表和培训记录"},
        {"fact": "3张凭证无明细", "rule": "资助协议第四条", "measure": "补附明细并由负责人签字"},
    ]
    diary.on(
        date(2026, 11, 9),
        "责令整改",
        lambda city: city.incubation("O7", "order_rectification", MANAGER, findings=findings),
    )
    return diary.steps


def free_shop() -> list[Step]:
    """O8: suspended on 19 October after a pipe burst, until 19 January 2027 at most; payments held."""
    who, diary = Who("O8", "宋予安"), Diary("O8")
    do.enter(
        diary, who, started=date(2026, 5, 11), marks="75 79 77.5 73 80", room="石桥镇服务站", plan="困难家庭物资帮扶"
    )
    do.award(diary, who, paid=date(2026, 7, 20), yuan=10_000, source=LOTTERY, project="爱心超市", purpose="济困")
    do.payment(diary, who, 1, paid=date(2026, 7, 20), yuan=5_000, finding="协议已签订，货架已到位")
    diary.on(
        date(2026, 10, 19),
        "中止孵化：供水管破裂",
        lambda city: city.incubation(
            "O8", "suspend", MANAGER, cause="供水管破裂，场地不能使用", expected_to=date(2027, 1, 19)
        ),
    )
    return diary.steps


def elders() -> list[Step]:
    """O9: two instalments confirmed; graduation assessed at 84.00 with a range of 28.5, so arbitration is open."""
    who, diary = Who("O9", "石长青", COUNTY_LEADER), Diary("O9")
    do.enter(
        diary,
        who,
        started=date(2025, 12, 15),
        marks="79 83 80.5 85 77",
        room="北甸村文化活动室",
        plan="老年人文体活动和互助照护",
    )
    do.award(
        diary,
        who,
        paid=date(2026, 3, 16),
        yuan=16_000,
        source=LOTTERY,
        project="老有所乐",
        purpose="扶老",
        score="85.00",
    )
    do.payment(diary, who, 1, paid=date(2026, 3, 16), yuan=8_000, finding="协议已签订，活动室已启用")
    report = {
        "activities": 19,
        "beneficiaries": 540,
        "spend_fen": 760_000,
        "summary": "活动按计划开展",
        "satisfaction": "94%",
    }
    do.midterm(
        diary,
        who,
        due=date(2026, 6, 15),
        started=date(2026, 6, 15),
        scored=date(2026, 6, 24),
        marks="78 80 76.5 79 77",
        report=report,
    )
    diary.on(date(2026, 6, 26), "中期评估通过", lambda city: city.incubation("O9", "pass_midterm", MANAGER))
    do.spend(
        diary, who, 1, on=date(2026, 6, 15), yuan="7420.00", what="活动室桌椅和棋牌用具", payee="北甸家具行（虚构）"
    )
    do.payment(diary, who, 2, paid=date(2026, 7, 13), yuan=4_800, finding="中期评估78.00分，合格")
    do.to_graduation_review(
        diary, who, applied=date(2026, 10, 26), opened=date(2026, 10, 30), scored=date(2026, 11, 10), marks="62 79 85 88 90.5",
        summary="会员六十三人，开展文体活动和互助照护，拟登记为社会团体。",
    )  # fmt: skip
    return diary.steps


def singers() -> list[Step]:
    """O10: withdrew on 18 September; 3 000 paid, 1 200 of it returned, the other 3 000 cancelled; nothing to recover."""
    who, diary = Who("O10", "柳半夏", COUNTY_LEADER), Diary("O10")
    do.enter(
        diary, who, started=date(2026, 4, 13), marks="73 76 74.5 71 78", room="柳泉乡文化站", plan="戏曲排练和送戏下村"
    )
    do.award(diary, who, paid=date(2026, 6, 15), yuan=6_000, source=DONATION, project="柳泉戏韵")
    do.payment(diary, who, 1, paid=date(2026, 6, 15), yuan=3_000, finding="协议已签订，首场演出已完成")
    diary.on(
        date(2026, 8, 31),
        "申请退出",
        lambda city: city.incubation("O10", "request_withdrawal", "柳半夏", reason="主要演员外出务工，难以继续"),
    )

    def give_back(city: City) -> None:
        back = MoneyBack(120_000, "DEMO20260914R10", city.now.date())
        record_refund(city.database, city.actor(PAYER), back, award_id=city.award_id("O10"), now=city.now)

    diary.on(date(2026, 9, 14), "结余1200元退回原渠道", give_back, after_flows=True)
    diary.on(
        date(2026, 9, 18),
        "办结退出",
        lambda city: city.incubation(
            "O10",
            "confirm_withdrawal",
            MANAGER,
            assets_returned=True,
            keys=2,
            assets=[{"name": "音响", "quantity": 1, "unit": "套", "state": "完好"}],
        ),
    )
    diary.on(
        date(2026, 9, 22),
        "余款1800元用途合规，不予追回",
        lambda city: city.recovery(
            "O10", "drop_finding", MANAGER, reason="所留1800元已用于首场演出，凭证齐全，结余已退回。"
        ),
        after_flows=True,
    )
    return diary.steps


def after_school() -> list[Step]:
    """O11: expelled on 16 October for misuse; 12 000 to recover, 5 000 repaid; barred for three years."""
    who, diary = Who("O11", "贾若虚"), Diary("O11")
    do.enter(
        diary,
        who,
        started=date(2026, 1, 19),
        marks="72 75 74 70.5 77",
        room="望河街道综合服务中心105室",
        plan="放学后托管和假期活动",
    )
    do.award(diary, who, paid=date(2026, 4, 20), yuan=20_000, source=COUNTY, project="四点半课堂", score="75.00")
    do.payment(diary, who, 1, paid=date(2026, 4, 20), yuan=10_000, finding="协议已签订，已招收学员")
    report = {
        "activities": 60,
        "beneficiaries": 900,
        "spend_fen": 980_000,
        "summary": "托管班正常开办",
        "satisfaction": "80%",
    }
    do.midterm(
        diary,
        who,
        due=date(2026, 7, 19),
        started=date(2026, 7, 20),
        scored=date(2026, 7, 30),
        marks="74 76.5 73 78 75",
        report=report,
    )
    diary.on(date(2026, 8, 3), "中期评估通过", lambda city: city.incubation("O11", "pass_midterm", MANAGER))
    do.spend(diary, who, 1, on=date(2026, 7, 27), yuan="4000.00", what="课桌椅和图书", payee="青檐教具店（虚构）")
    do.payment(diary, who, 2, paid=date(2026, 8, 24), yuan=6_000, finding="中期评估75.17分，合格")
    ground = {"facts": "将资助款12000元用于负责人个人支出", "evidence": "银行流水、会计凭证", "basis": "资助协议第四条"}
    diary.on(
        date(2026, 9, 24), "提议清退", lambda city: city.incubation("O11", "propose_expulsion", CASE_MANAGER, **ground)
    )
    diary.on(
        date(2026, 9, 28), "事先告知拟清退", lambda city: city.incubation("O11", "start_expulsion", MANAGER, **ground)
    )
    diary.on(
        date(2026, 10, 14),
        "中心批准清退",
        lambda city: city.incubation("O11", "approve_expulsion", MANAGER, reason="挪用资助款属实，申辩不成立"),
    )
    diary.on(
        date(2026, 10, 16),
        "决定清退",
        lambda city: city.incubation(
            "O11",
            "expel",
            DISTRICT_LEADER,
            reason="挪用资助款12000元，情节严重",
            defence_summary="负责人称系临时周转，未提供归还凭证，不予采纳",
            recovery_fen=1_200_000,
        ),
        after_flows=True,
    )
    _recover(diary)
    return diary.steps


def _recover(diary: Diary) -> None:
    """The recovery that the expulsion opened: told, answered, decided by two, and repaid in two parts."""

    def step(on: date, told: str, trigger: str, by: str, **details: Any) -> None:
        diary.on(on, told, lambda city: city.recovery("O11", trigger, by, **details), after_flows=True)

    facts = "银行流水和会计凭证显示，将资助款12000元用于负责人个人支出；其余4000元用途合规。"
    step(date(2026, 10, 19), "告知拟追回12000元", "serve_notice", CASE_MANAGER, facts=facts, evidence="银行流水、会计凭证",
         compliant_fen=400_000, account="青檐市河湾区财政专户，青檐市商业银行河湾支行，账号2299020000000018")  # fmt: skip
    step(
        date(2026, 10, 22), "陈述申辩", "reply_recovery", "贾若虚", reply="承认挪用，愿意退回，资金困难，请求分期归还。"
    )
    step(date(2026, 10, 23), "提议追回", "propose_recovery", CASE_MANAGER, amount_fen=1_200_000,
         reply_considered="承认事实，同意分期归还。", reason="挪用资助款12000元，违反资助协议第四条。")  # fmt: skip
    step(date(2026, 10, 26), "中心同意追回", "approve_recovery", MANAGER, opinion="同意")
    step(date(2026, 10, 27), "决定追回12000元", "decide_recovery", DISTRICT_LEADER, opinion="同意")
    plan = [{"due_on": "2026-11-12", "amount_fen": 500_000}, {"due_on": "2026-11-26", "amount_fen": 700_000}]
    step(date(2026, 10, 28), "同意分两期归还", "start_repayment", MAKER, plan=plan)
    step(date(2026, 11, 12), "归还5000元", "record_repayment", PAYER, amount_fen=500_000,
         bank_serial="DEMO20261112R11", received_on=date(2026, 11, 12))  # fmt: skip


def volunteers() -> list[Step]:
    """O12: rejected with 53.67; it asks for a review, whose panel has not yet voted on the demo day."""
    who, diary, applied = Who("O12", "丁一帆", COUNTY_LEADER), Diary("O12"), date(2026, 10, 12)
    do.apply(diary, who, on=applied, plan="志愿者招募和节日慰问")
    do.to_review(diary, who, applied=applied)
    marks = do.totals("52 55 50.5 57 54")
    diary.on(
        after(applied, do.SCORE), "五位专家评分", lambda city: city.score("O12", "admission", marks), after_flows=True
    )
    reason = "服务需求不明确，团队和计划不成熟，评审均分53.67分，低于60分"
    diary.on(
        after(applied, do.DECIDE), "不予入驻", lambda city: city.incubation("O12", "reject", MANAGER, reason=reason)
    )
    request = Request(
        "评审专家江照野2025年3月方从石桥镇社区社会组织服务中心离任，该中心开展同类志愿服务，与本会存在竞争；其离任不满两年，评审前未声明，也未回避。",
        "撤销不予入驻决定，重新组织评审。",
    )
    diary.on(
        date(2026, 11, 3), "申请复核不予入驻决定", lambda city: city.complain("O12", who.leader, request),
        after_flows=True,
    )  # fmt: skip
    diary.on(date(2026, 11, 9), "受理复核", lambda city: city.review("O12", "accept_review", SECRETARY))

    def refuse_evaluator(city: City) -> None:
        members = [{"username": city.actor(name).username} for name in ("顾南乔", *REVIEW_MEMBERS[:2])]
        city.refused("review.member_involved", lambda: city.review("O12", "form_panel", SECRETARY, members=members))

    def seat(city: City) -> None:
        members = [{"username": city.actor(name).username} for name in REVIEW_MEMBERS]
        city.review("O12", "form_panel", SECRETARY, members=members)

    diary.on(date(2026, 11, 16), "原评审专家不能进入复核组（系统拒绝）", refuse_evaluator)
    diary.on(date(2026, 11, 16), "组成复核组", seat)
    return diary.steps


STORIES: tuple[Callable[[], list[Step]], ...] = (
    neighbours, day_care, painters, dancers, town_hub, farm_advisers, free_shop, elders, singers, after_school, volunteers,
    buying.steps,
)  # fmt: skip


def steps() -> list[Step]:
    """Every step of every organization, in the order of their instants."""
    return sorted((step for story in STORIES for step in story()), key=lambda step: step.at)

"""What most organizations go through: entering, midterm, an award, a payment, applying for graduation."""
# ruff: noqa: E501 - Chinese sentences, counted twice as wide as they are typed

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cli.demo.acting import Diary, after

MANAGER, CLERK, CASE_MANAGER, SECRETARY = "林知夏", "沈小满", "赵未央", "唐亦安"
MAKER, CHECKER, PAYER = "钱一禾", "孙见微", "周有余"
DISTRICT_LEADER, COUNTY_LEADER = "郑远山", "顾长风"
PANEL = ("顾南乔", "陆时雨", "江照野", "温如许", "季北辰")
RESERVE = "邵听澜"
AWARD_PANEL = ("顾南乔", "温如许", "季北辰")
FRESH_PANEL = (RESERVE, "程远帆", "苏念南", "韩知秋", "方慕云")
REVIEW_MEMBERS = ("罗云深", "白令仪", "穆清扬")

# Days of the way in, counted in working days from the application; the agreement is signed before START.
ACCEPT, REVIEW, OPEN, SCORE, DECIDE, CONFIRM, PLAN, SIGN, START = 1, 3, 4, 7, 8, 14, 16, 17, 22
# Days before the first payment of an award, and the days one payment takes.
APPLY_AWARD, PAYMENT = 20, 6
GATES = (
    "孵化已满最短期限", "登记（备案）证书有效", "中期评估合格，整改已了结", "场地使用协议，期限三年", "各期拨款均已确认，不欠中心款项",
    "负责人、会计各一名，会计受训24学时", "近一年活动42次，有签到表和照片", "收回问卷48份，满意率91%", "查询名单，未列入",
    "党建指导员已落实", "出壳后一年工作计划，经会员大会通过",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """The organization of a story: its key, its leader, and the civil affairs leader of its territory."""

    key: str
    leader: str
    bureau: str = DISTRICT_LEADER


def totals(marks: str, panel: Sequence[str] = PANEL) -> dict[str, str]:
    """Totals by evaluator, from marks written in a row."""
    return dict(zip(panel, marks.split(), strict=True))


def meeting(day: date) -> dict[str, Any]:
    """When and where a panel meets; recusal may be asked for until two working days before."""
    return {"meets_on": day, "meets_at": "14:00", "place": "孵化中心203室", "recusal_due_on": after(day, -2)}


def apply(diary: Diary, who: Who, *, on: date, plan: str) -> None:
    """The application with all its materials."""
    diary.on(on, "提交入驻申请", lambda city: city.apply(who.key, who.leader, plan=plan))


def to_review(
    diary: Diary, who: Who, *, applied: date, meets: date | None = None, panel: Sequence[str] = PANEL,
    by_lot: bool = False,
) -> None:  # fmt: skip
    """From acceptance to the opened admission review: lists checked, two visitors, panel found, interests declared."""
    key, form = who.key, "admission"
    meets = meets or after(applied, SCORE)
    diary.on(
        after(applied, ACCEPT),
        "受理",
        lambda city: city.incubation(key, "accept_application", CLERK, opinion="材料齐全"),
    )
    diary.on(
        after(applied, REVIEW),
        "初审：查询名单，两人走访",
        lambda city: city.incubation(
            key, "begin_preliminary_review", CASE_MANAGER, lists_checked=True, visitors=2, eligible=True,
            report="已走访活动场所并面谈负责人，服务对象明确，团队稳定，符合入驻条件。",
        ),
    )  # fmt: skip
    told, named = ("从专家库抽取评审组", ()) if by_lot else ("组成评审组", panel)
    diary.on(after(applied, REVIEW), told, lambda city: city.panel(key, form, named))
    diary.on(after(applied, OPEN), "专家声明无利害关系", lambda city: city.declare(key, form, panel))
    diary.on(
        after(applied, OPEN),
        "提交入驻评审",
        lambda city: city.incubation(key, "open_admission_review", MANAGER, **meeting(meets)),
    )


def admit(diary: Diary, who: Who, *, applied: date, marks: str, room: str) -> None:
    """Scores, decision, publicity without objection."""
    key = who.key
    diary.on(
        after(applied, SCORE),
        "五位专家评分",
        lambda city: city.score(key, "admission", totals(marks)),
        after_flows=True,
    )
    diary.on(
        after(applied, DECIDE),
        "拟入驻并公示",
        lambda city: city.incubation(key, "admit", MANAGER, mode="resident", room=room, opinion="同意入驻"),
    )
    diary.on(
        after(applied, CONFIRM), "公示无异议，准予入驻", lambda city: city.incubation(key, "confirm_admission", MANAGER)
    )


def sign(diary: Diary, who: Who, *, planned: date, signed: date, started: date, starts_on: date | None = None) -> None:
    """Needs and plan, both signatures, first day of the term."""
    key, first = who.key, starts_on or started
    diary.on(
        planned, "登记需求评估与培育计划", lambda city: city.incubation(key, "record_plan", CASE_MANAGER, **plan(first))
    )
    diary.on(
        signed,
        "乙方签订孵化协议",
        lambda city: city.incubation(key, "sign_agreement", who.leader, signed_by=who.leader),
    )
    diary.on(
        started,
        "甲方签订协议，开始孵化",
        lambda city: city.incubation(key, "start_incubation", MANAGER, starts_on=first, signed_by=MANAGER),
    )


def plan(first: date) -> dict[str, Any]:
    """What a case manager records of needs and goals."""
    due_on = first.replace(year=first.year + 1, day=min(first.day, 28))
    return {
        "needs": [{"area": "内部治理", "level": 2}, {"area": "服务能力", "level": 3}, {"area": "财务规范", "level": 2}],
        "goals": [
            {"metric": "内部治理等级", "base": "2级", "target": "4级", "due_on": due_on},
            {"metric": "每月活动次数", "base": "1次", "target": "2次", "due_on": due_on},
            {"metric": "培训学时", "base": "0学时", "target": "24学时", "due_on": due_on},
        ],
        "service_plan": "每季度走访一次，安排导师辅导、财务培训和资源对接，协助完善章程和台账。",
        "mentor": SECRETARY,
    }


def enter(diary: Diary, who: Who, *, started: date, marks: str, room: str, plan: str) -> None:
    """The whole way in, counted back from the first day of the term."""
    applied = after(started, -START)
    apply(diary, who, on=applied, plan=plan)
    to_review(diary, who, applied=applied)
    admit(diary, who, applied=applied, marks=marks, room=room)
    sign(diary, who, planned=after(applied, PLAN), signed=after(applied, SIGN), started=started)


def midterm(
    diary: Diary, who: Who, *, due: date, started: date, scored: date, marks: str, report: Mapping[str, Any]
) -> None:
    """Own report before half term, panel, scores."""
    key, form = who.key, "midterm"
    diary.on(after(due, -10), "提交中期自评报告", lambda city: city.report_midterm(key, who.leader, **report))
    diary.on(started, "启动中期评估", lambda city: city.incubation(key, "start_midterm", CASE_MANAGER))
    diary.on(after(started, 2), "组成评审组", lambda city: city.panel(key, form, PANEL))
    diary.on(after(started, 3), "专家声明无利害关系", lambda city: city.declare(key, form, PANEL))
    diary.on(scored, "五位专家评分", lambda city: city.score(key, form, totals(marks)), after_flows=True)


def award(
    diary: Diary, who: Who, *, paid: date, yuan: int, source: str, project: str, year: int = 2026, purpose: str = "",
    score: str = "82.00", budget: tuple[tuple[str, int], ...] = (),
) -> None:  # fmt: skip
    """From the application for money to the agreement in force, so that the first instalment is paid on that day."""
    key, day = who.key, after(paid, -APPLY_AWARD)
    diary.on(
        day,
        f"申请资助{yuan}元",
        lambda city: city.apply_for_award(
            key, who.leader, year=year, source=source, yuan=yuan, project=project, purpose=purpose, budget=budget
        ),
    )
    diary.on(
        after(day, 2), "符合资助条件", lambda city: city.award(key, "find_eligible", CASE_MANAGER, opinion="符合条件")
    )
    sheets = [{"evaluator": name, "score": score, "amount_fen": yuan * 100} for name in AWARD_PANEL]
    diary.on(
        after(day, 4),
        "登记资助评审结果（区民政局组织的评审会）",
        lambda city: city.award(key, "record_award_result", SECRETARY, sheets=sheets, minutes=f"{project}评审卷"),
    )
    diary.on(after(day, 4), "拟资助并公示", lambda city: city.award(key, "propose", MANAGER))
    diary.on(after(day, 10), "中心同意资助", lambda city: city.award(key, "approve_first", MANAGER, opinion="同意"))
    diary.on(after(day, 11), "民政部门批准资助", lambda city: city.award(key, "approve", who.bureau, opinion="同意"))
    diary.on(
        after(day, 12), "签订资助协议", lambda city: city.award(key, "sign_award", who.leader, signed_by=who.leader)
    )
    diary.on(after(day, 13), "资助协议生效", lambda city: city.award(key, "start_payments", MANAGER, signed_by=MANAGER))


def spend(
    diary: Diary, who: Who, number: int, *, on: date, yuan: str, what: str, payee: str, item: int = 0,
    reported: bool = True,
) -> None:  # fmt: skip
    """An expense after that instalment, with its receipt, and the report that the next one waits for."""
    key = who.key
    diary.on(
        on,
        f"登记支出{yuan}元：{what}",
        lambda city: city.spend(key, who.leader, yuan, what=what, payee=payee, item=item),
        after_flows=True,
    )
    if reported:
        diary.on(
            on,
            f"报送第{number}期支出情况",
            lambda city: city.report_expenses(key, who.leader, number, summary=f"{what}，票据齐全。"),
        )


def payment(diary: Diary, who: Who, number: int, *, paid: date, yuan: int, finding: str) -> None:
    """One instalment through maker, checker and payer to the payee's confirmation; large sums pass civil affairs too."""

    def pull(day: date, text: str, trigger: str, by: str, *, after_flows: bool = False, **details: Any) -> None:
        told = f"第{number}期：{text}"
        diary.on(
            day, told, lambda city: city.instalment(who.key, number, trigger, by, **details), after_flows=after_flows
        )

    day = after(paid, -PAYMENT)
    pull(
        day,
        "申请拨付",
        "request_instalment",
        who.leader,
        after_flows=True,
        expense_report="按批准的预算使用，单独记账。",
    )
    pull(after(day, 1), "核实节点", "report_milestone", CASE_MANAGER, finding=finding)
    pull(after(day, 2), "确认节点", "confirm_milestone", MANAGER)
    pull(after(day, 3), "财务制单", "check_payment", MAKER, voucher="附资助协议和节点确认")
    if yuan >= 10_000:
        pull(after(day, 4), "大额拨付同意", "approve_large_payment", who.bureau)
    pull(after(day, 4), "审批拨付", "approve_payment", CHECKER)
    pull(after(day, 5), "下达拨付指令", "instruct_payment", MAKER)
    diary.on(
        paid, f"第{number}期：编制付款批次", lambda city: city.make_batch(who.key, number, MAKER), after_flows=True
    )
    diary.on(paid, f"第{number}期：放行付款批次", lambda city: city.release_batch(who.key, number, PAYER))
    serial = f"DEMO{paid:%Y%m%d}{who.key[1:]:0>2}{number}"
    pull(paid, f"支付{yuan}元", "record_payment", PAYER, bank_serial=serial, value_date=paid)
    received = after(paid, 2)
    pull(received, "确认收款", "confirm_receipt", who.leader, received_on=paid, confirmed_by=who.leader)


def gates() -> list[dict[str, Any]]:
    """All eleven gates with their evidence."""
    return [{"gate": f"G{number}", "passed": True, "evidence": text} for number, text in enumerate(GATES, start=1)]


def to_graduation_review(
    diary: Diary, who: Who, *, applied: date, opened: date, scored: date, marks: str, summary: str
) -> None:
    """The application for graduation, the checked file, the panel and its scores."""
    key, form = who.key, "graduation"
    diary.on(applied, "申请出壳", lambda city: city.incubation(key, "apply_graduation", who.leader, summary=summary))
    diary.on(after(applied, 2), "出壳材料齐备", lambda city: city.incubation(key, "check_graduation_file", CLERK))
    diary.on(after(applied, 2), "组成评审组", lambda city: city.panel(key, form, PANEL))
    diary.on(opened, "专家声明无利害关系", lambda city: city.declare(key, form, PANEL))
    diary.on(
        opened,
        "提交出壳评估",
        lambda city: city.incubation(key, "open_graduation_review", SECRETARY, **meeting(scored)),
    )
    diary.on(scored, "五位专家评分", lambda city: city.score(key, form, totals(marks)), after_flows=True)

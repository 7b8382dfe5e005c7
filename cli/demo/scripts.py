"""The demonstration scripts, from the demo day on: what becomes of O4, O6 to O9, O11, O12 and of a certificate."""

from collections.abc import Callable
from datetime import date

from cli.demo import phases as do
from cli.demo import statement
from cli.demo.acting import City, Diary, Step, StoryFailed
from cli.demo.phases import (
    CASE_MANAGER,
    CLERK,
    DISTRICT_LEADER,
    FRESH_PANEL,
    MAKER,
    MANAGER,
    PAYER,
    RESERVE,
    REVIEW_MEMBERS,
    SECRETARY,
    Who,
)
from services.cases.timers import pull_timers
from services.database.work import reading
from services.issuance.queries import DocumentLine
from services.issuance.verifying import verification

TUESDAY = date(2026, 11, 24)
PUBLICITY_OVER = date(2026, 12, 3)
LAST_DAY = date(2026, 12, 4)


def correction() -> list[Step]:
    """(a) O4 corrects both items and is accepted; the intake clock goes on where it paused."""
    diary = Diary("O4", "(a) ")
    answers = [{"answer": "已补交成员名册，共24人"}, {"answer": "场地证明已由铁东里社区签章"}]
    diary.on(TUESDAY, "提交补正", lambda city: city.incubation("O4", "resubmit", "马跃", answers=answers))
    diary.on(
        date(2026, 11, 25),
        "受理",
        lambda city: city.incubation("O4", "accept_application", CLERK, opinion="补正材料齐全"),
    )
    return diary.steps


def admission() -> list[Step]:
    """(b) The last two sheets of O6 are locked; publicity ends by the timer; agreement and plan are issued."""
    who, diary = Who("O6", "叶知微"), Diary("O6", "(b) ")
    rest = {"温如许": "77", "季北辰": "82.5"}
    diary.on(TUESDAY, "另两位专家锁定评分表", lambda city: city.score("O6", "admission", rest))
    diary.on(
        date(2026, 11, 25),
        "拟入驻并公示",
        lambda city: city.incubation(
            "O6", "admit", MANAGER, mode="resident", room="石桥镇服务站二层", opinion="同意入驻"
        ),
    )
    diary.on(PUBLICITY_OVER, "公示期满，计时器准予入驻和出壳", pull_publicity_timers, after_flows=True)
    do.sign(diary, who, planned=PUBLICITY_OVER, signed=LAST_DAY, started=LAST_DAY, starts_on=date(2026, 12, 7))
    return diary.steps


def pull_publicity_timers(city: City) -> None:
    """What the timers flow does when a publicity is over: both cases move by themselves."""
    moved = {one.case_number: one.state for one in pull_timers(city.database, now=city.now)}
    wanted = {city.cases["O6"]: "ADMITTED", city.cases["O9"]: "GRADUATED"}
    if moved != wanted:
        raise StoryFailed(f"the timers moved {moved} instead of {wanted}")


def arbitration() -> list[Step]:
    """(c) One more evaluator scores O9: 83.75 without the extremes; all gates pass; it graduates as filed."""
    diary = Diary("O9", "(c) ")
    form = "graduation"

    def seat_reserve(city: City) -> None:
        city.arbitrate("O9", form, minutes="评审组讨论分差原因：对财务资料理解不一，补看凭证后增请一名专家独立评分。")
        city.declare("O9", form, [RESERVE])

    diary.on(TUESDAY, "仲裁：讨论记录，增请一名专家", seat_reserve)
    diary.on(TUESDAY, "第六位专家评83分", lambda city: city.score("O9", form, {RESERVE: "83"}))
    diary.on(TUESDAY, "登记出壳门槛", lambda city: city.incubation("O9", "record_gates", SECRETARY, gates=do.gates()))
    diary.on(
        date(2026, 11, 25),
        "拟出壳并公示",
        lambda city: city.incubation("O9", "approve_graduation", MANAGER, opinion="良好，建议备案出壳"),
    )
    return diary.steps


def recheck() -> list[Step]:
    """(d) O7 put both findings right; the held 5 400 are released and paid through three people."""
    who, diary = Who("O7", "田有禾"), Diary("O7", "(d) ")
    rechecks = [
        {"finding": "培训记录缺4次", "closed": True, "evidence": "4次签到表和记录已补齐"},
        {"finding": "3张凭证无明细", "closed": True, "evidence": "明细已补附并签字"},
    ]
    diary.on(
        TUESDAY, "提交整改复核", lambda city: city.incubation("O7", "report_recheck", CASE_MANAGER, rechecks=rechecks)
    )
    diary.on(TUESDAY, "整改合格，恢复孵化", lambda city: city.incubation("O7", "close_rectification", MANAGER))
    do.spend(diary, who, 1, on=TUESDAY, yuan="8640.00", what="农技讲座教材和场地布置", payee="石桥农资站（虚构）")
    do.payment(diary, who, 2, paid=date(2026, 12, 2), yuan=5_400, finding="整改复核通过")

    def refuse_maker(city: City) -> None:
        city.refused("case.role_missing", lambda: city.instalment("O7", 2, "approve_payment", MAKER))

    diary.on(date(2026, 11, 27), "制单人不能审批（系统拒绝）", refuse_maker)
    return diary.steps


def resumption() -> list[Step]:
    """(e) The shop of O8 is dry again; its term ends later by the days it was suspended."""
    diary = Diary("O8", "(e) ")
    diary.on(
        date(2026, 12, 1),
        "恢复孵化",
        lambda city: city.incubation("O8", "resume", MANAGER, cause_gone="管道已修复，场地验收合格"),
    )
    return diary.steps


def repayment() -> list[Step]:
    """(f) O11 repays the other 7 000 within its plan: nothing is owed any more and the recovery ends."""
    diary = Diary("O11", "(f) ")
    serial, day = "DEMO20261125R11", date(2026, 11, 25)

    def repay(city: City, yuan: int) -> None:
        city.recovery("O11", "record_repayment", PAYER, amount_fen=yuan * 100, bank_serial=serial, received_on=day)

    def refuse_more(city: City) -> None:
        city.refused("ledger.repayment_above_owed", lambda: repay(city, 7_001))

    diary.on(day, "多于尚欠的金额不能登记（系统拒绝）", refuse_more)
    diary.on(day, "归还7000元，全部还清", lambda city: repay(city, 7_000))
    return diary.steps


def certificate(city: City, key: str) -> DocumentLine:
    """The graduation certificate of the organization."""
    return next(one for one in city.page(city.cases[key]).documents if one.kind == "graduation_certificate")


def standing_of_certificate(city: City, key: str) -> str | None:
    """What the public verification page says about the organization's certificate."""
    with reading(city.database, city.now) as work:
        found = verification(work, certificate(city, key).verify_code)
    return found.standing if found else None


def revocation() -> list[Step]:
    """(h) The certificate of O2 verifies, is revoked for forged records after a hearing, and verifies as revoked."""
    diary = Diary("O2", "(h) ")
    reason = "经查，申报的部分服务记录系伪造"

    def expect(standing: str) -> Callable[[City], None]:
        def look(city: City) -> None:
            found = standing_of_certificate(city, "O2")
            city.notes.setdefault("certificate", []).append(found)
            if found != standing:
                raise StoryFailed(f"the certificate verifies as {found}, not {standing}")

        return look

    diary.on(TUESDAY, "扫码核验出壳证书：有效", expect("issued"), after_flows=True)
    diary.on(
        TUESDAY,
        "中心批准撤销出壳，听取陈述",
        lambda city: city.incubation("O2", "approve_revocation", MANAGER, reason=reason),
    )
    diary.on(
        date(2026, 12, 2),
        "民政部门撤销出壳",
        lambda city: city.incubation("O2", "revoke_graduation", DISTRICT_LEADER, reason=reason),
    )
    diary.on(date(2026, 12, 2), "扫码核验出壳证书：已撤销", expect("revoked"))
    return diary.steps


def remand() -> list[Step]:
    """(g) The review members hear both sides and remand O12 by 3:0; it is back in assessment with a fresh panel."""
    diary, form = Diary("O12", "(g) "), "admission"
    reason = "应当回避而未回避，影响评审公正，应当撤销原决定，另组评审组重新评审。"
    found = "评审专家江照野2025年3月自石桥镇社区社会组织服务中心离任，至评审之日不满两年，未声明，也未回避。"
    diary.on(
        TUESDAY,
        "听取申请人和评审方代表意见",
        lambda city: city.review(
            "O12", "record_hearing", SECRETARY, held_on=TUESDAY, applicant_said="专家与本会存在竞争关系。",
            evaluators_by=SECRETARY, evaluators_said="各专家独立评分；组成评审组时未掌握该任职情况。",
        ),
    )  # fmt: skip
    for name in REVIEW_MEMBERS:
        diary.on(
            date(2026, 11, 25),
            f"{name}记名表决：发回",
            lambda city, name=name: city.vote("O12", name, "remanded", reason=reason),
        )
    diary.on(
        date(2026, 11, 25),
        "作出复核决定",
        lambda city: city.review("O12", "decide_review", REVIEW_MEMBERS[0], found=found),
    )
    diary.on(date(2026, 11, 26), "送达复核决定书", lambda city: city.review("O12", "serve_review", SECRETARY))

    def refuse_former(city: City) -> None:
        city.refused("assessment.sat_before_review", lambda: city.panel("O12", form, (*FRESH_PANEL[:4], "顾南乔")))

    diary.on(date(2026, 11, 30), "原评审专家不再参加（系统拒绝）", refuse_former, after_flows=True)
    diary.on(date(2026, 11, 30), "另组评审组", lambda city: city.panel("O12", form, FRESH_PANEL))
    return diary.steps


SCRIPTS: tuple[Callable[[], list[Step]], ...] = (
    correction,
    admission,
    arbitration,
    recheck,
    resumption,
    repayment,
    remand,
    revocation,
    statement.steps,
)


def steps() -> list[Step]:
    """Every step of every script, in the order of their instants."""
    return sorted((step for script in SCRIPTS for step in script()), key=lambda step: step.at)

"""The papers of suspension, extension, prior notice, expulsion and exit say what the case itself holds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from documents.context import from_json
from documents.html import to_html
from documents.registry import kind_of
from services.assessments.rules import TOTAL
from services.cases import commands, reviewing
from services.cases.models import incubations
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.delivery.queries import drawer_of
from services.errors import Invalid
from services.issuance.models import issued_documents
from tests.database.office import PANEL, Office, open_office

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])

NUMBER = "YL-2026-0001"
GROUND = {"facts": "将资助款用于个人支出。", "evidence": "银行流水\n会计凭证", "basis": "资助协议第四条"}
MIDTERM_FAILED = [
    {"fact": "培训记录缺4次", "rule": "孵化协议第五条", "measure": "补齐记录"},
    {"fact": "3张凭证无明细", "rule": "资助协议第四条", "measure": "补附明细"},
]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    for one in open_office(database, organizations=1):
        one.incubating()
        yield one


def paper(office: Office, kind: str) -> Any:
    """What the latest paper of that kind on the case says, after its page was filled."""
    with reading(office.database, office.now) as work:
        inputs = work.connection.execute(
            select(issued_documents.c.inputs)
            .where(issued_documents.c.kind == kind)
            .order_by(issued_documents.c.decided_at.desc(), issued_documents.c.number.desc())
        ).scalar()
    assert inputs is not None, f"no {kind} was issued"
    context = from_json(kind_of(kind), inputs)
    assert context.head.number in to_html(kind, context)
    return context


def readers(office: Office, kind: str) -> set[str]:
    """Who has a paper of that kind in the drawer."""
    with reading(office.database, office.now) as work:
        found = set(
            work.connection.execute(select(issued_documents.c.id).where(issued_documents.c.kind == kind)).scalars()
        )
        return {name for name, actor in office.people.items() if found & drawer_of(work, actor)}


def paid(office: Office, fen: int = 500_000) -> None:
    """An award of twice the sum beside the case, its first half paid and confirmed."""
    award = office.awarded(NUMBER, 2 * fen)
    office.instruct(f"{award}-1")
    office.move("payer", f"{award}-1", "record_payment", bank_serial="S1", value_date="2026-03-20")
    office.carry()


def midterm_passed(office: Office) -> None:
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(update(incubations).values(midterm_passed_on=date(2026, 9, 11)))


def test_a_suspension_and_its_end_are_told_with_their_days_and_their_money(office: Office) -> None:
    office.awarded(NUMBER, 999_999)
    office.move("manager", NUMBER, "suspend", cause="供水管破裂", expected_to="2026-12-31")
    office.carry()
    suspended = paper(office, "suspension_notice")
    assert (suspended.suspended_from, suspended.expected_to) == (date(2026, 3, 20), date(2026, 6, 20))
    assert (suspended.cause, suspended.ends_on) == ("供水管破裂", date(2027, 3, 10))
    held = suspended.held_fen
    assert held == 500_000
    office.on(2026, 4, 20)
    office.move("manager", NUMBER, "resume", cause_gone="管道已修复")
    office.carry()
    resumed = paper(office, "resumption_notice")
    assert (resumed.days_suspended, resumed.old_end_date, resumed.new_end_date) == (
        31, date(2027, 3, 10), date(2027, 4, 10),
    )  # fmt: skip
    assert (resumed.released_fen, resumed.suspension_number) == (held, suspended.head.number)
    assert resumed.midterm_on == date(2026, 10, 12)
    assert readers(office, "suspension_notice") == readers(office, "resumption_notice") == {"applicant1"}


def test_an_extension_is_granted_with_its_conditions_and_refused_with_its_remedy(office: Office) -> None:
    office.on(2026, 9, 1)
    office.move("applicant1", NUMBER, "request_extension", reason="活动不足", gaps="补足活动4次")
    office.on(2026, 9, 3)
    office.move("manager", NUMBER, "refuse_extension", reason="补足计划不可行")
    refused = paper(office, "extension_decision")
    assert (refused.granted, refused.head.document_title) == (False, "不予延期决定书")
    assert (refused.applied_on, refused.old_end, refused.new_end) == (
        date(2026, 9, 1), date(2027, 3, 10), date(2027, 3, 10),
    )  # fmt: skip
    assert refused.remedy.period == "10个工作日"
    with reading(office.database, office.now) as work:
        (open_to_review,) = reviewing.decisions_of(work, office.subject(NUMBER))
    assert (open_to_review.row.code, open_to_review.document_number) == ("D16", refused.head.number)
    office.on(2026, 9, 7)
    office.move("applicant1", NUMBER, "request_extension", reason="活动不足", gaps="补足活动4次")
    office.move("manager", NUMBER, "grant_extension", months=3, conditions="须补足活动4次", opinion="计划可行")
    granted = paper(office, "extension_decision")
    assert (granted.granted, granted.new_end, granted.months) == (True, date(2027, 6, 10), 3)
    assert (granted.conditions, granted.reason, granted.remedy) == ("须补足活动4次", "计划可行", None)


def test_an_expulsion_repeats_what_was_told_before_and_says_what_is_owed_and_until_when(office: Office) -> None:
    paid(office)
    office.move("keeper", NUMBER, "propose_expulsion", **GROUND)
    office.move("manager", NUMBER, "start_expulsion", **GROUND)
    told = paper(office, "prior_notice")
    assert (told.facts, told.evidence, told.rule) == (GROUND["facts"], ("银行流水", "会计凭证"), "资助协议第四条")
    assert (told.days, told.hearing_due, told.barred_months) == (5, date(2026, 3, 27), 36)
    assert told.held_fen == 300_000
    assert [one.article for one in told.basis] == ["第三部分第（三）项", "第九条"]
    office.serve()
    office.on(2026, 4, 10)
    office.move("manager", NUMBER, "approve_expulsion", reason="属实")
    office.move("bureau", NUMBER, "expel", reason="情节严重", defence_summary="未采纳", recovery_fen=400_000)
    office.carry()
    decided = paper(office, "expulsion_decision")
    assert (decided.facts, decided.rule, decided.basis) == (told.facts, told.rule, told.basis)
    assert (decided.notice_number, decided.noticed_on) == (told.head.number, date(2026, 3, 20))
    assert (decided.handover_by, decided.barred_until) == (date(2026, 5, 6), date(2029, 4, 10))
    assert (decided.recovery_fen, decided.paid_fen, decided.copied_to) == (400_000, 500_000, "样例街道办事处")
    assert readers(office, "expulsion_decision") == {"applicant1", "street"}
    left = paper(office, "exit_confirmation")
    assert (left.reason, left.handover_by, left.unpaid_fen) == ("expulsion", decided.handover_by, 500_000)


def test_no_expulsion_asks_back_more_than_was_paid(office: Office) -> None:
    paid(office)
    office.move("keeper", NUMBER, "propose_expulsion", **GROUND)
    office.move("manager", NUMBER, "start_expulsion", **GROUND)
    office.serve()
    office.on(2026, 4, 10)
    office.move("manager", NUMBER, "approve_expulsion", reason="属实")
    with pytest.raises(Invalid) as refused:
        office.move("bureau", NUMBER, "expel", reason="属实", recovery_fen=500_001)
    assert (refused.value.codes, refused.value.facts["field"]) == (("input.out_of_range",), "recovery_fen")


def test_what_was_not_put_right_is_told_finding_by_finding(office: Office) -> None:
    office.on(2026, 9, 11)
    office.move("keeper", NUMBER, "start_midterm")
    office.move("manager", NUMBER, "order_rectification", findings=MIDTERM_FAILED)
    office.serve()
    office.on(2026, 9, 21)
    rechecks = [
        {"finding": "培训记录缺4次", "closed": True, "evidence": "签到表"},
        {"finding": "3张凭证无明细。", "closed": False, "evidence": "未补"},
    ]
    office.move("keeper", NUMBER, "report_recheck", rechecks=rechecks)
    office.move("manager", NUMBER, "fail_rectification")
    told = paper(office, "prior_notice")
    ordered = paper(office, "rectification_notice").head.number
    assert told.facts == "经2026年9月21日复核，整改通知书所列的下列问题未改正：3张凭证无明细。"
    assert told.evidence == (f"整改通知书（{ordered}）", "2026年9月21日整改复核记录")


def test_a_rectification_nobody_reported_is_told_with_its_last_day(office: Office) -> None:
    office.on(2026, 9, 11)
    office.move("keeper", NUMBER, "start_midterm")
    office.move("manager", NUMBER, "order_rectification", findings=MIDTERM_FAILED)
    office.serve()
    office.on(2026, 10, 20)
    office.move("manager", NUMBER, "fail_rectification")
    assert paper(office, "prior_notice").facts == "整改通知书所列问题，期限已于2026年10月12日届满，未改正。"


def test_a_suspension_that_never_ended_is_told_with_its_days(office: Office) -> None:
    office.move("manager", NUMBER, "suspend", cause="负责人空缺", expected_to="2026-04-10")
    office.on(2026, 4, 13)
    office.move("manager", NUMBER, "expel_after_suspension")
    told, suspended = paper(office, "prior_notice"), paper(office, "suspension_notice").head.number
    assert told.facts == "自2026年3月10日起中止孵化，中止期限于2026年4月10日届满，仍未恢复孵化。"
    assert told.evidence == (f"中止孵化通知书（{suspended}）",)


def test_a_failed_graduation_is_told_with_its_mean_after_its_report(office: Office) -> None:
    midterm_passed(office)
    office.on(2026, 10, 12)
    office.move("applicant1", NUMBER, "apply_graduation", summary="总结")
    office.move("clerk", NUMBER, "check_graduation_file")
    assessment = office.seat(NUMBER, "graduation")
    meeting = {"meets_on": "2026-10-20", "meets_at": "14:00", "place": "会议室", "recusal_due_on": "2026-10-16"}
    office.move("secretary", NUMBER, "open_graduation_review", **meeting)
    office.carry()
    weak = {one["id"]: "1" for one in office.round(NUMBER, "graduation").form_copy["criteria"]}
    said = dict.fromkeys((*weak, TOTAL), "缺少证据")
    for name in PANEL:
        by, at = office.people[name], {"assessment_id": assessment, "now": office.now}
        commands.save_sheet(office.database, by, items=weak, comments=said, **at)
        commands.lock_sheet(office.database, by, **at)
    office.move("manager", NUMBER, "fail_graduation")
    told, report = paper(office, "prior_notice"), paper(office, "graduation_report").head.number
    assert told.facts.startswith("出壳评估不合格：平均得分")
    assert told.facts.endswith("分，低于60分。")
    assert told.evidence == (f"出壳评估报告（{report}）",)


def test_a_withdrawal_is_confirmed_with_what_was_handed_back(office: Office) -> None:
    office.move("applicant1", NUMBER, "request_withdrawal", reason="骨干外出")
    office.move(
        "manager", NUMBER, "confirm_withdrawal", assets_returned=True, keys=2,
        assets=[{"name": "音响", "quantity": 1, "unit": "套", "state": "完好"}],
    )  # fmt: skip
    office.carry()
    left = paper(office, "exit_confirmation")
    assert (left.reason, left.handover_by, left.keys, left.room) == ("withdrawal", None, 2, "101室")
    assert [(one.name, one.quantity, one.unit) for one in left.assets] == [("音响", 1, "套")]
    assert "音响1套、钥匙2把已交还，没有需要退回的结余" in to_html("exit_confirmation", left)

"""An award from the call to the acceptance: nothing outside of a call, no more than the panel's median, no expense that
is not in order, nothing closed before what was left over went back.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from cli.demo.acting import picture
from services.applications.inspection import Upload
from services.applications.scanning import NoScanner
from services.assessments.queries import latest_round
from services.awards.commands import NewCall, open_call
from services.awards.queries import terms_of
from services.awards.spending import NewExpense
from services.cases import commands, spending
from services.cases.opening import NewAward
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, Refused
from services.funding.acts import MoneyBack, record_refund
from services.funding.models import budget_lines
from services.funding.queries import award as award_line
from services.organizations.operators import name_operator
from services.people.commands import grant_role
from statemachines.roles import Role
from tests.database.office import PANEL, Office, advice, open_office, refusal

AWARD_MARKS = {"B1": "17", "B2": "21", "B3": "17", "B4": "12", "B5": "8", "B6": "8"}
REPORT = {
    "report": "已完成", "outputs": [{"output": "活动", "agreed": "12次", "reached": "12次"}], "beneficiaries": 120,
    "satisfied": "95%",
}  # fmt: skip


pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""Guards, arithmetic and messages: nothing here depends on the database but the schema, which is tried on both."""


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def asked(office: Office, fen: int = 900_000, *, organization: int = 1, apply: bool = True, **terms: Any) -> str:
    """An application for an award that stands beside no incubation."""
    applicant = f"applicant{organization}"
    new = NewAward(
        office.city.organization_ids[organization - 1], office.city.centre_id, office.city.program_id,
        office.city.budget_line_id, "敲门", fen, office.account(organization), **terms,
    )  # fmt: skip
    number = commands.open_award(office.database, office.people[applicant], new, now=office.now).number
    if apply:
        office.move(applicant, number, "apply_award")
    return number


def codes(act: Any) -> tuple[str, ...]:
    return refusal(act)[1]


def scored(office: Office, fen: int = 900_000, *, score: str = "82.00", **more: Any) -> str:
    number = asked(office, fen, **more)
    office.move("keeper", number, "find_eligible")
    office.move("secretary", number, "record_award_result", sheets=advice(fen, score))
    return number


def executing(office: Office, fen: int = 900_000, **terms: Any) -> str:
    """An award in force, its first instalment paid and confirmed."""
    number = scored(office, fen, **terms)
    office.move("manager", number, "propose")
    office.on(2026, 3, 20)
    office.move("manager", number, "approve_first")
    office.move("bureau", number, "approve")
    office.move("applicant1", number, "sign_award", signed_by="队长")
    office.move("manager", number, "start_payments", signed_by="主任甲")
    office.carry()
    office.instruct(f"{number}-1")
    office.move("payer", f"{number}-1", "record_payment", bank_serial="S1", value_date="2026-03-20")
    office.move("applicant1", f"{number}-1", "confirm_receipt", received_on="2026-03-20", confirmed_by="队长")
    return number


def spend(office: Office, number: str, fen: int, invoice: str = "F1", **changed: Any) -> str:
    applicant = office.people["applicant1"]
    with reading(office.database, office.now) as work:
        item = spending.spending_of(work, applicant, number).items[changed.pop("item", 0)].item.id
    said = {"spent_on": date(2026, 3, 20), "what": "材料", "in_cash": False, **changed}
    new = NewExpense(item, said["spent_on"], said["what"], fen, invoice, "商店", said["in_cash"])
    return spending.enter_expense(
        office.database, applicant, new, number=number, upload=Upload("发票.png", picture(fen)), scanner=NoScanner(),
        now=office.now,
    )  # fmt: skip


# Calls --------------------------------------------------------------------------------------------


def test_nothing_is_applied_for_outside_of_a_call_for_others_or_above_its_ceiling(office: Office) -> None:
    def called(first: date, last: date, **more: Any) -> str:
        new = NewCall(office.city.program_id, "申报", "项目", first, last, 500_000, rolling=True, **more)
        with unit_of_work(office.database, office.now) as work:
            return open_call(work, new, opened_by=None)

    ended = called(date(2026, 1, 1), date(2026, 2, 27))
    for_others = called(date(2026, 3, 1), date(2026, 3, 31), categories=("CULTURE_SPORT",))
    low = called(date(2026, 3, 1), date(2026, 3, 31))
    for call, code in ((ended, "call_closed"), (for_others, "not_called_for"), (low, "above_call_ceiling")):
        number = asked(office, apply=False, call_id=call)
        assert f"award.{code}" in codes(lambda number=number: office.move("applicant1", number, "apply_award"))


def test_a_plan_totals_a_hundred_and_a_budget_the_sum_asked_for(office: Office) -> None:
    def wrong(**terms: Any) -> tuple[str, ...]:
        with pytest.raises(Invalid) as no:
            asked(office, apply=False, **terms)
        return no.value.codes

    assert wrong(plan=(50, 30, 19)) == ("award.plan_not_whole",)
    assert wrong(budget=(("材料", 800_000),)) == ("award.budget_not_the_sum",)
    assert wrong(budget=(("材料", 800_000), ("材料", 100_000))) == ("award.budget_item_twice",)
    number = asked(office, apply=False, plan=(100,))
    assert codes(lambda: office.move("applicant1", number, "apply_award")) == ("award.plan_not_fit",)


def test_what_to_correct_is_told_once_on_an_award_too(office: Office) -> None:
    number = asked(office)
    first = {"field": "预算表", "problem": "缺单价", "how_to_fix": "补单价"}
    office.move("keeper", number, "request_award_correction", items=[first])
    office.move("applicant1", number, "resubmit_award", answers=[{"answer": "已补"}],
                budget=[{"item": "材料", "amount_fen": 800_000}])  # fmt: skip
    more = {"field": "章程", "problem": "缺", "how_to_fix": "补"}
    assert codes(lambda: office.move("keeper", number, "request_award_correction", items=[more])) == (
        "correction.not_told_before",
    )
    with reading(office.database, office.now) as work:
        assert award_line(work, office.subject(number).case.id).requested_fen == 800_000


def test_the_operator_of_a_centre_is_awarded_nothing_by_it(office: Office) -> None:
    with unit_of_work(office.database, office.now) as work:
        grant_role(work, office.people["bureau"].id, Role.SECURITY_ADMINISTRATOR, valid_from=date(2026, 1, 1))
    security = office.again("bureau")
    name_operator(
        office.database, security, centre_id=office.city.centre_id, organization_id=office.city.organization_ids[0],
        operates_from=date(2026, 3, 1), now=office.now,
    )  # fmt: skip
    number = asked(office, apply=False)
    assert codes(lambda: office.move("applicant1", number, "apply_award")) == ("award.operator_itself",)
    assert office.state(asked(office, organization=2)) == "APPLIED"


# The panel ----------------------------------------------------------------------------------------


def test_an_award_is_the_median_of_what_the_panel_advised(office: Office) -> None:
    number = asked(office, 1_000_000)
    identity = office.seat(number, "award")
    office.move("keeper", number, "find_eligible")
    office.carry()
    for name, yuan in zip(PANEL, ("8000", "7,777.50", "12000"), strict=True):
        actor = office.people[name]
        commands.save_sheet(
            office.database, actor, assessment_id=identity, items=AWARD_MARKS, comments={"amount": yuan}, now=office.now
        )
        commands.lock_sheet(office.database, actor, assessment_id=identity, now=office.now)
    typed = advice(1_000_000)
    assert codes(lambda: office.move("secretary", number, "record_award_result", sheets=typed)) == (
        "award.scored_by_panel",
    )
    office.move("secretary", number, "record_award_result")
    with reading(office.database, office.now) as work:
        assert terms_of(work, office.subject(number).case.id).advised_fen == 800_000
    assert codes(lambda: office.move("manager", number, "propose", amount_fen=800_100)) == (
        "award.amount_above_advice",
    )
    assert codes(lambda: office.move("manager", number, "propose", amount_fen=700_000)) == ("award.less_unexplained",)
    office.move("manager", number, "propose")
    with reading(office.database, office.now) as work:
        assert award_line(work, office.subject(number).case.id).amount_fen == 800_000


def test_a_sheet_without_an_advised_amount_cannot_be_locked(office: Office) -> None:
    number = asked(office)
    identity = office.seat(number, "award")
    office.move("keeper", number, "find_eligible")
    office.carry()
    actor = office.people["evaluator1"]
    commands.save_sheet(
        office.database, actor, assessment_id=identity, items=AWARD_MARKS, comments={"amount": "八千"}, now=office.now
    )
    with pytest.raises(Invalid) as no:
        commands.lock_sheet(office.database, actor, assessment_id=identity, now=office.now)
    assert no.value.codes == ("assessment.amount_missing",)


def test_whoever_manages_an_award_never_scores_it_and_nobody_decides_on_the_own_organization(office: Office) -> None:
    number = asked(office)
    office.move("keeper", number, "find_eligible")
    with unit_of_work(office.database, office.now) as work:
        grant_role(work, office.people["keeper"].id, Role.EVALUATOR, valid_from=date(2026, 1, 1))
        for role in (Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER, Role.CASE_MANAGER):
            grant_role(work, office.people["applicant1"].id, role, valid_from=date(2026, 1, 1))
    panel = ("keeper", "evaluator2", "evaluator3")
    assert "case.duties_must_be_separate" in codes(lambda: office.seat(number, "award", panel))
    office.people["applicant1"] = office.again("applicant1")
    with pytest.raises(Forbidden):
        office.move("applicant1", number, "reject_award", reason="自己决定")


def test_below_the_mark_nothing_is_proposed_and_who_scored_higher_comes_first(office: Office) -> None:
    low = scored(office, score="69.99")
    assert codes(lambda: office.move("manager", low, "propose")) == ("award.mark_not_reached",)
    with unit_of_work(office.database, office.now) as work:
        work.connection.exec_driver_sql("update budget_lines set amount_fen = 1000000")
    second, first = scored(office, organization=2, score="80.00"), scored(office, score="85.00")
    assert codes(lambda: office.move("manager", second, "propose")) == ("award.better_scored_waits",)
    office.move("manager", first, "propose")
    office.move("manager", second, "propose")


# Spending -----------------------------------------------------------------------------------------


def test_an_expense_that_is_not_in_order_is_refused_with_every_reason(office: Office) -> None:
    number = executing(office)
    spend(office, number, 100_000, "044 00-1")
    cases = {
        "expense.invoice_used": {"invoice": "０４４００1"},
        "expense.outside_agreement": {"invoice": "F2", "spent_on": date(2026, 3, 1)},
        "expense.item_exceeded": {"invoice": "F3", "fen": 800_001},
        "expense.cash_too_much": {"invoice": "F4", "fen": 100_001, "in_cash": True},
    }
    for code, said in cases.items():
        fen = int(said.pop("fen", 1_000))  # type: ignore[call-overload]
        assert codes(lambda fen=fen, said=said: spend(office, number, fen, **said)) == (code,)
    both = codes(lambda: spend(office, number, 100_001, "F5", in_cash=True, spent_on=date(2026, 3, 21)))
    assert both == ("expense.outside_agreement", "expense.cash_too_much")
    spend(office, number, 100_000, "F6", in_cash=True)


def test_what_the_source_of_the_money_forbids_is_no_expense(office: Office) -> None:
    number = executing(office)
    spend(office, number, 1_000, "F1", what="公务接待费")
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(update(budget_lines).values(source="welfare_lottery", purpose="扶老"))
    assert codes(lambda: spend(office, number, 1_000, "F2", what="公务接待费")) == ("budget.use_forbidden",)
    spend(office, number, 1_000, "F3", what="老人活动器材")


def test_an_invoice_that_was_struck_out_may_be_entered_again(office: Office) -> None:
    number = executing(office)
    expense = spend(office, number, 100_000)
    spending.strike_expense(
        office.database, office.people["keeper"], expense_id=expense, reason="缺明细", now=office.now
    )
    spend(office, number, 100_000)
    with reading(office.database, office.now) as work:
        assert spending.spending_of(work, office.people["keeper"], number).spent_fen == 100_000


def test_exactly_a_tenth_of_an_item_is_shifted_freely_and_more_needs_the_manager(office: Office) -> None:
    number = executing(office, budget=(("材料", 500_000), ("场地", 400_000)))
    applicant, manager = office.people["applicant1"], office.people["manager"]

    def shift(fen: int) -> str:
        with reading(office.database, office.now) as work:
            material, place = (one.item.id for one in spending.spending_of(work, applicant, number).items)
        return spending.shift_budget(
            office.database, applicant, number=number, from_item_id=material, to_item_id=place, amount_fen=fen,
            reason="场地涨价", now=office.now,
        )  # fmt: skip

    assert [shift(50_000), shift(1)] == ["free", "waiting"]
    with reading(office.database, office.now) as work:
        page = spending.spending_of(work, manager, number)
    waiting = page.shifts[-1].id
    assert [one.item.amount_fen for one in page.items] == [450_000, 450_000]
    with pytest.raises(Forbidden):
        spending.decide_shift(office.database, applicant, shift_id=waiting, agrees=True, answer="", now=office.now)
    spending.decide_shift(office.database, manager, shift_id=waiting, agrees=True, answer="", now=office.now)
    with reading(office.database, office.now) as work:
        page = spending.spending_of(work, manager, number)
    assert [one.item.amount_fen for one in page.items] == [449_999, 450_001]


def test_the_next_instalment_waits_for_the_report_of_the_one_before(office: Office) -> None:
    number = executing(office)
    assert codes(lambda: office.move("manager", number, "confirm_progress", finding="过半")) == (
        "award.expenses_missing",
    )
    spend(office, number, 300_000)
    office.move("manager", number, "confirm_progress", finding="过半")
    office.carry()
    second = f"{number}-2"
    assert codes(lambda: office.move("applicant1", second, "request_instalment")) == (
        "instalment.earlier_not_reported",
    )
    spending.report_expenses(
        office.database, office.people["applicant1"], number=number, instalment=1, summary="材料", now=office.now
    )
    office.move("applicant1", second, "request_instalment")


# Acceptance ---------------------------------------------------------------------------------------


def accepted(office: Office, score: str) -> str:
    number = executing(office)
    spend(office, number, 300_000)
    office.move("applicant1", number, "request_acceptance", **REPORT)
    with reading(office.database, office.now) as work:
        audit = spending.spending_of(work, office.people["keeper"], number).audit
    if audit is not None and audit.missing:
        office.move("keeper", number, "record_audit", firm="会计师事务所", audit_number="1号", audit_opinion="clean")
    sheets = [{"evaluator": name, "score": score} for name in "甲乙丙"]
    office.move("secretary", number, "record_acceptance_result", sheets=sheets)
    return number


def test_an_accepted_award_closes_once_every_part_is_settled_and_the_balance_is_back(office: Office) -> None:
    number = accepted(office, "60.00")
    assert codes(lambda: office.move("manager", number, "fail_acceptance", reason="差")) == (
        "award.acceptance_reached",
    )
    office.move("manager", number, "accept_award", opinion="同意")
    office.carry()
    assert office.state(f"{number}-3") == "RELEASED"
    assert codes(lambda: office.move("manager", number, "close_award")) == (
        "award.instalments_open",
        "award.balance_not_returned",
    )
    back = MoneyBack(150_000, "R1", date(2026, 3, 20))
    case_id = office.subject(number).case.id
    record_refund(office.database, office.people["payer"], back, award_id=case_id, now=office.now)
    assert codes(lambda: office.move("manager", number, "close_award")) == ("award.instalments_open",)


def test_a_failed_acceptance_needs_two_offices_and_cancels_what_was_not_paid(office: Office) -> None:
    number = accepted(office, "59.99")
    assert codes(lambda: office.move("manager", number, "accept_award", opinion="同意")) == (
        "award.acceptance_not_reached",
    )
    assert codes(lambda: office.move("bureau", number, "confirm_failure")) == ("award.failure_not_found",)
    office.move("manager", number, "fail_acceptance", reason="产出不足六成")
    office.move("bureau", number, "confirm_failure")
    office.carry()
    assert [office.state(f"{number}-{part}") for part in (1, 2, 3)] == ["CONFIRMED", "CANCELLED", "CANCELLED"]
    assert office.state(number) == "TERMINATED"
    with reading(office.database, office.now) as work:
        assert latest_round(work, office.subject(number).case.id, "acceptance") is None


def test_refused_for_what_nobody_may_do_is_noted(office: Office) -> None:
    number = executing(office)
    with pytest.raises(Refused):
        spend(office, number, 10_000_000)
    assert ("expense:enter", "refused") in {(one.action, one.result) for one in office.trail(number)}

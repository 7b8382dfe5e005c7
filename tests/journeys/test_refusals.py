"""What the city's people may not do, however they try; the tests follow each other along the story of O1."""

from datetime import date
from typing import Any

import pytest

from cli.demo import phases as do
from cli.demo.acting import City, Diary, play
from cli.demo.phases import CHECKER, MAKER, MANAGER, Who
from services.audit.queries import entries_of
from services.cases.advance import AdvanceCase
from services.cases.commands import advance_case
from services.cases.turn import load_subject
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Refused, Stale
from services.people.commands import grant_role
from statemachines.roles import Role

WHO = Who("O1", "周暖")
STARTED, PAID = date(2026, 3, 2), date(2026, 10, 12)
REPORT = {"activities": 12, "beneficiaries": 100, "spend_fen": 100, "summary": "按计划开展", "satisfaction": "90%"}


def silent(_step: Any) -> None:
    """Tells nobody."""


def also(city: City, name: str, role: Role) -> None:
    """Give someone a second role."""
    with unit_of_work(city.database, city.now) as work:
        grant_role(work, city.founded.people[name], role, valid_from=date(2025, 1, 2))
    city._actors.clear()


@pytest.fixture(scope="module")
def entered(city: City) -> City:
    """O1 incubates and its award is in force; nothing is paid yet."""
    diary = Diary("O1")
    do.enter(diary, WHO, started=STARTED, marks="78 81.5 80 84 76.5", room="101室", plan="邻里互助")
    do.award(diary, WHO, paid=date(2026, 4, 27), yuan=24_000, source="county_budget", project="一键敲门")
    play(city, diary.steps, told=silent)
    return city


def test_a_move_on_an_old_version_is_stale_and_leaves_the_case_as_it_was(entered: City) -> None:
    number = entered.cases["O1"]
    before = entered.page(number).line
    command = AdvanceCase(number, "suspend", before.version - 1, {"cause": "停电", "expected_to": "2026-06-01"})
    with pytest.raises(Stale) as stale:
        advance_case(entered.database, entered.actor(MANAGER), command, now=entered.now)
    assert stale.value.codes == ("case.stale",)
    assert entered.page(number).line == before


def test_an_applicant_may_not_decide_on_the_own_case(entered: City) -> None:
    with pytest.raises(Forbidden) as refused:
        entered.incubation("O1", "suspend", WHO.leader, cause="停电", expected_to=date(2026, 6, 1))
    assert refused.value.codes == ("case.role_missing",)


def test_an_applicant_who_was_also_made_manager_may_still_not_decide_on_it(entered: City) -> None:
    also(entered, WHO.leader, Role.CENTRE_MANAGER)
    with pytest.raises(Forbidden) as refused:
        entered.incubation("O1", "suspend", WHO.leader, cause="停电", expected_to=date(2026, 6, 1))
    assert refused.value.codes == ("case.duties_must_be_separate",)


def test_the_case_manager_may_not_score_the_own_case_even_as_an_evaluator(entered: City) -> None:
    also(entered, "赵未央", Role.EVALUATOR)
    with pytest.raises(Refused) as refused:
        entered.panel("O1", "midterm", ("顾南乔", "陆时雨", "赵未央"))
    assert refused.value.codes == ("case.duties_must_be_separate",)


def test_someone_who_left_the_organization_two_years_ago_or_less_may_not_sit_on_its_panel(entered: City) -> None:
    entered.apply("O6", "叶知微", plan="服务中心")
    with pytest.raises(Refused) as refused:
        entered.panel("O6", "admission", do.PANEL)
    assert refused.value.codes == ("assessment.evaluator_has_conflict",)


def test_a_second_instalment_waits_until_the_first_is_confirmed(entered: City) -> None:
    diary = Diary("O1")
    do.midterm(
        diary, WHO, due=date(2026, 9, 2), started=date(2026, 9, 2), scored=date(2026, 9, 11), marks="80 84 82 78 85",
        report=REPORT,
    )  # fmt: skip
    diary.on(date(2026, 9, 14), "通过", lambda city: city.incubation("O1", "pass_midterm", MANAGER))
    play(entered, diary.steps, told=silent)
    page = entered.page(entered.awards["O1"])
    assert {page.instalment_states[one.case_id].state for one in page.awards[0].instalments[:2]} == {"RELEASED"}
    with pytest.raises(Refused) as refused:
        entered.instalment("O1", 2, "request_instalment", WHO.leader)
    assert refused.value.codes == ("instalment.earlier_not_confirmed", "instalment.earlier_not_reported")


def test_the_maker_of_a_payment_may_not_approve_it_even_as_a_checker(entered: City) -> None:
    diary = Diary("O1")
    do.payment(diary, WHO, 1, paid=PAID, yuan=12_000, finding="协议已签订")
    until_made = [step for step in diary.steps if "审批拨付" not in step.text][:5]
    play(entered, until_made, told=silent)
    also(entered, MAKER, Role.FINANCE_CHECKER)
    with pytest.raises(Forbidden) as refused:
        entered.instalment("O1", 1, "approve_payment", MAKER)
    assert refused.value.codes == ("case.duties_must_be_separate",)
    assert entered.instalment("O1", 1, "approve_payment", CHECKER).state == "APPROVED"


def test_a_bank_serial_pays_once(entered: City) -> None:
    entered.instalment("O1", 1, "instruct_payment", MAKER)
    entered.owing.add("O1")
    entered.rest()
    entered.make_batch("O1", 1, MAKER)
    with pytest.raises(Refused) as refused:
        entered.release_batch("O1", 1, MAKER)
    assert refused.value.codes == ("access.forbidden",)
    entered.release_batch("O1", 1, do.PAYER)
    serial = {"bank_serial": "DEMO1", "value_date": entered.now.date()}
    assert entered.instalment("O1", 1, "record_payment", do.PAYER, **serial).state == "PAID"
    with pytest.raises(Refused):
        entered.instalment("O1", 1, "record_payment", do.PAYER, **serial)


def test_a_refusal_is_noted_in_the_audit_trail_of_the_case(entered: City) -> None:
    with reading(entered.database, entered.now) as work:
        trail = entries_of(work, load_subject(work, number=entered.cases["O1"]).case.id)
    refused = [one for one in trail if one.result == "refused"]
    assert ("case.stale",) in {one.reasons for one in refused}
    assert ("case.duties_must_be_separate",) in {one.reasons for one in refused}


def test_the_secretary_seats_nobody_when_no_arbitration_is_open(entered: City) -> None:
    with pytest.raises(Refused) as refused:
        entered.arbitrate("O1", "midterm", "邵听澜", minutes="讨论")
    assert refused.value.codes == ("assessment.no_arbitration_open",)

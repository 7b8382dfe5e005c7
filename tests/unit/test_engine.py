"""The engine answers one question: may this trigger be pulled here, by this person, on these facts."""

from dataclasses import replace
from datetime import date

import pytest

from statemachines import award, incubation, instalment
from statemachines.award.facts import AwardFacts
from statemachines.engine import Decision, Refusal, Standing, decide, offered, separated
from statemachines.incubation.facts import IncubationFacts
from statemachines.instalment.facts import InstalmentFacts
from statemachines.roles import Role
from statemachines.table import Issue, Move, Notify, Process, State

TODAY = date(2026, 11, 23)
FACTS = IncubationFacts(today=TODAY)
CASE = incubation.CURRENT


def _standing(*roles: Role, duties: tuple[str, ...] = ()) -> Standing:
    return Standing(frozenset(roles), frozenset(duties))


APPLICANT = _standing(Role.APPLICANT)
MANAGER = _standing(Role.CENTRE_MANAGER)


def _refusal(answer: Decision | Refusal) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


def test_an_open_row_gives_the_destination_and_what_is_then_owed() -> None:
    answer = decide(CASE, "DRAFT", "submit", standing=APPLICANT, facts=FACTS)
    assert isinstance(answer, Decision)
    assert (answer.move.code, answer.source, answer.dest) == ("T01", "DRAFT", "SUBMITTED")
    assert answer.effects == (Issue("receipt_slip"), Notify("application_received", (Role.INTAKE_CLERK,)))


def test_a_closed_row_gives_every_reason_at_once() -> None:
    facts = replace(FACTS, materials_missing=2, call_closed=True, on_serious_list=True)
    answer = _refusal(decide(CASE, "DRAFT", "submit", standing=APPLICANT, facts=facts))
    assert answer.nature == "not_yet"
    assert answer.reasons == ("application.materials_missing", "application.call_closed", "application.on_serious_list")


def test_a_trigger_of_no_row_is_unknown() -> None:
    answer = _refusal(decide(CASE, "DRAFT", "fly", standing=APPLICANT, facts=FACTS))
    assert (answer.nature, answer.reasons) == ("unknown", ("case.trigger_unknown",))


@pytest.mark.parametrize("trigger", ["to_GRADUATED", "may_submit", "trigger", "__class__"])
def test_the_library_s_own_ways_are_unknown_too(trigger: str) -> None:
    assert _refusal(decide(CASE, "DRAFT", trigger, standing=APPLICANT, facts=FACTS)).nature == "unknown"


def test_a_trigger_of_another_state_is_not_for_here() -> None:
    answer = _refusal(decide(CASE, "INCUBATING", "submit", standing=APPLICANT, facts=FACTS))
    assert (answer.nature, answer.reasons) == ("not_here", ("case.move_not_from_this_state",))


def test_a_person_without_the_role_is_forbidden_and_learns_nothing_of_the_facts() -> None:
    facts = replace(FACTS, materials_missing=2)
    answer = _refusal(decide(CASE, "DRAFT", "submit", standing=MANAGER, facts=facts))
    assert (answer.nature, answer.reasons) == ("forbidden", ("case.role_missing",))


def test_who_accepted_a_case_may_not_decide_it() -> None:
    facts = replace(FACTS, non_acceptance_proposed=True)
    both = _standing(Role.INTAKE_CLERK, Role.CENTRE_MANAGER, duties=("accept",))
    answer = _refusal(decide(CASE, "SUBMITTED", "not_accept", standing=both, facts=facts))
    assert (answer.nature, answer.reasons) == ("forbidden", ("case.duties_must_be_separate",))
    fresh = replace(both, duties=frozenset())
    assert isinstance(decide(CASE, "SUBMITTED", "not_accept", standing=fresh, facts=facts), Decision)


@pytest.mark.parametrize(("first", "second"), instalment.CURRENT.conflicts)
def test_separation_holds_in_both_orders(first: str, second: str) -> None:
    assert not separated(instalment.CURRENT, first, frozenset({second}))
    assert not separated(instalment.CURRENT, second, frozenset({first}))
    assert separated(instalment.CURRENT, first, frozenset({first}))


def test_maker_checker_and_payer_of_one_instalment_are_three_people() -> None:
    facts = InstalmentFacts(today=TODAY, earned=True)
    maker = _standing(Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER, duties=("make",))
    for state, trigger in (("CHECKED", "approve_payment"), ("SENT", "record_payment")):
        answer = _refusal(decide(instalment.CURRENT, state, trigger, standing=maker, facts=facts))
        assert answer.reasons == ("case.duties_must_be_separate",)


def test_two_approvals_of_a_large_award_come_from_two_people() -> None:
    facts = AwardFacts(today=TODAY, amount_fen=2_000_000, requested_fen=2_000_000, available_fen=2_000_000)
    facts = replace(facts, publicity_over=True, first_approval_given=True)
    same = _standing(Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER, duties=("decide",))
    assert _refusal(decide(award.CURRENT, "PUBLICITY", "approve", standing=same, facts=facts)).nature == "forbidden"
    other = _standing(Role.CIVIL_AFFAIRS_LEADER)
    assert isinstance(decide(award.CURRENT, "PUBLICITY", "approve", standing=other, facts=facts), Decision)


def test_the_timer_is_nobody_in_particular_and_joins_no_duties() -> None:
    facts = replace(FACTS, publicity_over=True)
    timer = _standing(Role.SYSTEM, duties=("accept", "decide"))
    assert isinstance(decide(CASE, "ADMISSION_PUBLICITY", "confirm_admission", standing=timer, facts=facts), Decision)


def test_a_person_who_was_given_the_timer_s_role_by_mistake_stays_bound_by_separation() -> None:
    facts = replace(FACTS, publicity_over=True)
    person = _standing(Role.SYSTEM, Role.CENTRE_MANAGER, duties=("accept",))
    answer = _refusal(decide(CASE, "ADMISSION_PUBLICITY", "confirm_admission", standing=person, facts=facts))
    assert answer.reasons == ("case.duties_must_be_separate",)


def test_of_several_rows_of_one_trigger_the_open_one_is_taken() -> None:
    for came_from in ("INCUBATING", "RECTIFYING", "SUSPENDED", "TERM_EXPIRED", "GRADUATION_REVIEW"):
        facts = replace(FACTS, came_from=came_from)
        answer = decide(CASE, "EXPULSION_PENDING", "accept_defence", standing=MANAGER, facts=facts)
        assert isinstance(answer, Decision)
        assert answer.dest == came_from


def test_of_several_closed_rows_the_one_with_the_fewest_reasons_speaks() -> None:
    facts = InstalmentFacts(today=TODAY, came_from="CHECKED", incubation_permits_money=False)
    answer = _refusal(decide(instalment.CURRENT, "HELD", "lift_hold", standing=MANAGER, facts=facts))
    assert answer.reasons == ("instalment.case_on_hold",)


def _closed(code: str, *, by: Role, reasons: int) -> Move[IncubationFacts]:
    guards = tuple((lambda _facts, n=n: f"reason.{code}{n}") for n in range(reasons))
    return Move(code, "go", "走", "go", ("HERE",), "THERE", (by,), guards)


def test_a_row_meant_for_somebody_else_does_not_hide_the_reasons_of_the_asker_s_own_row() -> None:
    process = Process(
        kind="walk",
        edition=1,
        zh="行",
        en="walk",
        initial="HERE",
        states=(State("HERE", "此", "here", "路"), State("THERE", "彼", "there", "路", final=True)),
        moves=(_closed("A", by=Role.SYSTEM, reasons=0), _closed("B", by=Role.APPLICANT, reasons=2)),
        facts=IncubationFacts,
    )
    answer = _refusal(decide(process, "HERE", "go", standing=APPLICANT, facts=FACTS))
    assert (answer.nature, answer.reasons) == ("not_yet", ("reason.B0", "reason.B1"))


def test_what_is_offered_is_every_row_of_the_asker_s_roles_with_its_reasons() -> None:
    facts = replace(FACTS, correction_items=1, materials_missing=3)
    offers = offered(CASE, "SUBMITTED", standing=_standing(Role.INTAKE_CLERK), facts=facts)
    assert {offer.move.code: offer.reasons for offer in offers} == {
        "T02": ("application.materials_missing",),
        "T03": (),
        "T06a": (),
    }


def test_nothing_is_offered_to_a_role_without_a_row_here_nor_after_the_end() -> None:
    assert offered(CASE, "SUBMITTED", standing=_standing(Role.AUDITOR), facts=FACTS) == ()
    assert offered(CASE, "EXPELLED", standing=_standing(*(set(Role) - {Role.SYSTEM})), facts=FACTS) == ()


def test_what_is_offered_open_is_what_decide_allows() -> None:
    everybody = _standing(*(set(Role) - {Role.SYSTEM}))
    for process, facts in ((CASE, FACTS), (instalment.CURRENT, InstalmentFacts(today=TODAY))):
        for state in process.states:
            for offer in offered(process, state.name, standing=everybody, facts=facts):
                answer = decide(process, state.name, offer.move.trigger, standing=everybody, facts=facts)
                if not offer.reasons:
                    assert isinstance(answer, Decision)
                    assert answer.move is offer.move

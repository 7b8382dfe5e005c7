"""What people at their desks do with a case besides moving it, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from services.actors import Actor
from services.audit.queries import entries_of
from services.cases import desk
from services.cases.advance import AdvanceCase, Advanced
from services.cases.commands import advance_case
from services.cases.queries import case_page
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.desk.absences import NewAbsence, absences_of, declare_absence, revoke_absence
from services.desk.models import acted_for
from services.desk.queries import claim_on, desk_history, requests_on
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.invariants.check import check
from services.notices.queries import notices_for
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database.office import MEETING, MONDAY, Office, open_office

FIRST_DAY = date(2020, 1, 1)
MORE = {
    "clerk2": ("受理员乙", Role.INTAKE_CLERK, None),
    "keeper2": ("专员乙", Role.CASE_MANAGER, None),
    "manager2": ("主任乙", Role.CENTRE_MANAGER, None),
    "treasurer": ("出纳乙", Role.FINANCE_PAYER, None),
    "elsewhere": ("外区局长", Role.CIVIL_AFFAIRS_LEADER, "220199"),
}


@dataclass
class Desks:
    """The office with a second person in some of its roles."""

    office: Office
    numbers: list[str] = field(default_factory=list)

    def actor(self, username: str) -> Actor:
        with reading(self.office.database, self.office.now) as work:
            return actor_named(work, username)

    def do(self, act: Callable[..., object], who: str, **more: object) -> object:
        self.office.now += timedelta(seconds=1)
        return act(self.office.database, self.actor(who), now=self.office.now, **more)

    def move(self, who: str, number: str, trigger: str, **details: object) -> Advanced:
        command = AdvanceCase(number, trigger, None, details)
        return advance_case(self.office.database, self.actor(who), command, now=self.office.now)

    def holder(self, number: str) -> str | None:
        identity = self.office.subject(number).case.id
        with reading(self.office.database, self.office.now) as work:
            found = claim_on(work, identity)
        return found.name if found else None

    def refused(self, act: Callable[..., object], who: str, **more: object) -> tuple[str, ...]:
        with pytest.raises(Refused) as refused:
            self.do(act, who, **more)
        return refused.value.codes

    def told(self, username: str) -> list[str]:
        with reading(self.office.database, self.office.now) as work:
            return [one.message for one in notices_for(work, self.actor(username).id)]

    def acts(self, number: str) -> list[str]:
        identity = self.office.subject(number).case.id
        with reading(self.office.database, self.office.now) as work:
            return [line.act for line in desk_history(work, identity, requests_on(work, identity))]

    def audited(self, number: str) -> list[tuple[str, str]]:
        identity = self.office.subject(number).case.id
        with reading(self.office.database, self.office.now) as work:
            return [(one.action, one.result) for one in entries_of(work, identity) if one.action.startswith("desk:")]

    def away(self, who: str, substitute: str, *roles: Role, days: int = 30, **more: object) -> str:
        new = NewAbsence(
            substitute, tuple(role.value for role in roles), MONDAY, MONDAY + timedelta(days=days), "年休假"
        )
        return str(self.do(declare_absence, who, new=new, **more))


@pytest.fixture
def desks(database: Database) -> Iterator[Desks]:
    for office in open_office(database):
        yield _second_people(office)


def _second_people(office: Office) -> Desks:
    with unit_of_work(office.database, office.now) as work:
        for username, (name, role, division) in MORE.items():
            person = add_person(work, username=username, name=name)
            grant_role(work, person, role, valid_from=FIRST_DAY, division_code=division)
    return Desks(office)


# ---- claims ------------------------------------------------------------------------------------------------------


def test_a_claim_keeps_others_from_deciding_for_half_an_hour(desks: Desks) -> None:
    number = desks.office.submitted()
    desks.do(desk.claim_case, "clerk", number=number)
    with pytest.raises(Refused) as refused:
        desks.move("clerk2", number, "accept_application")
    assert refused.value.codes == ("desk.held_by_another",)
    assert (refused.value.facts["holder"], refused.value.facts["minutes"]) == ("受理员甲", 30)
    desks.office.now += timedelta(minutes=31)
    assert desks.holder(number) == "受理员甲"
    assert desks.move("clerk2", number, "accept_application").state == "ACCEPTED"
    assert desks.holder(number) is None


def test_a_claim_is_no_obstacle_for_its_holder_the_applicant_and_the_timer(desks: Desks) -> None:
    number = desks.office.submitted()
    desks.do(desk.claim_case, "clerk", number=number)
    assert desks.move("applicant1", number, "withdraw_application", reason="不办了").state == "WITHDRAWN_BY_APPLICANT"
    other = desks.office.submitted(2)
    desks.do(desk.claim_case, "clerk", number=other)
    assert desks.move("clerk", other, "accept_application").state == "ACCEPTED"


def test_only_one_person_holds_a_case_and_claiming_again_renews(desks: Desks) -> None:
    number = desks.office.submitted()
    desks.do(desk.claim_case, "clerk", number=number)
    assert desks.refused(desk.claim_case, "clerk2", number=number) == ("desk.held_by_another",)
    desks.office.now += timedelta(minutes=20)
    desks.do(desk.claim_case, "clerk", number=number)
    desks.office.now += timedelta(minutes=20)
    assert desks.refused(desk.claim_case, "clerk2", number=number) == ("desk.held_by_another",)
    desks.office.now += timedelta(minutes=20)
    desks.do(desk.claim_case, "clerk2", number=number)
    assert desks.holder(number) == "受理员乙"


def test_the_holder_or_the_manager_releases_a_case_and_nobody_else(desks: Desks) -> None:
    number = desks.office.submitted()
    assert desks.refused(desk.release_case, "clerk", number=number) == ("desk.not_claimed",)
    desks.do(desk.claim_case, "clerk", number=number)
    assert desks.refused(desk.release_case, "clerk2", number=number) == ("access.forbidden",)
    desks.do(desk.release_case, "clerk", number=number)
    desks.do(desk.claim_case, "clerk", number=number)
    desks.do(desk.release_case, "manager", number=number)
    assert desks.holder(number) is None
    assert ("desk:release", "refused") in desks.audited(number)


def test_who_can_do_nothing_here_claims_nothing(desks: Desks) -> None:
    number = desks.office.submitted()
    assert desks.refused(desk.claim_case, "payer", number=number) == ("case.role_missing",)
    assert desks.refused(desk.claim_case, "applicant1", number=number) == ("access.forbidden",)


# ---- hand over, delegate, opinions -------------------------------------------------------------------------------


def test_handing_over_moves_the_claim_and_can_be_taken_back(desks: Desks) -> None:
    number = desks.office.submitted()
    request = desks.do(desk.hand_over, "clerk", number=number, to="clerk2", note="我下午外出")
    assert desks.holder(number) == "受理员乙"
    assert desks.told("clerk2")[0] == "desk_hand_over"
    assert desks.refused(desk.take_back, "clerk2", request_id=request) == ("desk.not_yours",)
    desks.do(desk.take_back, "clerk", request_id=request)
    assert desks.holder(number) == "受理员甲"
    assert desks.refused(desk.take_back, "clerk", request_id=request) == ("desk.closed",)
    assert desks.acts(number) == ["hand_over", "hand_over_withdrawn"]


def test_a_case_is_handed_over_only_to_somebody_who_may_do_it(desks: Desks) -> None:
    number = desks.office.submitted()
    for unfit in ("keeper", "elsewhere", "evaluator1", "applicant2"):
        codes = desks.refused(desk.hand_over, "clerk", number=number, to=unfit, note="请办理")
        assert codes == ("desk.colleague_unfit",), unfit
    with pytest.raises(Invalid):
        desks.do(desk.hand_over, "clerk", number=number, to="clerk", note="请办理")


def test_what_is_delegated_comes_back_with_the_answer(desks: Desks) -> None:
    number = desks.office.submitted()
    request = desks.do(desk.delegate, "clerk", number=number, to="keeper", note="请核对场地材料")
    assert desks.holder(number) == "专员甲"
    desks.do(desk.answer_request, "keeper", request_id=request, opinion="done", answer="材料属实")
    assert desks.holder(number) == "受理员甲"
    assert "desk_answered" in desks.told("clerk")


def test_nothing_is_decided_while_an_opinion_is_waited_for(desks: Desks) -> None:
    number = desks.office.submitted()
    requests = desks.do(desk.ask_opinions, "clerk", number=number, to=["keeper", "manager"], note="拟受理")
    assert isinstance(requests, tuple)
    with pytest.raises(Refused) as refused:
        desks.move("clerk", number, "accept_application")
    assert refused.value.codes == ("desk.countersignature_open",)
    assert set(refused.value.facts["names"]) == {"专员甲", "主任甲"}
    with reading(desks.office.database, desks.office.now) as work:
        offers = {one.trigger: one.reasons for one in case_page(work, desks.actor("clerk"), number).offers}
    assert offers["accept_application"] == ("desk.countersignature_open",)
    desks.do(desk.answer_request, "keeper", request_id=requests[0], opinion="disagree", answer="缺少场地证明")
    desks.do(desk.take_back, "clerk", request_id=requests[1])
    assert desks.move("clerk", number, "accept_application").state == "ACCEPTED"
    assert desks.acts(number)[-2:] == ["countersign_disagree", "countersign_withdrawn"]


def test_a_gate_that_is_left_out_would_be_seen(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desks.office.submitted()
    desks.do(desk.ask_opinions, "clerk", number=number, to=["keeper"], note="拟受理")
    monkeypatch.setattr("services.cases.advance.gate", lambda *_: None)
    assert desks.move("clerk", number, "accept_application").state == "ACCEPTED"


def test_a_disagreement_needs_words_and_an_answer_comes_once(desks: Desks) -> None:
    number = desks.office.submitted()
    (request,) = desks.do(desk.ask_opinions, "clerk", number=number, to=["keeper"], note="拟受理")  # type: ignore[misc]
    with pytest.raises(Invalid):
        desks.do(desk.answer_request, "keeper", request_id=request, opinion="disagree")
    with pytest.raises(Invalid):
        desks.do(desk.answer_request, "keeper", request_id=request, opinion="declined", answer="不会")
    desks.do(desk.answer_request, "keeper", request_id=request, opinion="agree")
    assert desks.refused(desk.answer_request, "keeper", request_id=request, opinion="agree") == ("desk.closed",)
    with pytest.raises(NotFound):
        desks.do(desk.answer_request, "payer", request_id=request, opinion="agree")


def test_leaving_the_state_closes_what_was_asked_for_it(desks: Desks) -> None:
    number = desks.office.submitted()
    desks.do(desk.ask_opinions, "clerk", number=number, to=["keeper"], note="拟补正")
    items = [{"field": "场地证明", "problem": "缺页", "how_to_fix": "补齐"}]
    desks.move("clerk", number, "request_correction", items=items)
    identity = desks.office.subject(number).case.id
    with reading(desks.office.database, desks.office.now) as work:
        assert [one.standing for one in requests_on(work, identity)] == ["overtaken"]


# ---- nudges and copies -------------------------------------------------------------------------------------------


def test_a_case_is_nudged_once_a_day_and_the_people_waited_for_are_told(desks: Desks) -> None:
    number = desks.office.submitted()
    assert desks.do(desk.nudge_case, "applicant1", number=number) == 2
    assert desks.told("clerk")[0] == desks.told("clerk2")[0] == "desk_nudged"
    assert desks.refused(desk.nudge_case, "manager", number=number) == ("desk.nudged_today",)
    desks.office.now += timedelta(days=1)
    desks.do(desk.claim_case, "clerk2", number=number)
    assert desks.do(desk.nudge_case, "applicant1", number=number) == 1
    assert desks.acts(number) == ["nudge", "claim", "nudge"]


def test_a_copy_never_lets_anybody_see_more(desks: Desks) -> None:
    number = desks.office.submitted()
    assert desks.refused(desk.copy_case, "clerk", number=number, to=["elsewhere"]) == ("desk.colleague_unfit",)
    desks.do(desk.copy_case, "clerk", number=number, to=["manager", "street"], note="请知悉")
    assert desks.told("street")[0] == "desk_copied"
    assert desks.acts(number) == ["copy", "copy"]


# ---- absences ----------------------------------------------------------------------------------------------------


def test_a_substitute_acts_in_the_absent_person_s_role_and_the_move_says_for_whom(desks: Desks) -> None:
    number = desks.office.submitted()
    with pytest.raises(Forbidden):
        desks.move("treasurer", number, "accept_application")
    desks.away("clerk", "treasurer", Role.INTAKE_CLERK)
    assert desks.told("treasurer") == ["absence_declared"]
    assert desks.move("treasurer", number, "accept_application").state == "ACCEPTED"
    move = desks.office.subject(number).moves[-1]
    assert (move.role, move.actor_id, move.for_id) == (
        "intake_clerk", desks.actor("treasurer").id, desks.actor("clerk").id,
    )  # fmt: skip
    with reading(desks.office.database, desks.office.now) as work:
        entries = entries_of(work, desks.office.subject(number).case.id)
        assert work.connection.scalar(select(acted_for.c.person_id)) == desks.actor("clerk").id
    assert entries[-1].details["on_behalf_of"] == desks.actor("clerk").id
    assert broken(desks) == []


def broken(desks: Desks) -> list[str]:
    return [str(one) for one in check(desks.office.database, now=desks.office.now)]


def test_what_a_substitute_did_binds_both(desks: Desks) -> None:
    """The clerk accepted through a substitute: neither of them may decide the same case later."""
    number = desks.office.submitted()
    desks.away("clerk", "treasurer", Role.INTAKE_CLERK)
    desks.move("treasurer", number, "accept_application")
    with unit_of_work(desks.office.database, desks.office.now) as work:
        for username in ("clerk", "treasurer"):
            grant_role(work, actor_named(work, username).id, Role.CENTRE_MANAGER, valid_from=FIRST_DAY)
    desks.move("keeper", number, "begin_preliminary_review", lists_checked=True, visitors=2, eligible=True, report="可")
    desks.office.seat(number, "admission")
    for username in ("clerk", "treasurer"):
        with pytest.raises(Forbidden) as refused:
            desks.move(username, number, "open_admission_review", **MEETING)
        assert refused.value.codes == ("case.duties_must_be_separate",), username
    assert desks.move("manager", number, "open_admission_review", **MEETING).state == "ADMISSION_REVIEW"


def test_a_delegation_counted_for_the_substitute_only_would_be_seen(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cases.standing.counted_for", lambda actor, _absent: (actor,))
    with pytest.raises(pytest.fail.Exception):
        test_what_a_substitute_did_binds_both(desks)


def test_what_the_absent_person_did_before_binds_the_substitute(desks: Desks) -> None:
    """The absent manager once accepted this very case as a clerk: no substitute may decide it in the manager's name."""
    number = desks.office.submitted()
    with unit_of_work(desks.office.database, desks.office.now) as work:
        grant_role(work, actor_named(work, "manager2").id, Role.INTAKE_CLERK, valid_from=FIRST_DAY)
    desks.move("manager2", number, "accept_application")
    desks.move("keeper", number, "begin_preliminary_review", lists_checked=True, visitors=2, eligible=True, report="可")
    desks.office.seat(number, "admission")
    desks.away("manager2", "treasurer", Role.CENTRE_MANAGER)
    with pytest.raises(Forbidden) as refused:
        desks.move("treasurer", number, "open_admission_review", **MEETING)
    assert refused.value.codes == ("case.absent_duties_must_be_separate",)


def test_an_absence_reaches_no_further_than_both_people_do(desks: Desks) -> None:
    """A bureau leader of another district represents ours: nothing there becomes visible, nothing can be done."""
    number = desks.office.reviewed()
    desks.away("bureau", "elsewhere", Role.CIVIL_AFFAIRS_LEADER)
    with pytest.raises(Forbidden) as refused:
        desks.move("elsewhere", number, "agree_admission", opinion="同意")
    assert refused.value.codes == ("case.role_missing",)
    with reading(desks.office.database, desks.office.now) as work, pytest.raises(NotFound):
        case_page(work, desks.actor("elsewhere"), number)


def test_an_absence_ends_with_its_last_day_with_the_role_and_when_revoked(desks: Desks) -> None:
    number = desks.office.submitted()
    identity = desks.away("clerk", "treasurer", Role.INTAKE_CLERK, days=2)
    desks.office.now += timedelta(days=3)
    with pytest.raises(Forbidden):
        desks.move("treasurer", number, "accept_application")
    desks.office.now -= timedelta(days=2)
    desks.do(revoke_absence, "clerk", absence_id=identity)
    with pytest.raises(Forbidden):
        desks.move("treasurer", number, "accept_application")
    assert desks.refused(revoke_absence, "clerk", absence_id=identity) == ("absence.over",)


def test_an_absence_that_would_break_separation_or_widen_rights_is_refused(desks: Desks) -> None:
    def refused(who: str, substitute: str, *roles: Role, days: int = 3) -> tuple[str, ...]:
        with pytest.raises(Refused) as error:
            desks.away(who, substitute, *roles, days=days)
        return error.value.codes

    assert refused("manager", "clerk", Role.CENTRE_MANAGER) == ("absence.joins_duties",)
    assert refused("maker", "checker", Role.FINANCE_MAKER) == ("absence.joins_duties",)
    assert refused("clerk", "clerk2", Role.CENTRE_MANAGER) == ("absence.role_not_delegable",)
    assert refused("clerk", "clerk2") == ("absence.role_not_delegable",)
    assert refused("clerk", "clerk", Role.INTAKE_CLERK) == ("absence.own_substitute",)
    assert refused("clerk", "clerk2", Role.INTAKE_CLERK, days=-1) == ("absence.dates_wrong",)
    assert refused("clerk", "clerk2", Role.INTAKE_CLERK, days=181) == ("absence.too_long",)
    assert refused("evaluator1", "clerk", Role.EVALUATOR) == ("access.forbidden",)
    desks.away("clerk", "clerk2", Role.INTAKE_CLERK)
    assert refused("clerk", "treasurer", Role.INTAKE_CLERK) == ("absence.overlaps",)


def test_others_absences_are_the_manager_s_business_only(desks: Desks) -> None:
    new = NewAbsence("clerk2", ("intake_clerk",), MONDAY, MONDAY, "病假", absent="clerk")
    assert desks.refused(declare_absence, "keeper", new=new) == ("access.forbidden",)
    identity = desks.do(declare_absence, "manager", new=new)
    with reading(desks.office.database, desks.office.now) as work:
        (line,) = absences_of(work, desks.actor("clerk").id)
    assert (line.id, line.person, line.substitute, line.standing(MONDAY)) == (
        identity, "受理员甲", "受理员乙", "running",
    )  # fmt: skip
    assert desks.refused(revoke_absence, "keeper", absence_id=identity) == ("access.forbidden",)

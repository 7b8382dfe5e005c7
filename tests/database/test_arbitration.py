"""A divided panel: minutes, one extra evaluator, the committee's vote by name; vetoes proved, confirmed or struck."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.assessments.committee import Vote, majority
from services.assessments.vetoes import Finding, findings_of
from services.cases import arbitrating, commands
from services.cases.results import RoundResult, round_result
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database.office import MARKS, Office, open_office

TOP = {"A1": "20", "A2": "20", "A3": "20", "A4": "15", "A5": "10", "A6": "8", "A7": "5"}
LOW = {"A1": "12", "A2": "12", "A3": "12", "A4": "9", "A5": "6", "A6": "6", "A7": "3"}
VETO = "forged_material"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    for one in open_office(database):
        with unit_of_work(database, one.now) as work:
            for username, name in (("evaluator4", "专家丁"), ("evaluator5", "专家戊")):
                person = add_person(work, username=username, name=name)
                grant_role(work, person, Role.EVALUATOR, valid_from=date(2026, 1, 1))
        with reading(database, one.now) as work:
            one.people |= {name: actor_named(work, name) for name in ("evaluator4", "evaluator5")}
        yield one


def lock(office: Office, number: str, who: str, *, veto: tuple[str, ...] = (), **marks: str) -> None:
    """Fill and lock one sheet, with the claims on it."""
    assessment, actor = office.round(number).id, office.people[who]
    commands.save_sheet(
        office.database, actor, assessment_id=assessment, items=MARKS["admission"] | marks, comments={"total": "说明"},
        veto=veto, now=office.now,
    )  # fmt: skip
    commands.lock_sheet(office.database, actor, assessment_id=assessment, now=office.now)


def seat_extra(office: Office, number: str, who: str = "evaluator4") -> None:
    assessment = office.round(number).id
    commands.add_extra_evaluator(
        office.database, office.people["secretary"], assessment_id=assessment, username=who, minutes="讨论分差原因",
        now=office.now,
    )  # fmt: skip
    commands.declare_interest(
        office.database, office.people[who], assessment_id=assessment, conflict=False, now=office.now
    )


def divided(office: Office) -> str:
    """A case whose panel stays divided after the extra sheet: 60, 60, 98, 98."""
    number = office.reviewed()
    for who, marks in (("evaluator1", LOW), ("evaluator2", TOP), ("evaluator3", LOW)):
        lock(office, number, who, **marks)
    seat_extra(office, number)
    lock(office, number, "evaluator4", **TOP)
    return number


def vote(office: Office, number: str, votes: list[Vote], *, by: str = "secretary") -> None:
    arbitrating.record_committee_vote(
        office.database, office.people[by], assessment_id=office.round(number).id, held_on=date(2026, 3, 2),
        minutes="委员会会议记录", votes=votes, now=office.now,
    )  # fmt: skip


def result(office: Office, number: str, who: str = "secretary") -> RoundResult:
    with reading(office.database, office.now) as work:
        return round_result(work, office.people[who], number=number, form="admission")


def ballots(*choices: str) -> list[Vote]:
    return [Vote(f"委员{place}", choice, "理由" if choice != "absent" else "") for place, choice in enumerate(choices)]


# The committee ------------------------------------------------------------------------------------


def test_a_panel_divided_after_the_extra_sheet_is_decided_by_the_committee_by_name(office: Office) -> None:
    number = divided(office)
    before = result(office, number)
    assert (before.awaits, before.round.mean) == ("vote", Decimal(79))
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "admit", mode="resident", room="101室")
    assert "assessment.arbitration_open" in refused.value.codes
    vote(office, number, ballots("fail", "fail", "fail", "pass", "absent"))
    after = result(office, number)
    assert (after.awaits, after.round.mean, after.round.arbitration_open) == ("", Decimal(79), False)
    assert after.meeting is not None
    assert [(one.member, one.choice) for one in after.meeting.votes][-1] == ("委员4", "absent")
    assert "全体委员5人，3人赞成“不合格”" in after.explanation_zh[-1]
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "admit", mode="resident", room="101室")
    assert refused.value.codes == ("assessment.mark_not_reached",)


def test_a_vote_for_passing_lets_the_case_pass_and_keeps_the_printed_mean(office: Office) -> None:
    number = divided(office)
    vote(office, number, ballots("pass", "pass", "fail"))
    office.move("manager", number, "admit", mode="resident", room="101室")
    assert office.state(number) == "ADMISSION_PUBLICITY"
    assert office.round(number).mean == Decimal(79)


def test_the_majority_is_of_all_members_the_absent_too(office: Office) -> None:
    assert majority(ballots("pass", "pass", "absent", "absent")) is None
    assert majority(ballots("pass", "pass", "pass", "absent", "fail")) == "pass"
    number = divided(office)
    with pytest.raises(Refused) as refused:
        vote(office, number, ballots("pass", "pass", "absent", "absent"))
    assert refused.value.codes == ("assessment.no_majority",)
    assert result(office, number).meeting is None


def test_the_committee_votes_only_after_the_extra_evaluator_and_nobody_votes_twice_or_for_the_panel(
    office: Office,
) -> None:
    number = office.reviewed()
    for who, marks in (("evaluator1", LOW), ("evaluator2", TOP), ("evaluator3", LOW)):
        lock(office, number, who, **marks)
    with pytest.raises(Refused) as refused:
        vote(office, number, ballots("pass", "pass", "pass"))
    assert refused.value.codes == ("assessment.extra_first",)
    seat_extra(office, number)
    with pytest.raises(Refused) as refused:
        seat_extra(office, number, "evaluator5")
    assert refused.value.codes == ("assessment.extra_seated_already",)
    lock(office, number, "evaluator4", **TOP)
    scored = office.round(number).seats[0].name
    for votes, code in (
        ([*ballots("pass", "pass"), Vote("委员0", "pass", "理由")], "assessment.member_twice"),
        ([*ballots("pass", "pass"), Vote(scored, "pass", "理由")], "assessment.member_scored"),
        ([*ballots("pass", "pass"), Vote("委员9", "pass", " ")], "assessment.vote_reason_missing"),
        (ballots("pass", "pass"), "assessment.committee_too_small"),
        (ballots("pass", "pass", "maybe"), "input.not_a_choice"),
    ):
        with pytest.raises(Refused) as refused:
            vote(office, number, votes)
        assert refused.value.codes == (code,)
    with pytest.raises(Forbidden):
        vote(office, number, ballots("pass", "pass", "pass"), by="manager")


# Vetoes -------------------------------------------------------------------------------------------


def claimed(office: Office, *claimants: str) -> str:
    number = office.reviewed()
    for who in ("evaluator1", "evaluator2", "evaluator3"):
        lock(office, number, who, veto=(VETO,) if who in claimants else ())
    return number


def finding(office: Office, number: str) -> Finding:
    with reading(office.database, office.now) as work:
        return findings_of(work, office.round(number).id)[0]


def prove(office: Office, number: str) -> None:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "PNG")
    arbitrating.prove_veto(
        office.database, office.people["secretary"], assessment_id=office.round(number).id, veto=VETO,
        upload=Upload("核查.png", drawn.getvalue()), note="发票系伪造", scanner=scanner_at(""), now=office.now,
    )  # fmt: skip


def confirm(office: Office, number: str, who: str) -> None:
    arbitrating.confirm_veto(
        office.database, office.people[who], assessment_id=office.round(number).id, veto=VETO, now=office.now
    )


def rule(office: Office, number: str, *, upheld: bool, reason: str = "") -> None:
    arbitrating.rule_on_veto(
        office.database, office.people["manager"], assessment_id=office.round(number).id, veto=VETO, upheld=upheld,
        reason=reason, now=office.now,
    )  # fmt: skip


@pytest.mark.parametrize("claimants", [("evaluator2",), ("evaluator2", "evaluator3")])
def test_claims_alone_confirm_nothing_however_many_share_them(office: Office, claimants: tuple[str, ...]) -> None:
    number = claimed(office, *claimants)
    found = result(office, number)
    assert (found.awaits, found.round.mean, found.findings[0].awaits) == ("veto", Decimal(78), "evidence")
    assert (found.round.outcome or {})["vetoed"] is False


def test_a_veto_needs_evidence_the_lead_another_evaluator_and_the_manager(office: Office) -> None:
    number = claimed(office, "evaluator2")
    with pytest.raises(Refused) as refused:
        confirm(office, number, "evaluator1")
    assert refused.value.codes == ("assessment.veto_evidence_missing",)
    prove(office, number)
    with pytest.raises(Refused) as refused:
        rule(office, number, upheld=True)
    assert refused.value.codes == ("assessment.veto_panel_first",)
    with pytest.raises(Refused) as refused:
        confirm(office, number, "evaluator2")
    assert refused.value.codes == ("assessment.veto_own_claim",)
    confirm(office, number, "evaluator1")
    with pytest.raises(Refused) as refused:
        confirm(office, number, "evaluator1")
    assert refused.value.codes == ("assessment.veto_confirmed_already",)
    confirm(office, number, "evaluator3")
    assert finding(office, number).awaits == "manager"
    rule(office, number, upheld=True)
    after = result(office, number)
    stored = after.round.outcome or {}
    assert (after.awaits, stored["vetoed"], stored["band"], after.round.mean) == ("", True, "fail", Decimal(78))
    assert any("一票否决，结果为不合格" in line for line in after.explanation_zh)
    with pytest.raises(Refused) as refused:
        office.move("manager", number, "admit", mode="resident", room="101室")
    assert refused.value.codes == ("assessment.mark_not_reached",)


def test_a_refuted_veto_is_struck_with_its_reason_in_the_log(office: Office) -> None:
    number = claimed(office, "evaluator2", "evaluator3")
    with pytest.raises(Invalid):
        rule(office, number, upheld=False)
    rule(office, number, upheld=False, reason="发票经核为真")
    after = result(office, number)
    assert (after.awaits, after.findings[0].standing) == ("", "refuted")
    assert office.trail(number)[-1].action == "assessment:refute_veto"
    assert office.trail(number)[-1].details["reason"] == "发票经核为真"
    office.move("manager", number, "admit", mode="resident", room="101室")
    assert office.state(number) == "ADMISSION_PUBLICITY"


def test_only_lead_and_manager_strike_and_only_the_panel_confirms(office: Office) -> None:
    number = claimed(office, "evaluator2")
    assessment = office.round(number).id
    for who, error in (("evaluator3", Refused), ("evaluator4", NotFound), ("clerk", Forbidden)):
        with pytest.raises(error):
            arbitrating.refute_veto(
                office.database, office.people[who], assessment_id=assessment, veto=VETO, reason="不实", now=office.now
            )
    with pytest.raises(Forbidden):
        arbitrating.rule_on_veto(
            office.database, office.people["secretary"], assessment_id=assessment, veto=VETO, upheld=False,
            reason="不实", now=office.now,
        )  # fmt: skip
    arbitrating.refute_veto(
        office.database, office.people["evaluator1"], assessment_id=assessment, veto=VETO, reason="不实",
        now=office.now,
    )  # fmt: skip
    assert finding(office, number).standing == "refuted"


def test_nobody_without_the_right_to_scores_reads_a_result(office: Office) -> None:
    number = claimed(office, "evaluator2")
    for who in ("evaluator1", "applicant1", "keeper"):
        with pytest.raises(NotFound):
            result(office, number, who)

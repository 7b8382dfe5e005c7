"""A version of the rules is proposed by one, approved by another, waits for its day, and then never changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.actors import Actor
from services.audit.queries import entries_of
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, Refused, ServiceError
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.rulesets.acts import approve_rule_set, propose_rule_set, refuse_rule_set, withdraw_rule_set
from services.rulesets.commands import rule_set_on, seed_rule_set
from services.rulesets.models import rule_set_proposals, rule_set_withdrawals, rule_sets
from services.rulesets.queries import proposals, versions
from services.rulesets.rules import fields
from services.rulesets.withdrawing import ask_withdrawal, confirm_withdrawal, refuse_withdrawal
from statemachines.roles import Role
from tests.database_fixtures import NOW

NEXT_MONTH = NOW.date() + timedelta(days=30)
PEOPLE = {
    "manager": Role.CENTRE_MANAGER,
    "leader": Role.CIVIL_AFFAIRS_LEADER,
    "second": Role.CIVIL_AFFAIRS_LEADER,
    "clerk": Role.INTAKE_CLERK,
}


@pytest.fixture
def people(database: Database) -> dict[str, Actor]:
    """A seeded installation and whoever has a part in its rules."""
    with unit_of_work(database, NOW) as work:
        seed_rule_set(work)
        for username, role in PEOPLE.items():
            identity = add_person(work, username=username, name=f"某{username}")
            grant_role(work, identity, role, valid_from=date(2020, 1, 1))
        identity = add_person(work, username="both", name="身兼两职")
        for role in (Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER):
            grant_role(work, identity, role, valid_from=date(2020, 1, 1))
    with reading(database, NOW) as work:
        return {username: actor_named(work, username) for username in (*PEOPLE, "both")}


def propose(database: Database, actor: Actor, day: date = NEXT_MONTH, **given: str) -> str:
    typed = {key.replace("__", "."): text for key, text in (given or {"limit__publicity": "7"}).items()}
    return propose_rule_set(database, actor, given=typed, valid_from=day, source="河湾民发〔2026〕9号", now=NOW)


def codes(error: pytest.ExceptionInfo[ServiceError]) -> tuple[str, ...]:
    return error.value.codes


def test_every_number_of_the_shipped_rules_is_described(database: Database, people: dict[str, Actor]) -> None:
    assert people
    with reading(database, NOW) as work:
        rules = rule_set_on(work, NOW.date())
    described = {field.key for field in fields()}
    assert described == {f"{section}.{name}" for section, entries in rules.numbers.items() for name in entries}


def test_a_version_counts_from_its_day_and_tells_what_it_changed(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["manager"], limit__publicity="7", score__admission_pass="72.5")
    approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    with reading(database, NOW) as work:
        assert rule_set_on(work, NEXT_MONTH - timedelta(days=1)).limit("publicity") == (5, "working_days")
        assert rule_set_on(work, NEXT_MONTH).limit("publicity") == (7, "working_days")
        assert str(rule_set_on(work, NEXT_MONTH).mark("score.admission_pass")) == "72.5"
        coming, first = versions(work)
    assert (coming.standing, first.standing) == ("coming", "in_force")
    assert [(one.field.key, one.before, one.after) for one in coming.changes] == [
        ("limit.publicity", [5, "working_days"], [7, "working_days"]),
        ("score.admission_pass", 70, "72.5"),
    ]
    assert coming.changes[0].words("en") == ("5 working days", "7 working days")
    assert (coming.proposed_by, coming.approved_by) == ("某manager", "某leader")


def test_both_people_are_in_the_audit_log(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["manager"])
    with pytest.raises(Forbidden):
        approve_rule_set(database, people["clerk"], proposal_id=identity, now=NOW)
    approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    with reading(database, NOW) as work:
        told = [(one.actor_name, one.action, one.result) for one in entries_of(work, "rule_sets")]
    assert told == [
        ("某manager", "rules:propose", "done"),
        ("某clerk", "rules:approve", "refused"),
        ("某leader", "rules:approve", "done"),
    ]


def test_nobody_approves_or_refuses_an_own_proposal(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["both"])
    with pytest.raises(Forbidden) as refused:
        approve_rule_set(database, people["both"], proposal_id=identity, now=NOW)
    assert codes(refused) == ("rule_set.two_people",)
    with pytest.raises(Forbidden):
        refuse_rule_set(database, people["both"], proposal_id=identity, reason="不妥", now=NOW)
    approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)


def test_the_database_itself_wants_two_people(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["manager"])
    approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    with pytest.raises(IntegrityError), unit_of_work(database, NOW) as work:
        work.connection.execute(update(rule_set_proposals).values(decided_by=people["manager"].id))


def test_a_written_version_is_never_changed(database: Database, people: dict[str, Actor]) -> None:
    assert people
    for statement in (update(rule_sets).values(source="另说"), rule_sets.delete()):
        with pytest.raises(DBAPIError, match="append-only"), unit_of_work(database, NOW) as work:
            work.connection.execute(statement)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"limit__publicity": "4"}, "rule_set.out_of_bounds"),
        ({"limit__publicity": ""}, "input.missing"),
        ({"limit__publicity": "五"}, "input.not_a_number"),
        ({"limit__publicity": "NaN"}, "input.not_a_number"),
        ({"limit__publicity": "5.5"}, "input.not_a_number"),
        ({"score__admission_pass": "101"}, "rule_set.out_of_bounds"),
        ({"score__admission_pass": "55"}, "rule_set.contradiction"),
        ({"panel__minimum": "7"}, "rule_set.contradiction"),
        ({"money__plan": "50,30,30"}, "rule_set.shares_not_whole"),
        ({"money__plan": ""}, "rule_set.shares_not_whole"),
        ({"money__two_approvals_from_fen": "1.001"}, "input.not_a_number"),
        ({"materials__application": "章程\n章程"}, "rule_set.lines_unfit"),
        ({"decision__needs_civil_affairs": "maybe"}, "input.not_a_choice"),
        ({"limit__nothing": "5"}, "input.unknown_field"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    given: dict[str, str], code: str, database: Database, people: dict[str, Actor]
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(database, people["manager"], **given)
    assert codes(refused) == (code,)


def test_values_are_stored_as_their_kind_wants_them(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(
        database, people["manager"], money__plan="40、30、30", money__two_approvals_from_fen="20,000",
        decision__needs_civil_affairs="yes", materials__application="入驻申请表\n\n章程",
    )  # fmt: skip
    approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    with reading(database, NOW) as work:
        rules = rule_set_on(work, NEXT_MONTH)
        change = next(one for one in versions(work)[0].changes if one.field.kind == "lines")
    assert rules.value("money.plan") == [40, 30, 30]
    assert rules.number("money.two_approvals_from_fen") == 2_000_000
    assert rules.flag("decision.needs_civil_affairs")
    assert rules.value("materials.application") == ["入驻申请表", "章程"]
    assert change.words("zh")[1] == "章程"
    assert "入驻申请表" not in change.words("zh")[0]


def test_a_day_that_has_come_a_proposal_without_change_and_a_second_one_are_refused(
    database: Database, people: dict[str, Actor]
) -> None:
    for day, given, code in (
        (NOW.date(), {}, "rule_set.day_has_come"),
        (NEXT_MONTH, {"limit__publicity": "5"}, "rule_set.nothing_changed"),
    ):
        with pytest.raises(Refused) as refused:
            propose(database, people["manager"], day, **given)
        assert codes(refused) == (code,)
    propose(database, people["manager"])
    with pytest.raises(Refused) as refused:
        propose(database, people["both"])
    assert codes(refused) == ("rule_set.one_waits",)


def test_a_proposal_whose_day_has_come_meanwhile_is_not_approved(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["manager"])
    later = NOW + timedelta(days=31)
    with pytest.raises(Refused) as refused:
        approve_rule_set(database, people["leader"], proposal_id=identity, now=later)
    assert codes(refused) == ("rule_set.day_has_come",)
    refuse_rule_set(database, people["leader"], proposal_id=identity, reason="生效日期已过", now=later)
    with reading(database, later) as work:
        (found,) = proposals(work)
    assert (found.standing, found.decided_by, found.reason) == ("refused", "某leader", "生效日期已过")


def test_a_proposer_takes_an_own_proposal_back_and_nobody_else_s(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["manager"])
    with pytest.raises(Forbidden) as refused:
        withdraw_rule_set(database, people["both"], proposal_id=identity, now=NOW)
    assert codes(refused) == ("rule_set.not_yours",)
    withdraw_rule_set(database, people["manager"], proposal_id=identity, now=NOW)
    with pytest.raises(Refused) as late:
        approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    assert codes(late) == ("rule_set.already_decided",)
    propose(database, people["manager"])


def test_a_proposal_based_on_an_older_version_is_not_approved(database: Database, people: dict[str, Actor]) -> None:
    identity = propose(database, people["manager"], NEXT_MONTH + timedelta(days=30))
    with unit_of_work(database, NOW) as work:
        row = work.connection.execute(select(rule_sets)).one()
        values = {"id": new_id(), "jurisdiction": row.jurisdiction, "valid_from": NEXT_MONTH, "source": "另一版"}
        work.connection.execute(insert(rule_sets).values(**values, numbers=row.numbers))
    with pytest.raises(Refused) as refused:
        approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    assert codes(refused) == ("rule_set.base_changed",)


# Taking an approved version back ------------------------------------------------------------------


@pytest.fixture
def approved(database: Database, people: dict[str, Actor]) -> str:
    """A version that was approved and counts from next month; its id."""
    return approve_rule_set(database, people["leader"], proposal_id=propose(database, people["manager"]), now=NOW)


def test_two_people_take_a_version_back_before_its_day(
    database: Database, people: dict[str, Actor], approved: str
) -> None:
    ask_withdrawal(database, people["manager"], rule_set_id=approved, reason="文件有误", now=NOW)
    with reading(database, NOW) as work:
        assert rule_set_on(work, NEXT_MONTH).id == approved
    confirm_withdrawal(database, people["leader"], rule_set_id=approved, now=NOW)
    with reading(database, NOW) as work:
        assert rule_set_on(work, NEXT_MONTH).limit("publicity") == (5, "working_days")
        gone, first = versions(work)
        told = [(one.actor_name, one.action) for one in entries_of(work, "rule_sets")][-2:]
    assert (gone.standing, first.standing) == ("withdrawn", "in_force")
    assert told == [("某manager", "rules:ask_withdrawal"), ("某leader", "rules:confirm_withdrawal")]
    later = NEXT_MONTH + timedelta(days=60)
    with reading(database, NOW + timedelta(days=90)) as work:
        assert [one.standing for one in versions(work)] == ["withdrawn", "in_force"]
        assert rule_set_on(work, later).limit("publicity") == (5, "working_days")


def test_nobody_takes_a_version_back_alone(database: Database, people: dict[str, Actor], approved: str) -> None:
    ask_withdrawal(database, people["both"], rule_set_id=approved, reason="文件有误", now=NOW)
    with pytest.raises(Forbidden) as refused:
        confirm_withdrawal(database, people["both"], rule_set_id=approved, now=NOW)
    assert codes(refused) == ("rule_set.two_people",)
    values = {"standing": "done", "decided_by": people["both"].id, "decided_at": NOW}
    with pytest.raises(IntegrityError), unit_of_work(database, NOW) as work:
        work.connection.execute(update(rule_set_withdrawals).values(**values))


def test_a_version_that_counts_already_is_never_taken_back(
    database: Database, people: dict[str, Actor], approved: str
) -> None:
    ask_withdrawal(database, people["manager"], rule_set_id=approved, reason="文件有误", now=NOW)
    its_day = NOW + timedelta(days=30)
    with pytest.raises(Refused) as refused:
        confirm_withdrawal(database, people["leader"], rule_set_id=approved, now=its_day)
    assert codes(refused) == ("rule_set.in_force_already",)
    with reading(database, its_day) as work:
        assert rule_set_on(work, NEXT_MONTH).id == approved


def test_a_wish_is_asked_once_and_may_be_turned_down(
    database: Database, people: dict[str, Actor], approved: str
) -> None:
    with pytest.raises(Refused) as nothing:
        confirm_withdrawal(database, people["leader"], rule_set_id=approved, now=NOW)
    assert codes(nothing) == ("rule_set.no_withdrawal_waits",)
    ask_withdrawal(database, people["manager"], rule_set_id=approved, reason="文件有误", now=NOW)
    with pytest.raises(Refused) as again:
        ask_withdrawal(database, people["manager"], rule_set_id=approved, reason="文件有误", now=NOW)
    assert codes(again) == ("rule_set.withdrawal_waits",)
    refuse_withdrawal(database, people["leader"], rule_set_id=approved, reason="无误", now=NOW)
    with reading(database, NOW) as work:
        assert versions(work)[0].standing == "coming"


def test_after_a_withdrawal_another_day_is_proposed_on_what_is_in_force(
    database: Database, people: dict[str, Actor], approved: str
) -> None:
    ask_withdrawal(database, people["manager"], rule_set_id=approved, reason="文件有误", now=NOW)
    confirm_withdrawal(database, people["leader"], rule_set_id=approved, now=NOW)
    with pytest.raises(Refused) as same_day:
        propose(database, people["manager"])
    assert codes(same_day) == ("rule_set.day_of_withdrawn",)
    identity = propose(database, people["manager"], NEXT_MONTH - timedelta(days=1), limit__publicity="9")
    again = approve_rule_set(database, people["leader"], proposal_id=identity, now=NOW)
    with reading(database, NOW) as work:
        assert rule_set_on(work, NEXT_MONTH).id == again

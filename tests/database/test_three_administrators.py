"""Three administrators kept apart, accounts and roles that take two people, and planted bugs in both."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from services.actors import SYSTEM, Actor
from services.audit.models import audit_entries
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.people import administration, commands
from services.people.administration import NewGrant, NewPerson
from services.people.commands import add_person, grant_role
from services.people.models import grant_proposals, persons, role_grants
from services.people.queries import actor_named, grants_of, pending_grants, pending_people
from services.people.sign_ins import open_sign_in, sign_in_behind
from statemachines.roles import Role
from tests.database_fixtures import NOW

DAY = date(2026, 3, 2)
STAFF = {
    "sysadmin": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "log": Role.LOG_ADMINISTRATOR,
    "manager": Role.CENTRE_MANAGER,
    "plain": None,
}


class House:
    """An installation with its three administrators, a manager and a person without any role."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with unit_of_work(database, NOW) as work:
            for username, role in STAFF.items():
                person = add_person(work, username=username, name=username)
                if role is not None:
                    grant_role(work, person, role, valid_from=DAY)

    def actor(self, username: str) -> Actor:
        with reading(self.database, NOW) as work:
            return actor_named(work, username)

    def wish(self, role: Role = Role.CASE_MANAGER, *, to: str = "plain", **changed: Any) -> NewGrant:
        return replace(NewGrant(self.actor(to).id, role, "岗位需要", DAY), **changed)

    def propose(
        self, role: Role = Role.CASE_MANAGER, *, by: str = "security", to: str = "plain", **changed: Any
    ) -> str:
        wish = self.wish(role, to=to, **changed)
        proposed = administration.propose_grant(self.database, self.actor(by), wish, now=NOW)
        assert proposed.id is not None
        return proposed.id

    def confirm(self, proposal: str, *, by: str) -> str:
        return administration.confirm_grant(self.database, self.actor(by), proposal, now=NOW)

    def give(self, role: Role, *, to: str = "plain", **changed: Any) -> str:
        return self.confirm(self.propose(role, to=to, **changed), by="sysadmin")


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def refusal(act: Callable[[], object]) -> tuple[type[Exception], tuple[str, ...]]:
    with pytest.raises((Refused, NotFound)) as caught:
        act()
    return type(caught.value), caught.value.codes


def two_hats(database: Database) -> set[str]:
    """Who is two of the three administrators today, read off the rows alone."""
    three = ("system_administrator", "security_administrator", "log_administrator")
    with reading(database, NOW) as work:
        rows = work.connection.execute(
            select(role_grants.c.person_id, role_grants.c.role).where(
                role_grants.c.role.in_(three), role_grants.c.ended_at.is_(None)
            )
        ).all()
    return {row.person_id for row in rows if len({one.role for one in rows if one.person_id == row.person_id}) > 1}


# Roles take two people ----------------------------------------------------------------------------


def test_a_role_is_held_once_another_administrator_confirms_it(house: House) -> None:
    proposal = house.propose()
    assert house.actor("plain").roles == frozenset()
    with reading(house.database, NOW) as work:
        (waiting,) = pending_grants(work)
    assert (waiting.person, waiting.role, waiting.proposer, waiting.reason) == (
        "plain", Role.CASE_MANAGER, "security", "岗位需要",
    )  # fmt: skip
    house.confirm(proposal, by="log")
    assert house.actor("plain").roles == {Role.CASE_MANAGER}
    with reading(house.database, NOW) as work:
        assert pending_grants(work) == ()


def test_whoever_proposes_a_role_cannot_confirm_it(house: House) -> None:
    proposal = house.propose()
    assert refusal(lambda: house.confirm(proposal, by="security")) == (Forbidden, ("person.second_person_needed",))
    assert house.actor("plain").roles == frozenset()


def test_the_database_itself_refuses_one_person_who_does_both(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = house.propose()
    monkeypatch.setattr(administration, "_by_another", lambda *_: None)
    with pytest.raises(IntegrityError, match="two_people"):
        house.confirm(proposal, by="security")
    assert house.actor("plain").roles == frozenset()


def test_nobody_has_a_hand_in_an_own_role(house: House) -> None:
    assert refusal(lambda: house.propose(to="security"))[1] == ("person.own_role",)
    proposal = house.propose(to="log")
    assert refusal(lambda: house.confirm(proposal, by="log"))[1] == ("person.own_role",)
    with reading(house.database, NOW) as work:
        own = grants_of(work, house.actor("security").id)[0].id
    end = lambda: administration.end_grant(house.database, house.actor("security"), own, reason="x", now=NOW)  # noqa: E731
    assert refusal(end)[1] == ("person.own_role",)


@pytest.mark.parametrize("who", ["sysadmin", "log", "manager", "plain"])
def test_only_the_security_administrator_proposes_roles(house: House, who: str) -> None:
    assert refusal(lambda: house.propose(by=who)) == (Forbidden, ("access.forbidden",))


def test_a_proposal_is_decided_once(house: House) -> None:
    proposal = house.propose()
    administration.refuse_grant(house.database, house.actor("sysadmin"), proposal, now=NOW)
    assert refusal(lambda: house.confirm(proposal, by="log"))[1] == ("person.decided",)
    assert house.actor("plain").roles == frozenset()


def test_whoever_proposed_may_take_it_back(house: House) -> None:
    administration.refuse_grant(house.database, house.actor("security"), house.propose(), now=NOW)
    with reading(house.database, NOW) as work:
        assert pending_grants(work) == ()


@pytest.mark.parametrize(
    ("role", "changed", "code"),
    [
        (Role.APPLICANT, {}, "person.role_needs_organization"),
        (Role.STREET_HANDLER, {}, "person.role_needs_division"),
        (Role.CASE_MANAGER, {"organization_id": new_id()}, "person.role_without_organization"),
        (Role.CASE_MANAGER, {"valid_to": DAY - timedelta(days=1)}, "person.dates_out_of_order"),
        (Role.CASE_MANAGER, {"reason": " "}, "input.missing"),
        (Role.SYSTEM, {}, "person.role_unknown"),
    ],
)
def test_a_role_is_proposed_for_what_it_is_held_for(
    house: House, role: Role, changed: dict[str, Any], code: str
) -> None:
    assert refusal(lambda: house.propose(role, **changed)) == (Invalid, (code,))


def test_a_place_that_is_not_there_is_not_found(house: House) -> None:
    found = refusal(lambda: house.propose(Role.STREET_HANDLER, division_code="999999"))
    assert found == (NotFound, ("division.not_found",))
    found = refusal(lambda: house.propose(Role.APPLICANT, organization_id=new_id()))
    assert found == (NotFound, ("organization.not_found",))


def test_a_role_that_is_ended_is_gone_in_the_same_instant(house: House) -> None:
    grant = house.give(Role.CASE_MANAGER)
    administration.end_grant(house.database, house.actor("security"), grant, reason="调岗", now=NOW)
    assert house.actor("plain").roles == frozenset()
    again = lambda: administration.end_grant(house.database, house.actor("security"), grant, reason="x", now=NOW)  # noqa: E731
    assert refusal(again)[1] == ("person.grant_ended",)
    with reading(house.database, NOW) as work:
        (line,) = grants_of(work, house.actor("plain").id)
    assert (line.running, line.valid_to is not None) == (False, True)


# Three administrators -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR])
def test_no_person_is_two_of_the_three_at_the_same_time(house: House, role: Role) -> None:
    assert refusal(lambda: house.propose(role, to="log"))[1] == ("person.administrators_apart",)
    assert two_hats(house.database) == set()


def test_two_proposals_together_do_not_make_two_hats(house: House) -> None:
    first = house.propose(Role.SYSTEM_ADMINISTRATOR)
    second = house.propose(Role.LOG_ADMINISTRATOR)
    house.confirm(first, by="sysadmin")
    assert refusal(lambda: house.confirm(second, by="sysadmin"))[1] == ("person.administrators_apart",)
    assert two_hats(house.database) == set()


def test_one_after_the_other_is_allowed(house: House) -> None:
    house.give(Role.SYSTEM_ADMINISTRATOR, valid_to=DAY + timedelta(days=30))
    late = DAY + timedelta(days=30)
    assert refusal(lambda: house.give(Role.LOG_ADMINISTRATOR, valid_from=late))[1] == ("person.administrators_apart",)
    house.give(Role.LOG_ADMINISTRATOR, valid_from=DAY + timedelta(days=31))


def test_the_lowest_door_keeps_them_apart_too(house: House) -> None:
    with pytest.raises(Refused) as caught, unit_of_work(house.database, NOW) as work:
        grant_role(work, actor_named(work, "log").id, Role.SECURITY_ADMINISTRATOR, valid_from=DAY)
    assert caught.value.codes == ("person.administrators_apart",)


def test_without_the_rule_the_rows_would_tell(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "kept_apart_from", lambda *_: None)
    house.give(Role.SECURITY_ADMINISTRATOR, to="log")
    assert two_hats(house.database) == {house.actor("log").id}


def test_the_last_administrators_stay(house: House) -> None:
    for username in ("log", "sysadmin"):
        with reading(house.database, NOW) as work:
            grant = grants_of(work, actor_named(work, username).id)[0].id
        end = lambda grant=grant: administration.end_grant(  # noqa: E731
            house.database, house.actor("security"), grant, reason="离任", now=NOW
        )
        if username == "log":
            end()
        else:
            assert refusal(end)[1] == ("person.administrators_needed",)


# Accounts -----------------------------------------------------------------------------------------


def test_an_account_is_made_once_another_administrator_confirms_it(house: House) -> None:
    wish = NewPerson("lihua", "李华", "新入职")
    proposed = administration.propose_person(house.database, house.actor("sysadmin"), wish, now=NOW)
    assert proposed.id is not None
    with reading(house.database, NOW) as work:
        assert [one.username for one in pending_people(work)] == ["lihua"]
    confirm = lambda by: administration.confirm_person(house.database, house.actor(by), proposed.id or "", now=NOW)  # noqa: E731
    assert refusal(lambda: confirm("sysadmin"))[1] == ("person.second_person_needed",)
    assert confirm("security") == house.actor("lihua").id


@pytest.mark.parametrize("username", ["manager", "lihua"])
def test_a_user_name_is_given_once(house: House, username: str) -> None:
    propose = lambda name: administration.propose_person(  # noqa: E731
        house.database, house.actor("security"), NewPerson(name, "李华", "新入职"), now=NOW
    )
    propose("lihua")
    assert refusal(lambda: propose(username))[1] == ("person.username_used",)


@pytest.mark.parametrize("username", ["", "a b", "系统/一", "System", "x" * 61])
def test_a_user_name_is_a_word(house: House, username: str) -> None:
    wish = NewPerson(username, "李华", "新入职")
    kind, _ = refusal(lambda: administration.propose_person(house.database, house.actor("security"), wish, now=NOW))
    assert kind is Invalid


def test_a_disabled_person_is_out_at_once_and_can_be_let_in_again(house: House) -> None:
    with unit_of_work(house.database, NOW) as work:
        token = open_sign_in(work, actor_named(work, "manager").id).token
    boss, manager = house.actor("sysadmin"), house.actor("manager").id
    administration.disable_person(house.database, boss, manager, reason="离职", now=NOW)
    with reading(house.database, NOW) as work:
        assert sign_in_behind(work, token) is None
        assert actor_named(work, "manager").roles == frozenset()
    administration.enable_person(house.database, boss, manager, reason="复职", now=NOW)
    assert house.actor("manager").roles == {Role.CENTRE_MANAGER}
    with reading(house.database, NOW) as work:
        assert sign_in_behind(work, token) is None


def test_nobody_disables_the_own_account_or_the_last_administrators(house: House) -> None:
    boss = house.actor("sysadmin")
    own = lambda: administration.disable_person(house.database, boss, boss.id, reason="x", now=NOW)  # noqa: E731
    assert refusal(own)[1] == ("person.own_account",)
    last = house.actor("security").id
    assert refusal(lambda: administration.disable_person(house.database, boss, last, reason="x", now=NOW))[1] == (
        "person.administrators_needed",
    )
    assert house.actor("security").roles == {Role.SECURITY_ADMINISTRATOR}


def test_the_operator_enters_people_until_two_administrators_can(database: Database) -> None:
    def found(username: str) -> str:
        wish = NewPerson(username, username, "初次设置")
        return administration.propose_person(database, SYSTEM, wish, now=NOW).made or ""

    for username, role in (("security", Role.SECURITY_ADMINISTRATOR), ("sysadmin", Role.SYSTEM_ADMINISTRATOR)):
        wish = NewGrant(found(username), role, "初次设置", DAY)
        assert administration.propose_grant(database, SYSTEM, wish, now=NOW).made
    assert refusal(lambda: found("third")) == (Forbidden, ("access.forbidden",))


def test_every_act_leaves_one_entry_and_a_refusal_too(house: House) -> None:
    proposal = house.propose()
    refusal(lambda: house.confirm(proposal, by="security"))
    house.confirm(proposal, by="log")
    with reading(house.database, NOW) as work:
        rows = work.connection.execute(
            select(audit_entries.c.action, audit_entries.c.actor_name, audit_entries.c.result)
            .where(audit_entries.c.action.like("role:%"))
            .order_by(audit_entries.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("role:propose", "security", "done"),
        ("role:confirm", "security", "refused"),
        ("role:confirm", "log", "done"),
    ]


def test_a_decided_proposal_always_says_by_whom(house: House) -> None:
    proposal = house.propose()
    with pytest.raises(IntegrityError, match="decided_whole"), unit_of_work(house.database, NOW) as work:
        work.connection.execute(
            update(grant_proposals).where(grant_proposals.c.id == proposal).values(outcome="confirmed")
        )
    with pytest.raises(IntegrityError), unit_of_work(house.database, NOW) as work:
        work.connection.execute(insert(persons).values(id=new_id(), username="plain", name="x", created_at=NOW))

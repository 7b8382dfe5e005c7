"""Acts of the office outside of cases: allowed by the one table, noted once, two people where two are needed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.actors import SYSTEM
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.funding import acts as money
from services.organizations import acts
from services.organizations.acts import DivisionsImported, NewCentre, NewOrganization
from services.organizations.queries import centre_lines, division_lines, organization_lines
from services.organizations.rules import Division
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.rulesets.commands import rule_set_on
from statemachines.roles import Role
from tests.database.office import MONDAY, refusal, trail
from tests.database_fixtures import NOW

TREE = tuple(
    (line, Division(*row))
    for line, row in enumerate(
        (
            # The street comes before what it lies in: the order of a file means nothing.
            ("229902001", "望河街道", "street", "street", "229902"),
            ("229902", "河湾区", "county", "county", "229900"),
            ("229900", "青檐市", "prefecture", "city", None),
            ("229902001001", "晨光社区", "community", "urban", "229902001"),
            ("229902002", "桦林街道", "street", "street", "229902"),
        ),
        start=2,
    )
)
CENTRE = NewCentre("河湾区孵化中心", "青河孵", "青河民", "QYFH", "229902", 12, "沈小满", "0000-1234567")
SOCIETY = NewOrganization(
    name="晨光社区邻里互助社", legal_form="none", legal_status="FILED", category="SERVICE", subtype="邻里互助社",
    home_division="229902001001", leader_name="周暖", filing_number="229902001-2026-0003", members=24,
)  # fmt: skip
PEOPLE = {
    "security": (Role.SECURITY_ADMINISTRATOR, None),
    "clerk": (Role.INTAKE_CLERK, None),
    "manager": (Role.CENTRE_MANAGER, None),
    "street": (Role.STREET_HANDLER, "229902001"),
    "maker": (Role.FINANCE_MAKER, None),
    "checker": (Role.FINANCE_CHECKER, None),
    "auditor": (Role.AUDITOR, None),
}


class House:
    """A founded installation with its people by username."""

    def __init__(self, database: Database) -> None:
        self.database = database
        acts.import_divisions(database, SYSTEM, TREE, now=NOW)
        self.centre = acts.add_centre(database, SYSTEM, CENTRE, now=NOW)
        with unit_of_work(database, NOW) as work:
            for username, (role, division) in PEOPLE.items():
                person = add_person(work, username=username, name=username)
                grant_role(work, person, role, valid_from=MONDAY, division_code=division)
        with reading(database, NOW) as work:
            self.people = {name: actor_named(work, name) for name in PEOPLE}

    def enter(self, who: str = "clerk", **changed: Any) -> str:
        return acts.enter_organization(self.database, self.people[who], replace(SOCIETY, **changed), now=NOW)

    def trail(self, *actions: str) -> list[tuple[str, str, str, list[str]]]:
        """(action, actor, result, reasons) of the entries with these actions, oldest first."""
        return trail(self.database, *actions)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


# Founding -----------------------------------------------------------------------------------------


def test_whoever_runs_the_machine_founds_the_installation_until_it_has_a_security_administrator(house: House) -> None:
    more = replace(CENTRE, name="另一中心", case_prefix="QYF2")
    found = refusal(lambda: acts.add_centre(house.database, SYSTEM, more, now=NOW))
    assert found == (Forbidden, ("access.forbidden",))
    acts.add_centre(house.database, house.people["security"], more, now=NOW)
    with reading(house.database, NOW) as work:
        assert len(centre_lines(work)) == 2


def test_the_first_centre_puts_the_rules_in_force(house: House) -> None:
    with reading(house.database, NOW) as work:
        assert rule_set_on(work, work.today).number("panel.minimum") >= 3


def test_founding_never_reaches_organizations_or_money(database: Database) -> None:
    acts.import_divisions(database, SYSTEM, TREE, now=NOW)
    for act in (
        lambda: acts.enter_organization(database, SYSTEM, SOCIETY, now=NOW),
        lambda: money.open_program(database, SYSTEM, name="扶持资金", year=2026, now=NOW),
    ):
        assert refusal(act) == (Forbidden, ("access.forbidden",))


def test_each_act_leaves_exactly_one_entry(house: House) -> None:
    assert house.trail("centre:add", "division:import") == [
        ("division:import", "系统", "done", []),
        ("centre:add", "系统", "done", []),
    ]


# Divisions ----------------------------------------------------------------------------------------


def test_divisions_come_in_whatever_order_and_a_second_import_changes_only_what_differs(house: House) -> None:
    with reading(house.database, NOW) as work:
        assert [one.code for one in division_lines(work, under="229902001")] == ["229902001", "229902001001"]
    renamed = [*TREE[:-1], (6, replace(TREE[-1][1], name="桦林新街道"))]
    again = acts.import_divisions(house.database, house.people["security"], renamed, now=NOW)
    assert again == DivisionsImported(added=(), changed=("229902002",), unchanged=4)


def test_every_fault_of_every_line_is_told_and_nothing_is_written(house: House) -> None:
    rows = [
        (2, Division("22990301", "缺一位", "street", "street", "229902")),
        (3, Division("229903001", "别处街道", "street", "street", "229902")),
        (4, Division("229902003", "无上级街道", "street", "urban", None)),
        (5, Division("229902004", "好街道", "street", "street", "229902")),
        (6, Division("229902004", "", "hamlet", "street", "229902")),
    ]
    with pytest.raises(Invalid) as refused:
        acts.import_divisions(house.database, house.people["security"], rows, now=NOW)
    assert refused.value.facts["count"] == 4
    assert [(one.line, one.code) for one in refused.value.facts["faults"]] == [
        (2, "division.code_malformed"),
        (2, "division.parent_not_above"),
        (3, "division.parent_not_above"),
        (4, "division.kind_unknown"),
        (4, "division.parent_missing"),
        (6, "division.level_unknown"),
        (6, "division.name_malformed"),
        (6, "division.code_twice"),
    ]
    with reading(house.database, NOW) as work:
        assert len(division_lines(work)) == len(TREE)


def test_a_dry_run_answers_what_would_be_done_and_leaves_nothing(house: House) -> None:
    rows = [(2, Division("229902100", "石桥镇", "street", "town", "229902"))]
    tried = acts.import_divisions(house.database, house.people["security"], rows, now=NOW, dry_run=True)
    assert tried.added == ("229902100",)
    with reading(house.database, NOW) as work:
        assert len(division_lines(work)) == len(TREE)
    assert len(house.trail("division:import")) == 1


# Organizations ------------------------------------------------------------------------------------


def test_clerk_manager_and_street_enter_organizations_and_nobody_else(house: House) -> None:
    house.enter("clerk")
    house.enter("manager", name="晨光书画社", filing_number="229902001-2026-0004")
    house.enter("street", name="晨光合唱团", filing_number="229902001-2026-0005")
    assert refusal(lambda: house.enter("maker", name="别的")) == (Forbidden, ("access.forbidden",))
    entries = house.trail("organization:enter")
    assert [(who, result) for _, who, result, _ in entries] == [
        ("clerk", "done"), ("manager", "done"), ("street", "done"), ("maker", "refused"),
    ]  # fmt: skip


def test_a_street_enters_and_sees_only_what_is_in_its_territory(house: House) -> None:
    house.enter("street")
    elsewhere = {"name": "桦林合唱团", "home_division": "229902002", "filing_number": "229902002-2026-0001"}
    assert refusal(lambda: house.enter("street", **elsewhere)) == (Forbidden, ("access.forbidden",))
    house.enter("clerk", **elsewhere)
    with reading(house.database, NOW) as work:
        assert [one.name for one in organization_lines(work, house.people["street"])] == [SOCIETY.name]
        assert len(organization_lines(work, house.people["clerk"])) == 2
        for sound in ("hualin", "hl"):
            assert [one.name for one in organization_lines(work, house.people["clerk"], find=sound)] == ["桦林合唱团"]
        assert [one.name for one in organization_lines(work, house.people["clerk"], find="hulin")] == []


@pytest.mark.parametrize(
    ("changed", "error", "code"),
    [
        ({}, Refused, "organization.already_entered"),
        ({"name": "另一社"}, Refused, "organization.filing_number_used"),
        ({"name": "另一社", "filing_number": None}, Invalid, "organization.number_missing"),
        ({"name": "另一社", "filing_number": "229902002-2026-0003"}, Invalid, "organization.filing_number_street"),
        ({"name": "另一社", "home_division": "229902009", "filing_number": "229902009-2026-0001"}, NotFound,
         "division.not_found"),
        ({"name": " "}, Invalid, "input.missing"),
        ({"name": "另一社", "members": 3, "full_party_members": 4}, Invalid, "input.out_of_range"),
        ({"name": "另一社", "legal_status": "REGISTERED", "credit_code": "52229902MJ90000140"}, Invalid,
         "organization.credit_code_check_digit"),
    ],
)  # fmt: skip
def test_an_organization_is_refused(house: House, changed: dict[str, Any], error: type[Exception], code: str) -> None:
    house.enter()
    found, codes = refusal(lambda: house.enter(**changed))
    assert (found, code in codes) == (error, True)


def test_nobody_records_a_post_of_their_own(house: House) -> None:
    organization = house.enter()

    def record(who: str, person: str, **changed: Any) -> None:
        values: dict[str, Any] = {"post": "leader", "held_from": MONDAY, "now": NOW} | changed
        acts.record_post(
            house.database, house.people[who], organization_id=organization, person_id=house.people[person].id, **values
        )

    record("clerk", "auditor")
    assert refusal(lambda: record("clerk", "clerk")) == (Forbidden, ("case.duties_must_be_separate",))
    assert refusal(lambda: record("clerk", "auditor", held_to=MONDAY - timedelta(days=1)))[0] is Invalid
    assert refusal(lambda: record("clerk", "auditor", post="king")) == (Invalid, ("input.not_a_choice",))
    results = [(result, reasons) for _, _, result, reasons in house.trail("organization:record_post")]
    assert results == [("done", []), ("refused", ["case.duties_must_be_separate"])]


# Money --------------------------------------------------------------------------------------------


def test_a_programme_is_opened_once_by_who_manages_the_budget(house: House) -> None:
    checker, maker = house.people["checker"], house.people["maker"]
    money.open_program(house.database, checker, name="扶持资金", year=2026, now=NOW)

    def second() -> str:
        return money.open_program(house.database, checker, name="扶持资金 ", year=2026, now=NOW)

    assert refusal(second) == (Refused, ("budget.program_known",))
    by_maker = refusal(lambda: money.open_program(house.database, maker, name="其他资金", year=2026, now=NOW))
    assert by_maker[0] is Forbidden
    assert [result for _, _, result, _ in house.trail("budget:open_program")] == ["done", "refused", "refused"]

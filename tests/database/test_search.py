"""What people know of an organization or a case finds it, the surest find first, the same on both databases."""

import pytest

from services.actors import Actor, Grant
from services.cases.lists import CaseFilter, case_list, count, filtered
from services.cases.opening import open_incubation
from services.cases.search import search
from services.database.base import new_id
from services.database.work import Work
from services.organizations.commands import (
    NewOrganization,
    add_centre,
    add_division,
    enter_organization,
    keep_findable,
)
from services.organizations.queries import organization_lines
from services.people.commands import add_person, grant_role
from services.people.queries import actor_by_id
from services.rulesets.commands import seed_rule_set
from statemachines.roles import Role
from tests.database_fixtures import NOW

HERE, ELSEWHERE = "229902001", "229902002"
REGISTER = (
    ("晨光社区邻里互助社", HERE, "周暖", "229902001-2026-0003", None),
    ("晨光", HERE, "赵晨", None, None),
    ("桦苑社区晨光书画社", ELSEWHERE, "秦墨言", None, "52229902MJ9000014X"),
    ("百分之100%_社", HERE, "马跃", None, None),
    ("孵化中心之友", ELSEWHERE, "钱一禾", None, None),
)


@pytest.fixture
def manager(work: Work) -> Actor:
    """The register, a case of each organization, and a person who may see all of them."""
    seed_rule_set(work)
    for code, name, parent in (
        ("229902", "河湾区", None),
        (HERE, "望河街道", "229902"),
        (ELSEWHERE, "桦林街道", "229902"),
    ):
        level = "county" if parent is None else "street"
        add_division(work, code=code, name=name, level=level, kind=level, parent_code=parent)
    centre = add_centre(
        work, name="河湾区孵化中心", number_prefix="青河孵", bureau_prefix="青河民", case_prefix="QYFH",
        division_code="229902", places=5, contact="沈小满", phone="0000-1234567",
    )  # fmt: skip
    actor = _person(work, "manager", Role.CENTRE_MANAGER, None)
    for name, home, leader, filing, credit in REGISTER:
        status = "REGISTERED" if credit else "FILED" if filing else "UNFILED"
        new = NewOrganization(
            name=name, legal_form="none", legal_status=status, category="SERVICE", subtype="邻里互助社",
            home_division=home, leader_name=leader, leader_phone="19900000001", filing_number=filing,
            credit_code=credit,
        )  # fmt: skip
        open_incubation(work, actor=actor, organization_id=enter_organization(work, new), centre_id=centre)
    return actor


def _person(work: Work, username: str, role: Role, division: str | None) -> Actor:
    identity = add_person(work, username=username, name="某人")
    grant_role(work, identity, role, valid_from=NOW.date().replace(year=2020), division_code=division)
    return actor_by_id(work, identity)


def names(work: Work, actor: Actor, text: str) -> list[str]:
    return [one.name for one in search(work, actor, text).organizations]


@pytest.mark.parametrize(
    "text",
    [
        "邻里互助", "chenguangshequ", "chen guang she qu", "CGSQLL", "ｃｇｓｑｌｌ", "229902001-2026-0003",
        "229902001－2026－0003", "周暖", "晨光 社区",
    ],
)  # fmt: skip
def test_each_of_these_finds_the_organization_and_its_case(work: Work, manager: Actor, text: str) -> None:
    found = search(work, manager, text)
    assert found.organizations[0].name == "晨光社区邻里互助社"
    assert found.cases[0].organization == "晨光社区邻里互助社"


@pytest.mark.parametrize(("text", "name"), [("52229902mj9000014x", "桦苑社区晨光书画社"), ("fhzx", "孵化中心之友")])
def test_codes_and_initials_find_in_any_case(work: Work, manager: Actor, text: str, name: str) -> None:
    assert names(work, manager, text) == [name]


def test_a_whole_name_stands_before_a_beginning_before_the_rest(work: Work, manager: Actor) -> None:
    ranked = ["晨光", "晨光社区邻里互助社", "桦苑社区晨光书画社"]
    assert names(work, manager, "晨光") == ranked
    assert [one.organization for one in search(work, manager, "晨光").cases] == ranked


def test_a_case_number_is_known_exactly(work: Work, manager: Actor) -> None:
    found = search(work, manager, " qyfh－2026－0003 ")
    assert found.exact is not None
    assert found.exact.organization == "桦苑社区晨光书画社"
    assert [one.number for one in search(work, manager, "2026-0003").cases][-1] == "QYFH-2026-0003"


@pytest.mark.parametrize("text", ["%", "_", "100%_", "％"])
def test_signs_of_the_database_mean_themselves(work: Work, manager: Actor, text: str) -> None:
    assert names(work, manager, text) == ["百分之100%_社"]


@pytest.mark.parametrize("text", ["", "   ", "19900000001", "'", "\\", "晨光\n晨光"])
def test_nothing_telephones_and_stray_signs_find_nothing(work: Work, manager: Actor, text: str) -> None:
    assert search(work, manager, text).organizations == ()


def test_a_street_finds_only_its_own(work: Work, manager: Actor) -> None:
    street = _person(work, "street", Role.STREET_HANDLER, HERE)
    assert names(work, street, "晨光") == ["晨光", "晨光社区邻里互助社"]
    assert {one.organization for one in search(work, street, "晨光").cases} == {"晨光", "晨光社区邻里互助社"}
    nobody = Actor(new_id(), "leader", "某人", grants=(Grant(Role.APPLICANT, organization_id=new_id()),))
    assert search(work, nobody, "晨光").cases == ()


def test_the_list_and_its_count_agree_with_every_order(work: Work, manager: Actor) -> None:
    wanted = CaseFilter(text="晨光")
    assert count(work, manager, wanted) == len(filtered(work, manager, wanted)) == 3
    assert len(case_list(work, manager, text="晨光")) == 3
    by_name = [one.organization for one in filtered(work, manager, CaseFilter(order="name"))]
    assert by_name == [one.name for one in organization_lines(work, manager)]
    assert by_name == ["百分之100%_社", "晨光", "晨光社区邻里互助社", "孵化中心之友", "桦苑社区晨光书画社"]


def test_a_new_name_is_found_once_it_is_kept(work: Work, manager: Actor) -> None:
    from sqlalchemy import update

    from services.organizations.models import organizations

    one = organization_lines(work, manager, find="周暖")[0]
    work.connection.execute(update(organizations).where(organizations.c.id == one.id).values(name="新名字互助社"))
    keep_findable(work, one.id)
    assert names(work, manager, "xinmingzi") == ["新名字互助社"]
    assert names(work, manager, "邻里互助社") == []

"""Founds the invented prefecture: divisions, centres, an office in each county, and any number of organizations."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert
from stdnum.cn import uscc

from services.awards.commands import NewCall, open_call
from services.database.base import new_id
from services.database.work import Work
from services.funding.budgeting import NewBudgetLine, granted_line
from services.funding.commands import open_program
from services.organizations.commands import NewOrganization, add_centre, add_division, enter_organizations
from services.organizations.models import organization_posts
from services.organizations.rules import organization_code_check
from services.people.commands import add_person, grant_role
from services.people.models import persons, role_grants
from services.people.queries import actor_named
from services.rulesets.commands import seed_rule_set
from services.samples import names
from services.samples.stories import Home, Person
from statemachines.roles import ROLES, Role

FIRST_DAY = date(2020, 1, 1)
EVALUATORS = 12

OFFICE: tuple[tuple[str, Role, int], ...] = (
    ("manager", Role.CENTRE_MANAGER, 1), ("clerk", Role.INTAKE_CLERK, 2), ("keeper", Role.CASE_MANAGER, 5),
    ("secretary", Role.ASSESSMENT_SECRETARY, 1), ("bureau", Role.CIVIL_AFFAIRS_LEADER, 1),
    ("handler", Role.CIVIL_AFFAIRS_HANDLER, 1), ("evaluator", Role.EVALUATOR, EVALUATORS),
)  # fmt: skip
"""Who works in every county: username, role, how many."""

ONCE: tuple[tuple[str, Role], ...] = (
    ("maker", Role.FINANCE_MAKER), ("checker", Role.FINANCE_CHECKER), ("payer", Role.FINANCE_PAYER),
    ("auditor", Role.AUDITOR), ("system1", Role.SYSTEM_ADMINISTRATOR), ("security1", Role.SECURITY_ADMINISTRATOR),
    ("log1", Role.LOG_ADMINISTRATOR),
)  # fmt: skip

Office = dict[Role, tuple[Person, ...]]


@dataclass
class Town:
    """Where everything is: centres and offices by county, street handlers by street, the money, the organizations."""

    centres: list[str] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    streets: dict[str, Person] = field(default_factory=dict)
    communities: list[tuple[str, str, int]] = field(default_factory=list)
    program_id: str = ""
    call_id: str = ""
    budget_line_id: str = ""
    homes: list[Home] = field(default_factory=list)


def found(work: Work, chance: random.Random, *, organizations: int, password: str | None) -> Town:
    """Found the town with that many organizations; `password` is that of the first person in every office."""
    town = Town()
    seed_rule_set(work)
    _divide(work, town)
    for number, (county, name, prefix) in enumerate(names.COUNTIES):
        town.centres.append(
            add_centre(
                work, name=f"{name}社会组织孵化中心", number_prefix=f"{name[0]}孵", bureau_prefix=f"{name[0]}民",
                case_prefix=prefix, division_code=county, places=max(12, organizations // 8), contact="值班室",
                phone="0000-0000000",
            )
        )  # fmt: skip
        town.offices.append(_office(work, chance, number, county, password))
    for username, role in ONCE:
        _employ(work, chance, username, role, None, password)
    for number, code in enumerate(sorted({code[:9] for code, _, _ in town.communities}), start=1):
        town.streets[code] = _employ(
            work, chance, f"street{number}", Role.STREET_HANDLER, code, password if number == 1 else None
        )
    town.program_id = open_program(work, name="社区社会组织培育扶持资金", year=work.today.year)
    new = NewBudgetLine(town.program_id, "county_budget", "民政局", 1_000_000_000)
    maker, checker = actor_named(work, "maker"), actor_named(work, "checker")
    town.budget_line_id = granted_line(work, new, proposer=maker, approver=checker)
    town.call_id = open_call(work, _call(town.program_id, work.today), opened_by=None)
    _settle(work, chance, town, organizations)
    return town


def _call(program_id: str, today: date) -> NewCall:
    """One call that every invented award was applied for in."""
    return NewCall(
        program_id, "社区社会组织培育项目申报", "社区服务、文体活动、公益慈善项目", today - timedelta(days=3_650),
        date(today.year, 12, 31), 2_000_000, rolling=True,
    )  # fmt: skip


def _divide(work: Work, town: Town) -> None:
    code, name = names.PREFECTURE
    add_division(work, code=code, name=name, level="prefecture", kind="city", parent_code=None)
    for number, (county, county_name, _) in enumerate(names.COUNTIES):
        add_division(work, code=county, name=county_name, level="county", kind="county", parent_code=code)
        for place, street_name in enumerate(names.STREETS, start=1):
            street = f"{county}{place:03d}"
            add_division(
                work, code=street, name=f"{street_name}街道", level="street", kind="street", parent_code=county
            )
            for position, community in enumerate(names.COMMUNITIES, start=1):
                home = f"{street}{position:03d}"
                add_division(
                    work, code=home, name=f"{community}社区", level="community", kind="urban", parent_code=street
                )
                town.communities.append((home, f"{street_name}{community}", number))


def _office(work: Work, chance: random.Random, number: int, county: str, password: str | None) -> Office:
    office: Office = {}
    for username, role, count in OFFICE:
        division = county if ROLES[role].scope == "territory" else None
        office[role] = tuple(
            _employ(
                work, chance, f"{username}{number * count + place}", role, division,
                password if number == 0 and place == 1 else None,
            )
            for place in range(1, count + 1)
        )  # fmt: skip
    return office


def _employ(
    work: Work, chance: random.Random, username: str, role: Role, division: str | None, password: str | None
) -> Person:
    name = names.person_name(chance)
    identity = add_person(work, username=username, name=name, password=password)
    grant_role(work, identity, role, valid_from=FIRST_DAY, office="", division_code=division)
    return Person(identity, name, username)


def _settle(work: Work, chance: random.Random, town: Town, organizations: int) -> None:
    sources = {code: names.organization_names(chance, name) for code, name, _ in town.communities}
    wanted: list[tuple[NewOrganization, int]] = []
    for number in range(1, organizations + 1):
        code, _, county = chance.choice(town.communities)
        name, category, subtype = next(sources[code])
        leader = names.person_name(chance)
        form, filing, credit = _numbers(chance, code, number)
        new = NewOrganization(
            name=name, legal_form=form, legal_status="REGISTERED" if credit else "FILED" if filing else "UNFILED",
            category=category, subtype=subtype, home_division=code, leader_name=leader,
            leader_phone=f"199{number:08d}", filing_number=filing, credit_code=credit,
            members=chance.randint(8, 120), scope_text=subtype,
        )  # fmt: skip
        wanted.append((new, county))
    entered = enter_organizations(work, [new for new, _ in wanted])
    for number, ((new, county), identity) in enumerate(zip(wanted, entered, strict=True), start=1):
        leader = Person(new_id(), new.leader_name, f"org{number}")
        town.homes.append(Home(identity, new.name, new.home_division, county, leader))
    if town.homes:
        _lead(work, town.homes)


def _lead(work: Work, homes: list[Home]) -> None:
    """Leaders with their accounts and posts, many at once: as `add_person`, `grant_role` and `record_post` would."""
    each: tuple[tuple[Table, Callable[[Home], dict[str, Any]]], ...] = (
        (persons, lambda home: {"id": home.leader.id, "username": home.leader.username, "name": home.leader.name,
                                "language": "zh", "disabled": False, "created_at": work.now}),
        (role_grants, lambda home: {"id": new_id(), "person_id": home.leader.id, "role": Role.APPLICANT.value,
                                    "office": home.name, "organization_id": home.id, "valid_from": FIRST_DAY}),
        (organization_posts, lambda home: {"id": new_id(), "organization_id": home.id, "person_id": home.leader.id,
                                           "post": "leader", "held_from": FIRST_DAY}),
    )  # fmt: skip
    for table, row in each:
        work.connection.execute(insert(table), [row(home) for home in homes])


def _numbers(chance: random.Random, division: str, number: int) -> tuple[str, str | None, str | None]:
    """Legal form, filing number, credit code: a third are registered, half are filed, the others neither."""
    kind = chance.random()
    if kind < 0.35:
        body = f"MJ{number:06d}"
        begun = f"52{division[:6]}{body}{organization_code_check(body)}"
        return "service_organization", None, begun + uscc.calc_check_digit(begun)
    return "none", f"{division[:9]}-{chance.randint(2023, 2026)}-{number:05d}" if kind < 0.88 else None, None


def founded_at(now: datetime) -> datetime:
    """The instant everything was entered at: before any case."""
    return now.replace(year=now.year - 6)

"""A small city to measure and to test on: one centre, one person in every office, as many organizations as asked."""

from dataclasses import dataclass
from datetime import date, datetime

from services.actors import Actor
from services.awards.commands import NewCall, open_call
from services.database.engine import Database
from services.database.work import Work, reading, run
from services.funding.budgeting import NewBudgetLine, granted_line
from services.funding.commands import open_program
from services.organizations import commands as organizations
from services.organizations.commands import NewOrganization
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.rulesets.commands import seed_rule_set
from statemachines.roles import Role

STREET = "220102001"
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2099, 12, 31)

STAFF: dict[str, tuple[str, Role]] = {
    "clerk": ("受理员甲", Role.INTAKE_CLERK),
    "keeper": ("专员甲", Role.CASE_MANAGER),
    "manager": ("主任甲", Role.CENTRE_MANAGER),
    "secretary": ("秘书甲", Role.ASSESSMENT_SECRETARY),
    "bureau": ("局长甲", Role.CIVIL_AFFAIRS_LEADER),
    "street": ("街道甲", Role.STREET_HANDLER),
    "liaison": ("联络员甲", Role.COMMITTEE_LIAISON),
    "maker": ("制单甲", Role.FINANCE_MAKER),
    "checker": ("复核甲", Role.FINANCE_CHECKER),
    "payer": ("出纳甲", Role.FINANCE_PAYER),
    "evaluator1": ("专家甲", Role.EVALUATOR),
    "evaluator2": ("专家乙", Role.EVALUATOR),
    "evaluator3": ("专家丙", Role.EVALUATOR),
}


@dataclass(frozen=True, slots=True)
class City:
    """Where things are: the centre, the organizations in order, and the money."""

    centre_id: str
    organization_ids: tuple[str, ...]
    program_id: str
    budget_line_id: str


def build(database: Database, *, organizations_count: int = 1, now: datetime, budget_fen: int = 100_000_000) -> City:
    """Put the city into an empty database of the present schema, in one unit of work; answers where things are.

    Organization n has the applicant `applicant<n>`, counted from 1; everyone else is in STAFF.
    """

    def unit(work: Work) -> City:
        seed_rule_set(work)
        _divisions(work)
        for username, (name, role) in STAFF.items():
            division = STREET[:6] if role in (Role.CIVIL_AFFAIRS_LEADER,) else STREET
            scoped = role in (Role.CIVIL_AFFAIRS_LEADER, Role.STREET_HANDLER, Role.COMMITTEE_LIAISON)
            person = add_person(work, username=username, name=name)
            grant_role(work, person, role, valid_from=FIRST_DAY, division_code=division if scoped else None)
        centre = organizations.add_centre(
            work, name="样例街道社会组织孵化中心", number_prefix="样孵", bureau_prefix="样民", case_prefix="YL",
            division_code=STREET, places=organizations_count + 5, contact="主任甲", phone="0431-00000000",
        )  # fmt: skip
        found = tuple(_organization(work, number) for number in range(1, organizations_count + 1))
        program = open_program(work, name="社区社会组织培育", year=work.today.year)
        new = NewBudgetLine(program, "county_budget", "样例区民政局", budget_fen)
        line = granted_line(work, new, proposer=actor_named(work, "maker"), approver=actor_named(work, "checker"))
        call = NewCall(
            program,
            "社区社会组织培育项目申报",
            "社区服务、文体活动、公益慈善项目",
            work.today,
            LAST_DAY,
            budget_fen,
            rolling=True,
        )
        open_call(work, call, opened_by=None)
        return City(centre, found, program, line)

    return run(database, now, unit)


def _divisions(work: Work) -> None:
    for code, name, level, kind, parent in (
        ("2201", "样例市", "prefecture", "city", None),
        ("220102", "样例区", "county", "county", "2201"),
        (STREET, "样例街道", "street", "street", "220102"),
    ):
        organizations.add_division(work, code=code, name=name, level=level, kind=kind, parent_code=parent)


def _organization(work: Work, number: int) -> str:
    identity = organizations.enter_organization(
        work,
        NewOrganization(
            name=f"样例街道第{_chinese(number)}号志愿服务队", legal_form="none", legal_status="FILED",
            category="SERVICE", subtype="volunteer", home_division=STREET,
            leader_name=f"队长{number}", filing_number=f"样备{number:06d}",
            members=12, founded_on=FIRST_DAY,
        ),
    )  # fmt: skip
    person = add_person(work, username=f"applicant{number}", name=f"队长{number}")
    grant_role(work, person, Role.APPLICANT, valid_from=FIRST_DAY, organization_id=identity)
    organizations.record_post(work, organization_id=identity, person_id=person, post="leader", held_from=FIRST_DAY)
    return identity


def _chinese(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def actors(database: Database, *, now: datetime, organizations_count: int = 1) -> dict[str, Actor]:
    """Everyone of the city by username, with the roles of that day."""
    names = (*STAFF, *(f"applicant{number}" for number in range(1, organizations_count + 1)))
    with reading(database, now) as work:
        return {name: actor_named(work, name) for name in names}

"""A tiny city to test the console on, built through the commands people use: a person a role, three organizations."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.actors import Actor
from services.assessments.commands import open_round
from services.awards.commands import NewCall, open_call
from services.cases import commands
from services.cases.advance import AdvanceCase, Advanced
from services.cases.queries import case_page
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.funding.budgeting import NewBudgetLine, granted_line
from services.funding.commands import open_program
from services.organizations.commands import NewOrganization, add_centre, add_division, enter_organization, record_post
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.rulesets.commands import rule_set_on, seed_rule_set
from statemachines.roles import Role

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine in the morning at the office, a Monday and a working day."""

PASSWORD = "chenguang-2026-city"
DISTRICT, STREET, COMMUNITY, ELSEWHERE = "229902", "229902001", "229902001001", "229902002"
LEADERS = {"zhou": "晨光社区邻里互助社", "qin": "桦苑社区书画社", "ma": "铁东里社区秧歌队"}
STAFF = {
    "clerk": Role.INTAKE_CLERK,
    "case_manager": Role.CASE_MANAGER,
    "manager": Role.CENTRE_MANAGER,
    "secretary": Role.ASSESSMENT_SECRETARY,
    "evaluator1": Role.EVALUATOR,
    "evaluator2": Role.EVALUATOR,
    "evaluator3": Role.EVALUATOR,
    "evaluator4": Role.EVALUATOR,
    "maker": Role.FINANCE_MAKER,
    "auditor": Role.AUDITOR,
    "administrator": Role.SYSTEM_ADMINISTRATOR,
    "security": Role.SECURITY_ADMINISTRATOR,
    "log": Role.LOG_ADMINISTRATOR,
    "checker": Role.FINANCE_CHECKER,
    "payer": Role.FINANCE_PAYER,
    "street": Role.STREET_HANDLER,
    "bureau": Role.CIVIL_AFFAIRS_LEADER,
}
TERRITORY = {"street": STREET, "bureau": DISTRICT}
SHEET = {"A1": "16", "A2": "16", "A3": "15", "A4": "12", "A5": "8", "A6": "8", "A7": "4"}


@dataclass
class City:
    """The city and its clock; `now` moves on by a minute with every act, so that nothing happens twice at once."""

    database: Database
    now: datetime = NOW
    centre: str = ""
    organizations: dict[str, str] = field(default_factory=dict)
    acts: int = 0

    def tick(self) -> datetime:
        """The next instant."""
        self.now += timedelta(minutes=1)
        return self.now

    def actor(self, username: str) -> Actor:
        """The person with today's roles."""
        with reading(self.database, self.now) as work:
            return actor_named(work, username)

    def move(self, number: str, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger as that person."""
        command = AdvanceCase(number, trigger, None, details)
        return commands.advance_case(self.database, self.actor(by), command, now=self.tick())

    def draft(self, leader: str) -> str:
        """A draft application of that leader's organization; its number."""
        opened = commands.open_incubation(
            self.database, self.actor(leader), organization_id=self.organizations[leader], centre_id=self.centre,
            plan="邻里互助", now=self.tick(),
        )  # fmt: skip
        return opened.number

    def provide(self, number: str, leader: str) -> None:
        """Hand in every material."""
        with reading(self.database, self.now) as work:
            names = rule_set_on(work, work.today).value("materials.application")
        commands.provide_materials(self.database, self.actor(leader), number=number, names=names, now=self.tick())

    def submitted(self, leader: str) -> str:
        """A submitted application."""
        number = self.draft(leader)
        self.provide(number, leader)
        self.move(number, "submit", leader, privacy_notice_accepted=True, commitments_accepted=True)
        return number

    def under_review(self, leader: str) -> str:
        """An application before its panel, interests declared, no sheet locked."""
        number = self.submitted(leader)
        self.move(number, "accept_application", "clerk")
        self.move(
            number, "begin_preliminary_review", "case_manager", lists_checked=True, visitors=2, eligible=True,
            report="内部初审意见",
        )  # fmt: skip
        panel = ["evaluator1", "evaluator2", "evaluator3"]
        commands.appoint_panel(
            self.database, self.actor("secretary"), number=number, form="admission", usernames=panel, now=self.tick()
        )
        for one in panel:
            commands.declare_interest(
                self.database, self.actor(one), assessment_id=self.assessment(number), conflict=False, now=self.tick()
            )
        self.move(
            number, "open_admission_review", "manager", meets_on="2026-12-01", meets_at="9:30", place="二楼会议室",
            recusal_due_on="2026-11-27",
        )  # fmt: skip
        identity = self.case_id(number)
        with unit_of_work(self.database, self.tick()) as work:
            open_round(work, case_id=identity, form="admission")
        return number

    def lock(self, number: str, username: str) -> None:
        """Fill in and lock that evaluator's sheet."""
        identity = self.assessment(number)
        commands.save_sheet(
            self.database, self.actor(username), assessment_id=identity, items=SHEET, comments={}, now=self.tick()
        )
        commands.lock_sheet(self.database, self.actor(username), assessment_id=identity, now=self.tick())

    def published(self, leader: str) -> str:
        """An application in its publicity."""
        number = self.under_review(leader)
        for one in ("evaluator1", "evaluator2", "evaluator3"):
            self.lock(number, one)
        self.move(number, "admit", "manager", mode="resident", room="201")
        return number

    def assessment(self, number: str) -> str:
        """The id of the latest round of the case."""
        with reading(self.database, self.now) as work:
            return case_page(work, self.actor("secretary"), number).rounds[-1].id

    def case_id(self, number: str) -> str:
        """The id behind a number."""
        with reading(self.database, self.now) as work:
            return case_page(work, self.actor("secretary"), number).line.id

    def version(self, number: str) -> int:
        """The version of the case."""
        with reading(self.database, self.now) as work:
            return case_page(work, self.actor("secretary"), number).line.version


def found_city(database: Database) -> City:
    """Found the city on a migrated database."""
    city = City(database)
    with unit_of_work(database, NOW) as work:
        seed_rule_set(work)
        add_division(work, code="229900", name="青檐市", level="prefecture", kind="city", parent_code=None)
        add_division(work, code=DISTRICT, name="河湾区", level="county", kind="county", parent_code="229900")
        add_division(work, code=STREET, name="望河街道", level="street", kind="street", parent_code=DISTRICT)
        add_division(work, code=COMMUNITY, name="晨光社区", level="community", kind="urban", parent_code=STREET)
        add_division(work, code=ELSEWHERE, name="桦林街道", level="street", kind="street", parent_code=DISTRICT)
        city.centre = add_centre(
            work, name="河湾区孵化中心", number_prefix="青河孵", bureau_prefix="青河民", case_prefix="QYFH",
            division_code=DISTRICT, places=5, contact="沈小满", phone="0000-1234567",
        )  # fmt: skip
        day = work.today.replace(year=2025)
        for username, role in STAFF.items():
            person = add_person(work, username=username, name=f"职员{username}", password=None)
            grant_role(work, person, role, valid_from=day, division_code=TERRITORY.get(username))
        for leader, name in LEADERS.items():
            home = COMMUNITY if leader == "zhou" else ELSEWHERE
            city.organizations[leader] = _organization(work, leader, name, home, day)
        program = open_program(work, name="培育扶持资金", year=2026)
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        called = NewCall(program, "社区项目申报", "社区公益项目", first, last, 5_000_000, rolling=True)
        open_call(work, called, opened_by=None)
        new = NewBudgetLine(program, "county_budget", "民政局", 10_000_000)
        granted_line(work, new, proposer=actor_named(work, "maker"), approver=actor_named(work, "checker"))
    return city


def _organization(work: Any, leader: str, name: str, home: str, day: date) -> str:
    identity = enter_organization(
        work,
        NewOrganization(
            name=name, legal_form="none", legal_status="UNFILED", category="SERVICE", subtype="邻里互助社",
            home_division=home, leader_name="周暖", leader_phone="19900000001", members=24,
        ),
    )  # fmt: skip
    person = add_person(work, username=leader, name=f"负责人{leader}", password=PASSWORD if leader == "zhou" else None)
    grant_role(work, person, Role.APPLICANT, valid_from=day, office=name, organization_id=identity)
    record_post(work, organization_id=identity, person_id=person, post="leader", held_from=day)
    return identity

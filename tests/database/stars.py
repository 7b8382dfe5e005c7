"""An office that rates stars: the people it needs beside those of the small city, and short ways through a round."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from services.cases import commands
from services.cases.advance import Advanced
from services.cases.starring import StarApplication, apply_for_star
from services.database.engine import Database
from services.database.work import Work, reading, run
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.stars.acts import NewRound, announce_round
from services.stars.queries import Rating, rating_of
from statemachines.roles import Role
from tests.database.office import Office, open_office

COUNTY = "220102"
FIVE = ("evaluator1", "evaluator2", "evaluator3", "evaluator4", "evaluator5")
MATERIALS = ("星级评定申报表", "备案（登记）证书", "上一年度工作报告", "活动与服务台账", "财务收支情况表")
SELF = {"P1": "9", "P2": "9.5", "P3": "18", "P4": "28", "P5": "14", "P6": "9", "P7": "5"}
MAXIMA = {"P1": 10, "P2": 10, "P3": 20, "P4": 30, "P5": 15, "P6": 10, "P7": 5}


def sheet_of(total: str, survey: Decimal) -> dict[str, str]:
    """A sheet that adds up to the total with the residents' points in it; items fall short one after the other."""
    left, items = Decimal(total) - survey, {}
    spread = [key for key in MAXIMA if key != "P5"]
    full = sum(MAXIMA[key] for key in spread)
    for key in spread[:-1]:
        points = (left * MAXIMA[key] / full * 2).to_integral_value() / 2
        items[key] = points
        left, full = left - points, full - MAXIMA[key]
    items[spread[-1]] = left
    return {key: format(value, "f") for key, value in items.items()}


class StarOffice:
    """The office with an announced round; `office` moves the clock."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._hire()
        self.round_id = self.announce(2026)

    def _hire(self) -> None:
        office = self.office
        more = {"evaluator4": Role.EVALUATOR, "evaluator5": Role.EVALUATOR, "sealer": Role.SEAL_KEEPER,
                "handler": Role.CIVIL_AFFAIRS_HANDLER}  # fmt: skip
        more |= {f"spare{number}": Role.EVALUATOR for number in range(1, 6)}

        def unit(work: Work) -> None:
            for username, role in more.items():
                person = add_person(work, username=username, name=f"职员{username}")
                division = COUNTY if role is Role.CIVIL_AFFAIRS_HANDLER else None
                grant_role(work, person, role, valid_from=date(2020, 1, 1), division_code=division)
            for username in more:
                office.people[username] = actor_named(work, username)

        run(office.database, office.now, unit)

    def announce(self, year: int, *, by: str = "handler", closes_on: date | None = None) -> str:
        """Announce the round of the county from today."""
        with reading(self.office.database, self.office.now) as work:
            opens_on = work.today
        new = NewRound(
            COUNTY, self.office.city.centre_id, year, f"样例区{year}年度社区社会组织星级评定",
            "按申报、审核、评定、公示办理", opens_on, closes_on,
        )  # fmt: skip
        return announce_round(self.office.database, self.office.people[by], new, now=self.office.now)

    def apply(self, organization: int = 1, **changed: object) -> Advanced:
        """Apply with every material; answers how the case stands."""
        wish: dict[str, object] = {
            "round_id": self.round_id, "organization_id": self.office.city.organization_ids[organization - 1],
            "self_scores": SELF, "materials": MATERIALS, "commitments_accepted": True,
        }  # fmt: skip
        new = StarApplication(**(wish | changed))  # type: ignore[arg-type]
        applicant = self.office.people[f"applicant{organization}"]
        return apply_for_star(self.office.database, applicant, new, now=self.office.now)

    def surveyed(self, organization: int = 1, *, panel: tuple[str, ...] = FIVE, satisfied: int = 27) -> str:
        """An application whose residents were asked and whose panel may score; answers its number."""
        number = self.apply(organization).case_number
        move = self.office.move
        move(
            "secretary", number, "find_star_eligible", recognized_on="2021-05-06", report_accepted=True, no_penalty=True
        )
        self.office.seat(number, "star", panel)
        for one in panel[:2]:
            move(
                one, number, "record_site_visit", visited_on=str(self.today), talked_with="负责人、居民代表",
                opinion="台账齐全",
            )  # fmt: skip
        move("secretary", number, "conclude_site_review")
        move("liaison", number, "record_survey", method="survey", held_on=str(self.today), answered=30,
             satisfied=satisfied)  # fmt: skip
        self.office.carry()
        return number

    def scored(self, *totals: str, organization: int = 1, satisfied: int = 27) -> str:
        """An application with those totals locked and its result proposed."""
        number = self.surveyed(organization, satisfied=satisfied)
        self.score(number, *totals)
        self.office.move("secretary", number, "propose_star")
        return number

    def score(self, number: str, *totals: str, panel: tuple[str, ...] = FIVE) -> None:
        """Lock one sheet for each total."""
        office, assessment = self.office, self.office.round(number, "star").id
        survey = self.rating(number).survey_points or Decimal(0)
        comments = dict.fromkeys((*MAXIMA, "total"), "说明")
        for who, total in zip(panel, totals, strict=True):
            commands.save_sheet(
                office.database, office.people[who], assessment_id=assessment, items=sheet_of(total, survey),
                comments=comments, now=office.now,
            )  # fmt: skip
            commands.lock_sheet(office.database, office.people[who], assessment_id=assessment, now=office.now)

    def confirmed(self, *totals: str, organization: int = 1) -> str:
        """A confirmed star; the clock has passed the publicity."""
        number = self.scored(*(totals or ("84", "85", "84.5", "84", "85")), organization=organization)
        self.office.move("secretary", number, "publish_star")
        self.later(8)
        self.office.move("bureau", number, "confirm_star")
        return number

    def certified(self, *totals: str, organization: int = 1) -> str:
        """A star in force, its certificate drawn."""
        number = self.confirmed(*totals, organization=organization)
        self.office.move("sealer", number, "certify_star")
        self.office.carry()
        return number

    @property
    def today(self) -> date:
        """The office's day."""
        with reading(self.office.database, self.office.now) as work:
            return work.today

    def later(self, days: int) -> None:
        """Let days pass."""
        day = date.fromordinal(self.today.toordinal() + days)
        self.office.on(day.year, day.month, day.day)

    def rating(self, number: str) -> Rating:
        """What the application came to."""
        with reading(self.office.database, self.office.now) as work:
            return rating_of(work, self.office.subject(number).case.id)


def open_star_office(database: Database, *, organizations: int = 2) -> Iterator[StarOffice]:
    """A fresh office with a round of 2026."""
    for office in open_office(database, organizations=organizations):
        yield StarOffice(office)

"""A small office to test the services in: the sample city, its people by name, and short ways to act."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from cli.bench.city import City, actors, build
from flows.errands import carry
from services.actors import Actor
from services.assessments.queries import Round, latest_round
from services.audit.models import audit_entries
from services.audit.queries import AuditEntry, entries_of
from services.cases import commands
from services.cases.advance import AdvanceCase, Advanced
from services.cases.delivering import confirm_receipt
from services.cases.opening import NewAward
from services.cases.paying import make_batch, release_batch
from services.cases.payment_lists import lines
from services.cases.timers import pull_timers
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import office_instant, reading, run, unit_of_work
from services.delivery.queries import drawers
from services.errors import NotFound, Refused
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw
from services.organizations.commands import enter_account, verify_account
from services.outbox.commands import claim_errands
from services.outbox.queries import errands
from services.outbox.rules import Errand
from services.people.commands import add_person, grant_role
from services.people.queries import actor_by_id
from services.rulesets.commands import rule_set_on
from statemachines.roles import Role
from tests.database_fixtures import NOW

MONDAY = date(2026, 3, 2)
GRACE = timedelta(seconds=10)
"""How long the letters of a decision stay, by the shipped rules."""

PANEL = ("evaluator1", "evaluator2", "evaluator3")
MARKS = {
    "admission": {"A1": "17", "A2": "16", "A3": "15", "A4": "11", "A5": "8", "A6": "7", "A7": "4"},
    "midterm": {"M1": "12", "M2": "20", "M3": "12", "M4": "12", "M5": "12", "M6": "8", "M7": "4"},
}
PLAN = {
    "needs": [{"area": "治理", "level": 2}],
    "goals": [{"metric": "活动", "base": "0次", "target": "12次", "due_on": "2027-03-01"}],
    "service_plan": "每月一次辅导",
    "mentor": "秘书甲",
}
MEETING = {"meets_on": "2026-03-09", "meets_at": "14:00", "place": "会议室", "recusal_due_on": "2026-03-06"}


def advice(amount_fen: int, score: str = "82.33") -> list[dict[str, Any]]:
    """The record of a panel of three that sat outside of the system and agreed."""
    return [{"evaluator": name, "score": score, "amount_fen": amount_fen} for name in ("专家甲", "专家乙", "专家丙")]


def stand_in(paper: DocumentToDraw) -> Drawn:
    """A paper nobody reads: the same inputs give the same bytes, as the real engine does."""
    content = f"%PDF-1.7 {paper.id} {paper.number}".encode()
    return Drawn(content, sha256(content).hexdigest(), 1, "stand-in")


@dataclass
class Office:
    """One day at the office; `now` is where its clock stands, and only the test moves it."""

    database: Database
    city: City
    now: datetime
    people: dict[str, Actor] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    render: Callable[[DocumentToDraw], Drawn] = stand_in

    def on(self, year: int, month: int, day: int, hour: int = 9) -> None:
        """Set the clock."""
        self.now = office_instant(date(year, month, day), hour)

    def apply(self, organization: int = 1) -> str:
        """A complete application by the organization's own person; answers the case number."""
        applicant = self.people[f"applicant{organization}"]
        identity = self.city.organization_ids[organization - 1]
        opened = commands.open_incubation(
            self.database, applicant, organization_id=identity, centre_id=self.city.centre_id, now=self.now
        )
        with reading(self.database, self.now) as work:
            names = rule_set_on(work, work.today).value("materials.application")
        commands.provide_materials(self.database, applicant, number=opened.number, names=names, now=self.now)
        return opened.number

    def move(self, who: str, number: str, trigger: str, **details: Any) -> Advanced:
        """Pull a trigger."""
        return self.send(who, AdvanceCase(number, trigger, None, details))

    def send(self, who: str, command: AdvanceCase) -> Advanced:
        """Send a command as it is."""
        return commands.advance_case(self.database, self.people[who], command, now=self.now)

    def submitted(self, organization: int = 1) -> str:
        """A submitted application; answers the case number."""
        number = self.apply(organization)
        applicant = f"applicant{organization}"
        self.move(applicant, number, "submit", privacy_notice_accepted=True, commitments_accepted=True)
        return number

    def reviewed(self, organization: int = 1, *, panel: tuple[str, ...] = PANEL) -> str:
        """A case under admission review whose panel has declared; answers the case number."""
        number = self.submitted(organization)
        self.move("clerk", number, "accept_application")
        self.move(
            "keeper",
            number,
            "begin_preliminary_review",
            lists_checked=True,
            visitors=2,
            eligible=True,
            report="符合条件",
        )
        self.seat(number, "admission", panel)
        self.move("manager", number, "open_admission_review", **MEETING)
        self.carry()
        return number

    def incubating(self, organization: int = 1) -> str:
        """A case in its first days of incubation; answers the case number. The clock stands at 10 March 2026."""
        number = self.reviewed(organization)
        assessment = self.round(number).id
        for name in PANEL:
            self.score(name, assessment)
        self.move("manager", number, "admit", mode="resident", room="101室")
        self.on(2026, 3, 10)
        pull_timers(self.database, now=self.now)
        self.move("keeper", number, "record_plan", **PLAN)
        self.move(f"applicant{organization}", number, "sign_agreement", signed_by="队长")
        self.move("manager", number, "start_incubation", starts_on="2026-03-11", signed_by="主任甲")
        self.carry()
        return number

    def awarded(self, number: str, amount_fen: int, organization: int = 1) -> str:
        """An award beside the case, approved by two and in force; answers its number. The clock moves to 20 March."""
        award = self.proposed(number, amount_fen, organization)
        self.on(2026, 3, 20)
        self.move("manager", award, "approve_first")
        self.move("bureau", award, "approve")
        self.move(f"applicant{organization}", award, "sign_award", signed_by="队长")
        self.move("manager", award, "start_payments", signed_by="主任甲")
        self.carry()
        return award

    def proposed(self, number: str, amount_fen: int, organization: int = 1) -> str:
        """An award beside the case, published; answers its number."""
        applicant = self.people[f"applicant{organization}"]
        identity = self.city.organization_ids[organization - 1]
        account = self.account(organization)
        asked_fen = -(-amount_fen // 10_000) * 10_000
        new = NewAward(
            identity, self.city.centre_id, self.city.program_id, self.city.budget_line_id, "敲门", asked_fen, account,
            self.subject(number).case.id,
        )  # fmt: skip
        award = commands.open_award(self.database, applicant, new, now=self.now).number
        self.move(f"applicant{organization}", award, "apply_award")
        self.move("keeper", award, "find_eligible")
        self.move("secretary", award, "record_award_result", sheets=advice(asked_fen))
        self.move("manager", award, "propose", amount_fen=amount_fen, opinion="同意")
        return award

    def account(self, organization: int = 1) -> str:
        """The payee account of an organization, entered and verified the first time it is asked for."""
        identity = self.city.organization_ids[organization - 1]
        if identity not in self.accounts:
            with unit_of_work(self.database, self.now) as work:
                account = enter_account(
                    work, actor=self.people["maker"], organization_id=identity, holder_organization_id=identity,
                    account_number=f"620000000000003{organization}", bank="样例银行", kind="custody",
                )  # fmt: skip
                verify_account(work, actor=self.people["checker"], account_id=account)
            self.accounts[identity] = account
        return self.accounts[identity]

    def again(self, name: str) -> Actor:
        """The person with the roles held now."""
        with reading(self.database, self.now) as work:
            return actor_by_id(work, self.people[name].id)

    def instruct(self, instalment: str, *, sent: bool = True) -> None:
        """Everything up to the bank, by the people whose work it is (below the sum that needs the bureau)."""
        self.move("applicant1", instalment, "request_instalment")
        self.move("keeper", instalment, "report_milestone", finding="已完成")
        self.move("manager", instalment, "confirm_milestone")
        self.move("maker", instalment, "check_payment")
        self.move("checker", instalment, "approve_payment")
        self.move("maker", instalment, "instruct_payment")
        if sent:
            self.to_bank(instalment)

    def to_bank(self, *instalments: str) -> str:
        """Put what is instructed into a batch and let it go to the bank; answers the batch's number."""
        self.carry()
        with reading(self.database, self.now) as work:
            found = {one.case_number: one.reference for one in lines(work, unbatched=True)}
        wanted = [found[one] for one in instalments]
        batch = make_batch(self.database, self.people["maker"], wanted, now=self.now)
        release_batch(self.database, self.people["payer"], batch, now=self.now)
        return batch

    def state(self, number: str) -> str:
        """Where the case stands."""
        return str(self.subject(number).case.state)

    def carry(self) -> None:
        """Carry out everything that is due once the letters have left, without Prefect and with papers nobody reads."""
        later = self.now + GRACE
        while claimed := run(self.database, later, lambda work: claim_errands(work, worker="office")):
            assert {carry(self.database, errand, now=later, render=self.render) for errand in claimed} == {"done"}

    def serve(self) -> None:
        """Carry what is due, and let every organization confirm the receipt of what it was sent."""
        self.carry()
        self.now += GRACE
        for place in range(1, len(self.city.organization_ids) + 1):
            name = f"applicant{place}"
            with reading(self.database, self.now) as work:
                waiting = [one.paper.id for one in drawers(work, self.people[name]) if one.waits]
            for paper in waiting:
                confirm_receipt(self.database, self.people[name], paper, now=self.now)

    def seat(self, number: str, form: str, panel: tuple[str, ...] = PANEL) -> str:
        """Appoint a panel that declares no interest; answers the assessment's id."""
        identity = commands.appoint_panel(
            self.database, self.people["secretary"], number=number, form=form, usernames=panel, now=self.now
        )
        for name in panel:
            commands.declare_interest(
                self.database, self.people[name], assessment_id=identity, conflict=False, now=self.now
            )
        return identity

    def score(self, who: str, assessment_id: str, form: str = "admission", **changed: str) -> Round:
        """Fill and lock one sheet."""
        commands.save_sheet(
            self.database, self.people[who], assessment_id=assessment_id, items=MARKS[form] | changed, comments={},
            now=self.now,
        )  # fmt: skip
        return commands.lock_sheet(self.database, self.people[who], assessment_id=assessment_id, now=self.now)

    def round(self, number: str, form: str = "admission") -> Round:
        """The latest round."""
        with reading(self.database, self.now) as work:
            found = latest_round(work, load_subject(work, number=number).case.id, form)
        assert found is not None
        return found

    def subject(self, number: str) -> Subject:
        """The case as it stands."""
        with reading(self.database, self.now) as work:
            return load_subject(work, number=number)

    def errands(self, number: str) -> tuple[Errand, ...]:
        """Everything the case ever owed."""
        with reading(self.database, self.now) as work:
            return errands(work, standing="all", case_id=load_subject(work, number=number).case.id)

    def trail(self, number: str) -> tuple[AuditEntry, ...]:
        """The case's audit entries."""
        with reading(self.database, self.now) as work:
            return tuple(entries_of(work, load_subject(work, number=number).case.id))


def open_office(database: Database, *, organizations: int = 2) -> Iterator[Office]:
    """A fresh office on the database."""
    now = office_instant(MONDAY)
    city = build(database, organizations_count=organizations, now=now)
    office = Office(database, city, now)
    office.people = actors(database, now=now, organizations_count=organizations)
    yield office


def trail(database: Database, *actions: str) -> list[tuple[str, str, str, list[str]]]:
    """What the audit log says of these acts: the act, by whom, how it ended, for which reasons."""
    with reading(database, NOW) as work:
        rows = work.connection.execute(
            select(audit_entries).where(audit_entries.c.action.in_(actions)).order_by(audit_entries.c.id)
        ).all()
    return [(row.action, row.actor_name, row.result, list(row.reasons)) for row in rows]


def refusal(act: Callable[[], object]) -> tuple[type[Exception], tuple[str, ...]]:
    """How the act is refused: the error and its codes."""
    with pytest.raises((Refused, NotFound)) as caught:
        act()
    return type(caught.value), caught.value.codes


def open_office_with_reserve(database: Database) -> Iterator[Office]:
    """The same, and one evaluator more than a panel of three: evaluator4."""
    for office in open_office(database):
        with unit_of_work(database, office.now) as work:
            person = add_person(work, username="evaluator4", name="专家丁", password=None)
            grant_role(work, person, Role.EVALUATOR, valid_from=date(2026, 1, 1))
            office.people["evaluator4"] = actor_by_id(work, person)
        yield office

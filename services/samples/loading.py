"""Fills an empty database with invented cases in any number, each with all that the real door would have written."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Table, bindparam, insert, select, update

from documents.format import certificate_number, document_number
from documents.registry import kind_of
from services.actors import SYSTEM
from services.assessments.models import assessments, score_sheets, seats
from services.audit.commands import record, seal
from services.audit.models import audit_entries
from services.awards.models import award_budget_items, award_terms
from services.calendar.queries import load_calendar
from services.cases.models import case_clocks, case_materials, case_moves, cases, incubations
from services.database.counters import counters
from services.database.engine import Database
from services.database.statistics import refresh_statistics
from services.database.work import Work, run
from services.errors import Refused
from services.funding.models import awards
from services.issuance.models import deliveries, issued_documents, stored_files
from services.issuance.rules import ALPHABET, series_of
from services.notices.models import notices
from services.organizations.models import centres, organizations
from services.outbox.models import errands
from services.rulesets.commands import rule_set_on
from services.samples import names, panels, routes, rows, town
from services.samples.stories import Person, Story, Teller, id_at
from services.samples.town import Town
from statemachines.roles import Role
from statemachines.table import Issue

CHUNK = 400
ORDER: tuple[Table, ...] = (
    cases, incubations, awards, award_terms, award_budget_items, case_moves, case_clocks, case_materials,
    audit_entries, stored_files, issued_documents,
    deliveries, errands, notices, assessments, seats, score_sheets,
)  # fmt: skip
"""Tables in the order in which rows need each other."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded."""

    cases: int
    organizations: int
    moves: int
    papers: int
    notices: int
    sealed: int


def load(database: Database, *, scale: int, seed: int, now: datetime, password: str | None = None) -> Loaded:
    """Load that many invented cases; the same seed gives the same town and the same stories.

    Refused("samples.not_empty") on a database that holds an organization, a centre or a case: invented cases never
    stand beside real ones. All in one unit of work; afterwards the audit log is sealed. `password` lets the first
    person of every office sign in.
    """
    loaded = run(database, now, lambda work: _Loader(work, scale, seed).load(password))
    sealed = seal(database, now, limit=10_000_000, everything=True)
    refresh_statistics(database, now)
    return Loaded(**{**loaded, "sealed": sealed.sealed})


class _Loader:
    """One loading: the town, the stories, the running numbers, and the rows that wait to be written."""

    def __init__(self, work: Work, scale: int, seed: int) -> None:
        _refuse_used(work)
        self.work, self.scale = work, scale
        self.chance = random.Random(seed)
        self.system = Person(SYSTEM.id, SYSTEM.name, SYSTEM.username)
        self.calendar = load_calendar(work)
        self.teller = Teller(self.chance, self.calendar, work.today, self.system)
        self.written = dict.fromkeys((table.name for table in ORDER), 0)

    def load(self, password: str | None) -> dict[str, int]:
        """Everything but the seal."""
        early = self.scale // 8
        money = self.scale // 10
        before = Work(self.work.connection, town.founded_at(self.work.now))
        place = town.found(before, self.chance, organizations=self.scale - early - money, password=password)
        self.rules = rule_set_on(self.work, self.work.today)
        stories = sorted(self._stories(place, early, money), key=lambda one: (one.opened_at, one.id))
        self._number(stories)
        for start in range(0, len(stories), CHUNK):
            self._write(stories[start : start + CHUNK], place)
        self._stages(place)
        record(
            self.work, stream="samples", actor=SYSTEM, role=Role.SYSTEM.value, action="samples:load", object="samples",
            details={"cases": len(stories)},
        )  # fmt: skip
        return {
            "cases": len(stories), "organizations": len(place.homes), "moves": self.written["case_moves"],
            "papers": self.written["issued_documents"], "notices": self.written["notices"],
        }  # fmt: skip

    # Stories --------------------------------------------------------------------------------------

    def _stories(self, place: Town, early: int, money: int) -> Iterator[Story]:
        present = [
            self._tell(place, number, _one(self.chance, routes.INCUBATIONS)) for number in range(len(place.homes))
        ]
        for story in present:
            story.home.stage = rows.stage_of(story)
        for story in self.chance.sample(present, min(early, len(present))):
            yield self._earlier(story)
        yield from present
        # An award is for an organization in its term, and its story takes less than half a year.
        old = self.work.now - timedelta(days=180)
        term = [one for one in present if one.opened_at < old]
        for number in range(money if term else 0):
            yield self._award(term[number % len(term)])

    def _tell(self, place: Town, number: int, way: str) -> Story:
        home = place.homes[number]
        office = place.offices[home.centre]
        people = {role: self.chance.choice(found) for role, found in office.items() if role is not Role.EVALUATOR}
        people |= {Role.APPLICANT: home.leader, Role.STREET_HANDLER: place.streets[home.division[:9]]}
        panel = tuple(self.chance.sample(office[Role.EVALUATOR], 3))
        codes = tuple(routes.codes_of(way, corrected=self.chance.random() < 0.25))
        return self.teller.tell(kind="incubation", home=home, people=people, panel=panel, codes=codes)

    def _earlier(self, later: Story) -> Story:
        """An application of the same organization that had ended before; the later one remembers it."""
        codes = tuple(routes.codes_of(_one(self.chance, routes.ENDED_EARLY), corrected=False))
        until = later.opened_at.date() - timedelta(days=self.chance.randint(95, 300))
        story = self.teller.tell(
            kind="incubation", home=later.home, people=later.people, panel=later.panel, codes=codes, until=until
        )
        later.earlier_id = story.id
        return story

    def _award(self, parent: Story) -> Story:
        codes = tuple(routes.codes_of(_one(self.chance, routes.AWARDS), corrected=False))
        until = self.work.today - timedelta(days=self.chance.randint(1, 60))
        story = self.teller.tell(
            kind="award", home=parent.home, people=parent.people, panel=(), codes=codes, until=until
        )
        story.parent_id = parent.id
        return story

    # Numbers --------------------------------------------------------------------------------------

    def _number(self, stories: Sequence[Story]) -> None:
        """Case numbers in the order of opening, paper numbers in the order of decision, and their counters."""
        last: dict[str, int] = {}
        for story in stories:
            prefix, year = names.COUNTIES[story.home.centre][2], story.opened_at.year
            middle, padded = ("-", "") if story.kind == "incubation" else ("-ZZ-", "award-")
            series = f"case-{prefix}-{padded}{year}"
            last[series] = last.get(series, 0) + 1
            story.number = f"{prefix}{middle}{year}-{last[series]:04d}"
        papers = sorted(
            (step.at, story.id, sequence, effect.document, story)
            for story in stories
            for sequence, step in enumerate(story.steps, start=1)
            for effect in step.move.then
            if isinstance(effect, Issue)
        )
        for at, _, sequence, document, story in papers:
            series = f"document-{_series(story, document, at)}"
            last[series] = last.get(series, 0) + 1
            story.papers[sequence, document] = last[series]
        self.work.connection.execute(
            insert(counters), [{"series": series, "last": number} for series, number in last.items()]
        )

    def _papers(self, story: Story) -> dict[tuple[int, str], rows.Row]:
        found = {}
        for (sequence, document), serial in story.papers.items():
            step, kind = story.steps[sequence - 1], kind_of(document)
            county, prefix = names.COUNTIES[story.home.centre][1][0], names.COUNTIES[story.home.centre][2]
            year = step.at.year
            if kind.family == "D":
                number = certificate_number(f"{prefix}-CQ", year, serial)
            else:
                number = document_number(f"{county}孵", kind.number_key, year, serial)
            code = "".join(self.chance.choice(ALPHABET) for _ in range(16))
            inputs = {"head": {"number": number}, "organization": story.home.name}
            text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            pdf = b"%PDF-1.4\n% invented paper " + code.encode() + b"\n%%EOF\n"
            found[sequence, document] = {
                "id": id_at(self.chance, step.at), "kind": kind.name, "code": kind.code,
                "series": _series(story, document, step.at), "serial": serial, "number": number, "case_id": story.id,
                "move_sequence": sequence, "organization_id": story.home.id, "inputs": inputs,
                "inputs_sha256": hashlib.sha256(text.encode()).hexdigest(), "verify_code": code, "standing": "issued",
                "decided_on": step.at.date(), "decided_at": step.at, "drawn_at": step.at + timedelta(seconds=20),
                "file_sha256": rows.sha256(pdf), "pages": 1, "engine": "samples", "content": pdf,
            }  # fmt: skip
        return found

    # Rows -----------------------------------------------------------------------------------------

    def _write(self, stories: Sequence[Story], place: Town) -> None:
        waiting: dict[str, list[rows.Row]] = {table.name: [] for table in ORDER}
        for story in stories:
            self._belongings(story, place, waiting)
        for table in ORDER:
            if waiting[table.name]:
                self.work.connection.execute(insert(table), waiting[table.name])
                self.written[table.name] += len(waiting[table.name])

    def _belongings(self, story: Story, place: Town, waiting: dict[str, list[rows.Row]]) -> None:
        entering = story.kind == "incubation"
        incubation = rows.incubation_row(story, self.rules) if entering else None
        clocks = rows.clock_rows(story, incubation, self.rules, self.calendar)
        waiting["cases"].append(
            rows.case_row(story, centre_id=place.centres[story.home.centre], rules=self.rules, clocks=clocks)
        )
        if incubation is not None:
            waiting["incubations"].append(incubation)
        else:
            waiting["awards"].append(_award_row(story, place))
            waiting["award_terms"].append(_terms_row(story, place))
            waiting["award_budget_items"].append(_item_row(story, self.chance))
        waiting["case_clocks"] += clocks
        waiting["case_moves"] += rows.move_rows(story, self.chance)
        materials = self._materials(story) if entering and story.steps else []
        waiting["case_materials"] += materials
        waiting["audit_entries"] += rows.audit_rows(story, self.chance, materials=[one["name"] for one in materials])
        papers = self._papers(story)
        for paper in papers.values():
            content = paper.pop("content")
            waiting["stored_files"].append(
                {"sha256": paper["file_sha256"], "media_type": "application/pdf", "size": len(content),
                 "content": content, "stored_at": paper["drawn_at"]}
            )  # fmt: skip
            waiting["issued_documents"].append(paper)
            waiting["deliveries"].append(
                {"id": id_at(self.chance, paper["drawn_at"]), "document_id": paper["id"],
                 "person_id": story.home.leader.id, "sent_at": paper["drawn_at"]}
            )  # fmt: skip
        waiting["errands"] += rows.errand_rows(story, self.chance, papers)
        waiting["notices"] += rows.notice_rows(story, self.chance, unread_since=self.work.now - timedelta(days=7))
        for name, found in panels.round_rows(story, self.chance, self.rules).items():
            waiting[name] += found

    def _materials(self, story: Story) -> list[rows.Row]:
        return [
            {"id": id_at(self.chance, story.opened_at), "case_id": story.id, "name": name,
             "provided_on": story.opened_at.date(), "copies": 1, "original": True}
            for name in self.rules.value("materials.application")
        ]  # fmt: skip

    def _stages(self, place: Town) -> None:
        statement = (
            update(organizations)
            .where(organizations.c.id == bindparam("wanted"))
            .values(incubation_stage=bindparam("stage"))
        )
        self.work.connection.execute(statement, [{"wanted": one.id, "stage": one.stage} for one in place.homes])


def _refuse_used(work: Work) -> None:
    for table in (cases, organizations, centres):
        if work.connection.execute(select(table.c.id).limit(1)).first() is not None:
            raise Refused("samples.not_empty")


def _one(chance: random.Random, ways: tuple[tuple[int, str], ...]) -> str:
    return chance.choices([way for _, way in ways], [weight for weight, _ in ways])[0]


def _series(story: Story, document: str, at: datetime) -> str:
    return series_of(f"{names.COUNTIES[story.home.centre][1][0]}孵", kind_of(document).number_key, at.year)


def _award_row(story: Story, place: Town) -> rows.Row:
    proposed = any(step.move.trigger == "propose" for step in story.steps)
    scored = any(step.move.trigger == "record_award_result" for step in story.steps)
    return {
        "case_id": story.id, "incubation_case_id": story.parent_id, "program_id": place.program_id,
        "budget_line_id": place.budget_line_id, "project": f"{story.home.name}培育项目"[:80], "purpose": "",
        "requested_fen": 1_000_000, "amount_fen": 1_000_000 if proposed else None,
        "score_hundredths": 8200 if scored else None,
    }  # fmt: skip


def _terms_row(story: Story, place: Town) -> rows.Row:
    scored = any(step.move.trigger == "record_award_result" for step in story.steps)
    starts_on = story.opened_at.date()
    return {
        "case_id": story.id, "call_id": place.call_id, "plan": [50, 30, 20], "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=365), "advised_fen": 1_000_000 if scored else None, "vetoed": False,
    }  # fmt: skip


def _item_row(story: Story, chance: random.Random) -> rows.Row:
    return {
        "id": id_at(chance, story.opened_at), "award_id": story.id, "place": 1, "name": "活动费",
        "asked_fen": 1_000_000, "amount_fen": 1_000_000,
    }  # fmt: skip

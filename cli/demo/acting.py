"""How the story acts on the city: dated steps, each done by a named person through the service commands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from struct import pack
from typing import Any, Protocol
from zlib import compress, crc32

from cli.demo.agreeing import agree
from cli.demo.city import Founded
from cli.demo.serving import BEGINS, LAST_CONFIRMED, receive
from cli.demo.sheets import sheet
from documents.registry import kind_of
from services.actors import SYSTEM, Actor
from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.assessments.queries import latest_round, sheet_to_score
from services.awards.spending import NewExpense
from services.calendar.rules import WorkingCalendar, calendar_from_rows, load_seed
from services.cases import commands, paying
from services.cases.advance import AdvanceCase, Advanced
from services.cases.opening import NewAward
from services.cases.payment_lists import lines
from services.cases.queries import CasePage, case_page
from services.cases.recovering import recovery_lines
from services.cases.reviewing import Request, cast_ballot, decisions_of, lodge_review
from services.cases.spending import enter_expense, report_expenses, spending_of
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import office_instant, reading
from services.errors import Refused
from services.funding.queries import award
from services.people.queries import actor_by_id

LETTERS_LEAVE = timedelta(seconds=10)
"""After so long the letters of a decision leave, by the rules of the city."""

BY_HAND = "沿用年度评审组名单，未抽取"
"""Why the story names its panels: the figures of the specification are those of these people."""


def picture(shade: int) -> bytes:
    """A small picture that stands for a scanned receipt, each in a shade of its own."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + kind + content + pack(">I", crc32(kind + content))

    row = b"\0" + bytes((shade % 256, shade // 256 % 256, 160)) * 64
    head = pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", compress(row * 64)) + chunk(b"IEND", b"")


class Settle(Protocol):
    """Lets the flows carry every errand that is due at that instant; answers how many were carried."""

    def __call__(self, now: datetime) -> int: ...


class StoryFailed(Exception):
    """The story could not go on: what was to happen did not, or what was to be refused was done."""


@dataclass
class City:
    """The city while its story is played: where things are, and what time it is."""

    database: Database
    founded: Founded
    settle: Settle
    now: datetime
    cases: dict[str, str] = field(default_factory=dict)
    awards: dict[str, str] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)
    batches: dict[tuple[str, int], str] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    acts: int = 0
    carried: int = 0
    unsigned: tuple[str, ...] = ()
    """Agreements their other side has not signed yet."""
    owing: set[str] = field(default_factory=set)
    _actors: dict[tuple[str, date], Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The person of that name with the roles held on the story's day."""
        with reading(self.database, self.now) as work:
            key = (name, work.today)
            if key not in self._actors:
                self._actors[key] = actor_by_id(work, self.founded.people[name])
        return self._actors[key]

    def rest(self, key: str = "") -> None:
        """Wait until the flows have carried all that is owed by now; with a key only when that organization is."""
        if self.owing and (not key or key in self.owing):
            self.carried += self.settle(self.now + LETTERS_LEAVE)
            self.owing.clear()
            receive(self.database, self.actor, self.now, scan=picture(40))
            self.unsigned = agree(self.database, self.actor, self.unsigned, self.now, scan=picture(41))

    # What people do --------------------------------------------------------------------------------

    def move(self, number: str, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger of the case of that number, once."""
        self.acts += 1
        command = AdvanceCase(number, trigger, None, details, f"story-{self.acts}")
        moved = commands.advance_case(self.database, self.actor(by), command, now=self.now)
        issued = [one for one in moved.documents if kind_of(one["document"]).two_parties]
        if self.now.date() <= LAST_CONFIRMED:
            self.unsigned += tuple(one["document_id"] for one in issued)
        if any(kind_of(one["document"]).code in BEGINS for one in moved.documents):
            self.carried += self.settle(self.now + LETTERS_LEAVE)
            receive(self.database, self.actor, self.now, scan=picture(40))
        return moved

    def incubation(self, key: str, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger of the organization's incubation case."""
        return self.move(self.cases[key], trigger, by, **details)

    def award(self, key: str, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger of the organization's award."""
        return self.move(self.awards[key], trigger, by, **details)

    def instalment(self, key: str, number: int, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger of one instalment of the organization's award."""
        return self.move(f"{self.awards[key]}-{number}", trigger, by, **details)

    def make_batch(self, key: str, number: int, by: str) -> None:
        """Put the instructed payment into a batch of its own."""
        part = f"{self.awards[key]}-{number}"
        with reading(self.database, self.now) as work:
            waiting = [one.reference for one in lines(work, unbatched=True) if one.case_number == part]
        self.batches[key, number] = paying.make_batch(self.database, self.actor(by), waiting, now=self.now)

    def release_batch(self, key: str, number: int, by: str) -> None:
        """Let the batch of that payment go to the bank."""
        paying.release_batch(self.database, self.actor(by), self.batches[key, number], now=self.now)

    def apply(self, key: str, by: str, *, plan: str) -> None:
        """Open an application, hand in every material and submit it."""
        opened = commands.open_incubation(
            self.database, self.actor(by), organization_id=self.founded.organizations[key],
            centre_id=self.founded.centre_id, plan=plan, now=self.now,
        )  # fmt: skip
        self.cases[key] = opened.number
        names = self.page(opened.number, by).materials_missing
        commands.provide_materials(
            self.database, self.actor(by), number=opened.number, names=names, original=True, now=self.now
        )
        self.incubation(key, "submit", by, privacy_notice_accepted=True, commitments_accepted=True)

    def apply_for_award(
        self, key: str, by: str, *, year: int, source: str, yuan: int, project: str, purpose: str = "",
        budget: tuple[tuple[str, int], ...] = (),
    ) -> None:  # fmt: skip
        """Open an award application beside the incubation and hand it in."""
        with reading(self.database, self.now) as work:
            incubation = load_subject(work, number=self.cases[key]).case.id
        new = NewAward(
            organization_id=self.founded.organizations[key], centre_id=self.founded.centre_id,
            program_id=self.founded.programs[year], budget_line_id=self.founded.lines[year, source], project=project,
            requested_fen=yuan * 100, account_id=self.founded.accounts[key], incubation_case_id=incubation,
            purpose=purpose, budget=tuple((name, amount * 100) for name, amount in budget),
        )  # fmt: skip
        opened = commands.open_award(self.database, self.actor(by), new, now=self.now)
        self.awards[key] = opened.number
        self.award(key, "apply_award", by)

    def spend(self, key: str, by: str, yuan: str, *, what: str, payee: str, item: int = 0) -> None:
        """Enter an expense of the award, paid by the bank today."""
        self.acts += 1
        number = self.awards[key]
        with reading(self.database, self.now) as work:
            page, today = spending_of(work, self.actor(by), number), work.today
        new = NewExpense(
            page.items[item].item.id, today, what, int(Decimal(yuan) * 100), f"2299{self.acts:016d}", payee
        )
        upload = Upload("发票.png", picture(self.acts))
        enter_expense(
            self.database, self.actor(by), new, number=number, upload=upload, scanner=scanner_at(""), now=self.now
        )

    def report_expenses(self, key: str, by: str, instalment: int, *, summary: str) -> None:
        """Report what was spent after an instalment."""
        report_expenses(
            self.database, self.actor(by), number=self.awards[key], instalment=instalment, summary=summary, now=self.now
        )

    def audit_if_drawn(self, key: str, by: str) -> None:
        """An award that was drawn for an audit is audited."""
        with reading(self.database, self.now) as work:
            audit = spending_of(work, self.actor(by), self.awards[key]).audit
        if audit is not None and audit.missing:
            self.award(
                key, "record_audit", by, firm="青檐正明会计师事务所（虚构）", audit_number="青正审〔2026〕31号",
                audit_opinion="clean",
            )  # fmt: skip

    def report_midterm(self, key: str, by: str, **report: Any) -> None:
        """The organization hands in its own midterm report."""
        commands.give_midterm_report(self.database, self.actor(by), number=self.cases[key], report=report, now=self.now)

    def recovery(self, key: str, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger of the recovery on the organization's award."""
        return self.move(self.recovery_number(key), trigger, by, **details)

    def recovery_number(self, key: str) -> str:
        """The number of the latest recovery on the organization's award; StoryFailed when nothing opened one."""
        with reading(self.database, self.now) as work:
            found = [one for one in recovery_lines(work, SYSTEM) if one.award_number == self.awards[key]]
        if not found:
            raise StoryFailed(f"no recovery was opened on the award of {key}")
        return found[0].number

    # Reviews ---------------------------------------------------------------------------------------

    def complain(self, key: str, by: str, request: Request) -> None:
        """The organization asks for a review of the last decision of its case."""
        number = self.cases[key]
        with reading(self.database, self.now) as work:
            sequence = decisions_of(work, load_subject(work, number=number))[0].sequence
        found = lodge_review(self.database, self.actor(by), request, number=number, sequence=sequence, now=self.now)
        self.reviews[key] = found.case_number

    def review(self, key: str, trigger: str, by: str, **details: Any) -> Advanced:
        """Pull a trigger of the review of a decision on the organization's case."""
        return self.move(self.reviews[key], trigger, by, **details)

    def vote(self, key: str, by: str, result: str, *, reason: str) -> None:
        """A member of the review panel votes by name."""
        self.acts += 1
        cast_ballot(self.database, self.actor(by), number=self.reviews[key], result=result, reason=reason, now=self.now)

    # Assessments -----------------------------------------------------------------------------------

    def panel(self, key: str, form: str, evaluators: Sequence[str] = ()) -> None:
        """The secretary appoints the panel: by lot, or these people by hand, which says why."""
        commands.appoint_panel(
            self.database, self.actor("唐亦安"), number=self.cases[key], form=form,
            usernames=[self.actor(name).username for name in evaluators], by_hand=BY_HAND, seed=f"{key} {form}",
            now=self.now,
        )  # fmt: skip

    def assessment(self, key: str, form: str) -> str:
        """The id of the latest round of that form."""
        with reading(self.database, self.now) as work:
            present = latest_round(work, load_subject(work, number=self.cases[key]).case.id, form)
        if present is None:
            raise StoryFailed(f"{key} has no {form} assessment")
        return present.id

    def declare(self, key: str, form: str, evaluators: Iterable[str]) -> None:
        """Each evaluator declares that there is no conflict of interest."""
        identity = self.assessment(key, form)
        for name in evaluators:
            commands.declare_interest(
                self.database, self.actor(name), assessment_id=identity, conflict=False, now=self.now
            )

    def arbitrate(self, key: str, form: str, evaluator: str = "", *, minutes: str) -> None:
        """The secretary records the panel's discussion; one evaluator from outside the panel is drawn, or named."""
        commands.add_extra_evaluator(
            self.database, self.actor("唐亦安"), assessment_id=self.assessment(key, form), by_hand=BY_HAND,
            username=self.actor(evaluator).username if evaluator else "", minutes=minutes, seed=f"{key} extra",
            now=self.now,
        )  # fmt: skip

    def score(self, key: str, form: str, totals: Mapping[str, str]) -> None:
        """Each evaluator fills the own sheet up to that total and locks it."""
        identity = self.assessment(key, form)
        for name, total in totals.items():
            who = self.actor(name)
            with reading(self.database, self.now) as work:
                form_copy = sheet_to_score(work, person_id=who.id, assessment_id=identity).form_copy
            items, comments = sheet(form_copy, total)
            commands.save_sheet(
                self.database, who, assessment_id=identity, items=items, comments=comments, now=self.now
            )
            commands.lock_sheet(self.database, who, assessment_id=identity, now=self.now)
            self.acts += 1

    # What the story looks at -------------------------------------------------------------------------

    def page(self, number: str, by: str = "林知夏") -> CasePage:
        """The case as that person sees it."""
        with reading(self.database, self.now) as work:
            return case_page(work, self.actor(by), number)

    def award_id(self, key: str) -> str:
        """The id of the organization's award."""
        with reading(self.database, self.now) as work:
            return award(work, load_subject(work, number=self.awards[key]).case.id).case_id

    def refused(self, code: str, act: Callable[[], Any]) -> None:
        """Do something that a rule must refuse for that reason; StoryFailed when it does not."""
        try:
            act()
        except Refused as refused:
            if code in refused.codes:
                return
            raise StoryFailed(f"refused for {refused.codes} instead of {code}") from refused
        raise StoryFailed(f"{code} did not refuse")


@dataclass(frozen=True)
class Step:
    """One thing that happens: when, in whose story, what a reader is told, and whether the flows must have rested."""

    at: datetime
    key: str
    text: str
    act: Callable[[City], Any]
    after_flows: bool = False


@cache
def working_days() -> WorkingCalendar:
    """The shipped calendar, by which the story counts its days."""
    return calendar_from_rows(load_seed())


def after(day: date, working: int) -> date:
    """The working day so many working days after `day`; before it when negative."""
    calendar = working_days()
    return calendar.subtract_working_days(day, -working) if working < 0 else calendar.add_working_days(day, working)


class Diary:
    """Collects the steps of one organization; those of one day follow each other by a quarter of an hour."""

    def __init__(self, key: str, prefix: str = "") -> None:
        self.key, self.prefix = key, prefix
        self.steps: list[Step] = []
        self._on: dict[date, int] = {}

    def on(self, day: date, text: str, act: Callable[[City], Any], *, after_flows: bool = False) -> None:
        """Note a step on that day, from nine in the morning on."""
        quarter = self._on.get(day, 0)
        self._on[day] = quarter + 1
        at = office_instant(day, 9 + quarter // 4, quarter % 4 * 15)
        self.steps.append(Step(at, self.key, self.prefix + text, act, after_flows))


def play(city: City, steps: Iterable[Step], *, told: Callable[[Step], None]) -> None:
    """Do the steps in the order of their instants; the flows rest before each step that needs their outcome."""
    for step in sorted(steps, key=lambda one: one.at):
        city.now = step.at
        if step.after_flows:
            city.rest(step.key)
        city.owing.add(step.key)
        try:
            step.act(city)
        except Exception as error:
            error.add_note(f"{step.at:%Y-%m-%d} {step.key} {step.text}")
            raise
        told(step)
    city.rest()

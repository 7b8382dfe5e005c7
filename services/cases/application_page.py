"""The application of one case as its applicant sees it: what is written, what lacks, what to correct, who signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.applications.form import SECTIONS, Section
from services.applications.queries import (
    FileLine,
    WrittenSection,
    consented,
    digest_of,
    files_of,
    is_begun,
    last_sign_off,
    written,
)
from services.applications.rules import OPEN_STATES, target_of
from services.calendar.queries import load_calendar
from services.cases.applying import answers_section, is_assisting, leads
from services.cases.lists import demand_seen
from services.cases.models import case_materials
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.work import Work
from services.errors import NotFound
from services.organizations.models import divisions
from services.organizations.queries import leader_phone_of
from services.people.queries import names_of
from services.rulesets.commands import rules_of
from statemachines.incubation.verbs import HANDED_IN
from statemachines.roles import Role
from statemachines.table import State


@dataclass(frozen=True, slots=True)
class Correction:
    """One item of the one list of corrections, and where in the form it is put right."""

    number: int
    field: str
    problem: str
    how_to_fix: str
    target: tuple[str, str]


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section: what stands in it, whether it is complete, its revision, and what the clerk asked about it."""

    section: Section
    content: dict[str, Any]
    complete: bool
    revision: int
    saved_at: datetime | None
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """One required material: its file, or that it was handed in on paper, and what the clerk asked about it."""

    number: int
    name: str
    file: FileLine | None
    on_paper: bool
    corrections: tuple[Correction, ...]

    @property
    def there(self) -> bool:
        """Whether anything was handed in for it."""
        return self.file is not None or self.on_paper


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Everything the pages of one application show to one person."""

    case_id: str
    number: str
    organization: str
    centre: str
    version: int
    state: State
    open: bool
    begun: bool
    consented: bool
    may_sign: bool
    assisting: bool
    """Whether this person hands it in for its applicant (代办)."""
    sections: tuple[SectionPage, ...]
    materials: tuple[MaterialPage, ...]
    corrections: tuple[Correction, ...]
    answers: tuple[str, ...]
    answers_revision: int
    correction_due_on: date | None
    correction_days_left: int
    reply_due_on: date | None
    digest: str
    signed: bool
    signed_by: str
    signed_at: datetime | None
    submitted_on: date | None

    def section(self, name: str) -> SectionPage:
        """The section of that name; NotFound when the form has none."""
        for one in self.sections:
            if one.section.name == name:
                return one
        raise NotFound("access.not_found")

    @property
    def done(self) -> int:
        """How many of the sections, the materials among them, are complete."""
        return sum(one.complete for one in self.sections)

    @property
    def ready(self) -> bool:
        """Whether everything is written, handed in and answered, so that only signature and handing in are left."""
        answered = len(self.answers) >= len(self.corrections) and all(one.strip() for one in self.answers)
        return self.done == len(self.sections) and (answered or not self.corrections)


def application_page(work: Work, actor: Actor, number: str) -> ApplicationPage:
    """The application for its applicant or the intake clerk; NotFound for anybody else and other kinds of case."""
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    if subject.case.kind != "incubation" or not standing_on(work, actor, subject).roles & {
        Role.APPLICANT, Role.INTAKE_CLERK,
    }:  # fmt: skip
        raise NotFound("case.not_found", case_number=number)
    return _page(work, actor, subject)


def _page(work: Work, actor: Actor, subject: Subject) -> ApplicationPage:
    identity, state = subject.case.id, subject.case.state
    required = tuple(rules_of(work, subject.case.rule_set_id).value("materials.application"))
    corrections = _corrections(subject, required) if state == "CORRECTION" else ()
    materials = _materials(work, identity, required, corrections)
    agreed = consented(work, identity)
    digest, signed = digest_of(work, identity), last_sign_off(work, identity)
    clock, intake = subject.clocks.get("correction"), subject.clocks.get("intake")
    found = written(work, identity)
    answered = found.get(answers_section(subject))
    submitted = subject.last(*HANDED_IN)
    return ApplicationPage(
        case_id=identity,
        number=subject.case.number,
        organization=subject.organization.name,
        centre=subject.centre.name,
        version=subject.case.version,
        state=subject.process.state(state),
        open=state in OPEN_STATES,
        begun=is_begun(work, identity),
        consented=agreed,
        may_sign=leads(work, actor, subject.case.organization_id),
        assisting=is_assisting(standing_on(work, actor, subject).every_role),
        sections=_sections(found, _known(work, subject), agreed=agreed, materials=materials, corrections=corrections),
        materials=materials,
        corrections=corrections,
        answers=tuple(answered.content.get("answers", ())) if answered else (),
        answers_revision=answered.revision if answered else 0,
        correction_due_on=clock.due_on if clock is not None and corrections else None,
        correction_days_left=_days_left(work, clock.due_on) if clock is not None and corrections else 0,
        reply_due_on=intake.due_on if intake is not None and intake.standing == "running" else None,
        digest=digest,
        signed=signed is not None and signed.content_sha256 == digest,
        signed_by=names_of(work, {signed.signed_by}).get(signed.signed_by, "—") if signed else "",
        signed_at=signed.signed_at if signed else None,
        submitted_on=submitted.on_date if submitted else None,
    )


def _days_left(work: Work, due_on: date) -> int:
    """Working days from tomorrow to the due day; 0 on that day and after it."""
    return load_calendar(work).working_days_between(work.today, due_on) if due_on > work.today else 0


def _corrections(subject: Subject, materials: tuple[str, ...]) -> tuple[Correction, ...]:
    asked = subject.last("request_correction")
    return tuple(
        Correction(number, one["field"], one["problem"], one["how_to_fix"], target_of(one["field"], materials))
        for number, one in enumerate(asked.details["items"] if asked else (), start=1)
    )


def _materials(
    work: Work, case_id: str, required: tuple[str, ...], corrections: tuple[Correction, ...]
) -> tuple[MaterialPage, ...]:
    files = files_of(work, case_id)
    there = set(
        work.connection.execute(select(case_materials.c.name).where(case_materials.c.case_id == case_id)).scalars()
    )
    return tuple(
        MaterialPage(
            number, name, files.get(name), name in there and name not in files,
            tuple(one for one in corrections if one.target == ("material", name)),
        )
        for number, name in enumerate(required, start=1)
    )  # fmt: skip


def _sections(
    found: Mapping[str, WrittenSection], known: Mapping[str, dict[str, Any]], *, agreed: bool,
    materials: tuple[MaterialPage, ...], corrections: tuple[Correction, ...],
) -> tuple[SectionPage, ...]:  # fmt: skip
    pages = []
    for section in SECTIONS:
        present = found.get(section.name)
        complete = present is not None and present.complete
        complete = {"consent": agreed, "materials": all(one.there for one in materials)}.get(section.name, complete)
        content = present.content if present is not None and present.content else known.get(section.name, {})
        asked = tuple(one for one in corrections if one.target == ("section", section.name))
        if section.name == "materials":
            asked = tuple(one for one in corrections if one.target[0] == "material")
        pages.append(
            SectionPage(
                section, content, complete, present.revision if present else 0,
                present.saved_at if present else None, asked,
            )
        )  # fmt: skip
    return tuple(pages)


def _known(work: Work, subject: Subject) -> dict[str, dict[str, Any]]:
    """What the office knows already is not asked again: it stands in the form, to be looked over."""
    row = subject.organization
    place = work.connection.execute(select(divisions.c.name).where(divisions.c.code == row.home_division)).scalar()
    standing = {"FILED": "filed", "REGISTERED": "registered"}.get(row.legal_status, "founding")
    basics = {
        "name": row.name, "standing": standing, "category": row.category, "filing_number": row.filing_number or "",
        "credit_code": row.credit_code or "", "place": place or "", "members": str(row.members),
        "founded_on": row.founded_on.isoformat() if row.founded_on else "",
        "party_members": str(row.full_party_members),
    }  # fmt: skip
    aim = subject.incubation.plan if subject.incubation is not None else ""
    return {
        "basics": basics,
        "people": {"leader_name": row.leader_name, "leader_phone": leader_phone_of(row)},
        "activities": {"activities": row.scope_text},
        "plan": {"aim": aim} if aim else {},
    }

"""The applications of one case as they were handed in, for whoever may read them, and which one was looked at last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.applications.form import SECTIONS, Section
from services.applications.queries import VersionLine, versions_of
from services.applications.telephones import shown
from services.cases.lists import demand_seen
from services.cases.models import case_looks
from services.cases.remarks import remember, side_of
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.work import Work
from services.errors import NotFound
from services.people.queries import names_of
from services.protection.rules import mask_phone


@dataclass(frozen=True, slots=True)
class Handed:
    """One version as its reader may see it: `content` maps sections to what was written, telephones masked."""

    number: int
    at: datetime
    by: str
    content: dict[str, dict[str, Any]]
    materials: tuple[tuple[str, bool, str], ...]
    """Name, whether an original, and the beginning of the file's digest (empty: handed in on paper)."""


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """Every version, oldest first; `seen` is the number of the one the reader looked at last (0: none)."""

    number: str
    organization: str
    sections: tuple[Section, ...]
    versions: tuple[Handed, ...]
    seen: int

    def at(self, number: int) -> Handed | None:
        """The version of that number."""
        return next((one for one in self.versions if one.number == number), None)


def versions_page(work: Work, actor: Actor, number: str) -> VersionsPage:
    """The versions for the offices, the own applicant and seated evaluators; NotFound for everybody else.

    Telephones are masked for all but the applicant; evaluators read nothing of sections about people.
    """
    subject, side = _place(work, actor, number)
    sections = tuple(one for one in SECTIONS if one.fields and not (one.sensitive and side == "evaluator"))
    kept = versions_of(work, subject.case.id)
    names = names_of(work, {one.submitted_by for one in kept})
    seen = work.connection.execute(
        select(case_looks.c.version).where(case_looks.c.case_id == subject.case.id, case_looks.c.person_id == actor.id)
    ).scalar()
    versions = tuple(_handed(one, sections, names, masked=side != "applicant") for one in kept)
    return VersionsPage(number, subject.organization.name, sections, versions, seen or 0)


def _place(work: Work, actor: Actor, number: str) -> tuple[Subject, str]:
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    side = side_of(standing_on(work, actor, subject).roles)
    if not side:
        raise NotFound("case.not_found", case_number=number)
    return subject, side


def _handed(line: VersionLine, sections: tuple[Section, ...], names: dict[str, str], *, masked: bool) -> Handed:
    content = {
        one.name: _masked(one, line.content.get(one.name, {})) if masked else dict(line.content.get(one.name, {}))
        for one in sections
    }
    materials = tuple(
        (one["name"], bool(one["original"]), (one["sha256"] or "")[:8]) for one in line.content.get("materials", ())
    )
    return Handed(line.number, line.submitted_at, names.get(line.submitted_by, "—"), content, materials)


def _masked(section: Section, content: dict[str, Any]) -> dict[str, Any]:
    """The section with each telephone masked, in fields and in columns of lists."""
    found = dict(content)
    for path in (path for path, check in section.checks.items() if check == "telephone"):
        name, _, column = path.partition(".")
        if not column and found.get(name):
            found[name] = mask_phone(shown(str(found[name])))
        elif column:
            rows = found.get(name, ())
            found[name] = [
                {**row, column: mask_phone(shown(str(row[column])))} if row.get(column) else row for row in rows
            ]
    return found


def note_version_seen(work: Work, actor: Actor, number: str, version: int) -> None:
    """Remember which version the person has looked at, for what to show the next time; NotFound as for the page.

    One that is not there yet is never remembered, so that nothing handed in later goes unseen.
    """
    subject, _ = _place(work, actor, number)
    if any(one.number == version for one in versions_of(work, subject.case.id)):
        remember(work, actor, subject.case.id, version=version)

"""Files that are handed in for the materials of an application: looked into, kept, replaced, taken back, handed out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update

from services.actors import Actor
from services.applications import commands as applications
from services.applications.inspection import Upload, inspect
from services.applications.queries import FileLine, consented, file_line, files_of, is_begun
from services.applications.rules import OPEN_STATES
from services.applications.scanning import Scanner
from services.authority.rules import scopes
from services.cases.applying import own_application
from services.cases.lists import may_see
from services.cases.models import case_materials
from services.cases.noting import noted
from services.cases.queries import case_number_of
from services.cases.turn import Subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.issuance.files import file_bytes, forget_file, store_file
from services.people.acts import note
from services.reviews.queries import reads_file_of
from services.rulesets.commands import rules_of


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was handed in, with its bytes."""

    line: FileLine
    content: bytes


def keep_file(
    database: Database, actor: Actor, *, number: str, material: str, upload: Upload, scanner: Scanner, now: datetime
) -> None:
    """Look into the file and keep it for that material; an earlier one gives way.

    Invalid for whatever is not an honest file of an allowed kind, with the reason; Refused while the application is not
    with its applicant or before consent. The slow looking happens before anything is locked.
    """
    sound = inspect(upload)
    if scanner.finds(sound.content):
        raise Invalid("upload.infected")

    def unit(work: Work) -> None:
        subject = own_application(work, actor, number)
        _asked_for(work, subject, material)
        if is_begun(work, subject.case.id) and not consented(work, subject.case.id):
            raise Refused("application.consent_missing", case_number=number)
        digest = store_file(work, sound.content, media_type=sound.media_type)
        forgotten = applications.note_file(
            work, actor, subject.case.id, material=material, sha256=digest, extension=sound.extension,
            size=len(sound.content),
        )  # fmt: skip
        _stand_for(work, subject, material, digest)
        for before in forgotten:
            forget_file(work, before)
        note(
            work, actor, "application:keep_file", stream=subject.case.id, object=number,
            details={"material": material, "sha256": digest},
        )  # fmt: skip

    noted(database, actor, unit, now=now, number=number, action="application:keep_file", spared=(Invalid,))


def _asked_for(work: Work, subject: Subject, material: str) -> None:
    if material not in rules_of(work, subject.case.rule_set_id).value("materials.application"):
        raise Invalid("input.not_a_choice", field="material", label="申请材料", label_en="material")


def _stand_for(work: Work, subject: Subject, material: str, digest: str) -> None:
    where = (case_materials.c.case_id == subject.case.id, case_materials.c.name == material)
    values: dict[str, Any] = {"file_sha256": digest, "provided_on": work.today}
    if not work.connection.execute(update(case_materials).where(*where).values(**values)).rowcount:
        work.connection.execute(
            insert(case_materials).values(
                id=new_id(), case_id=subject.case.id, name=material, copies=1, original=False, **values
            )
        )


def remove_file(database: Database, actor: Actor, *, number: str, material: str, now: datetime) -> None:
    """Take a file back; what was handed in on paper for that material stays. NotFound when there is no file."""

    def unit(work: Work) -> None:
        subject = own_application(work, actor, number, states=OPEN_STATES)
        if material not in files_of(work, subject.case.id):
            raise NotFound("document.not_found")
        forgotten = applications.replace_file(work, subject.case.id, material)
        where = (case_materials.c.case_id == subject.case.id, case_materials.c.name == material)
        work.connection.execute(delete(case_materials).where(*where, case_materials.c.original.is_(False)))
        work.connection.execute(update(case_materials).where(*where).values(file_sha256=None))
        for before in forgotten:
            forget_file(work, before)
        note(
            work, actor, "application:remove_file", stream=subject.case.id, object=number,
            details={"material": material},
        )  # fmt: skip

    noted(database, actor, unit, now=now, number=number, action="application:remove_file", spared=(Invalid,))


def download(work: Work, actor: Actor, file_id: str) -> Download:
    """A file for whoever may read the materials of its case; NotFound for everybody else."""
    found = file_line(work, file_id)
    reach = scopes(actor, "material:read")
    if found is None or not reach:
        raise NotFound("document.not_found")
    case_id, line = found
    if reach == {"seated"} and not reads_file_of(work, actor.id, case_id):
        raise NotFound("document.not_found")
    if not may_see(work, actor, case_number_of(work, case_id)):
        raise NotFound("document.not_found")
    return Download(line, file_bytes(work, line.sha256))

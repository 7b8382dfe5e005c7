"""Writes of applications, within a unit of work of the case they belong to; whoever calls has asked who may."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.actors import Actor
from services.applications.models import (
    application_files,
    application_sections,
    application_versions,
    applications,
    consents,
    ratings,
    sign_offs,
)
from services.applications.queries import content_of, is_begun
from services.applications.rules import content_digest, privacy_notice
from services.database.base import new_id
from services.database.work import Work
from services.errors import Refused, Stale
from services.protection.sealing import seal


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept version of an application."""

    number: int
    content_sha256: str


def begin(work: Work, actor: Actor, case_id: str) -> None:
    """From now on the application is written in the form, and its leader signs it; does nothing when it is already."""
    if not is_begun(work, case_id):
        work.connection.execute(insert(applications).values(case_id=case_id, begun_at=work.now, begun_by=actor.id))


def write_section(
    work: Work, actor: Actor, case_id: str, *, section: str, content: Mapping[str, Any], complete: bool, seen: int
) -> int:
    """Keep what is written in a section; answers its new revision. Stale when somebody wrote there since `seen`."""
    present = work.connection.execute(
        select(application_sections.c.id, application_sections.c.revision).where(
            application_sections.c.case_id == case_id, application_sections.c.section == section
        )
    ).one_or_none()
    if (present.revision if present else 0) != seen:
        raise Stale("application.section_stale")
    identity = present.id if present else new_id()
    values = {
        "content_sealed": seal("application_sections", identity, "content", _text_of(content)), "complete": complete,
        "revision": seen + 1, "saved_at": work.now, "saved_by": actor.id,
    }  # fmt: skip
    if present is None:
        work.connection.execute(
            insert(application_sections).values(id=identity, case_id=case_id, section=section, **values)
        )
    else:
        work.connection.execute(
            update(application_sections).where(application_sections.c.id == identity).values(**values)
        )
    return seen + 1


def _text_of(content: Mapping[str, Any]) -> str:
    return json.dumps(dict(content), ensure_ascii=False, sort_keys=True)


def give_consent(work: Work, actor: Actor, case_id: str) -> None:
    """Keep that this person agreed, to which version of which text; does nothing when that is on record."""
    text = privacy_notice()
    known = work.connection.execute(
        select(consents.c.id).where(
            consents.c.case_id == case_id, consents.c.text_sha256 == text.sha256, consents.c.withdrawn_at.is_(None)
        )
    ).first()
    if known is None:
        work.connection.execute(
            insert(consents).values(
                id=new_id(), case_id=case_id, person_id=actor.id, text_version=text.version, text_sha256=text.sha256,
                given_at=work.now,
            )
        )  # fmt: skip


def withdraw_consent(work: Work, case_id: str, *, sensitive: tuple[str, ...]) -> None:
    """End every consent of the application and forget what the sensitive sections hold."""
    work.connection.execute(
        update(consents)
        .where(consents.c.case_id == case_id, consents.c.withdrawn_at.is_(None))
        .values(withdrawn_at=work.now)
    )
    work.connection.execute(
        update(application_sections)
        .where(application_sections.c.case_id == case_id, application_sections.c.section.in_(sensitive))
        .values(content_sealed="", complete=False, revision=application_sections.c.revision + 1, saved_at=work.now)
    )


def sign_off(work: Work, actor: Actor, case_id: str, *, content_sha256: str) -> None:
    """The leader stands for exactly this content; any later edit makes it worth nothing."""
    work.connection.execute(
        insert(sign_offs).values(
            id=new_id(), case_id=case_id, content_sha256=content_sha256, signed_by=actor.id, signed_at=work.now
        )
    )


def note_file(
    work: Work, actor: Actor, case_id: str, *, material: str, sha256: str, extension: str, size: int
) -> tuple[str, ...]:
    """Note the file that now stands for a material; answers the digests of replaced files that no version holds."""
    forgotten = replace_file(work, case_id, material)
    work.connection.execute(
        insert(application_files).values(
            id=new_id(), case_id=case_id, material=material, sha256=sha256, extension=extension, size=size,
            uploaded_at=work.now, uploaded_by=actor.id,
        )
    )  # fmt: skip
    return tuple(one for one in forgotten if one != sha256)


def replace_file(work: Work, case_id: str, material: str) -> tuple[str, ...]:
    """Take the present file of a material away; answers the digests of those that no submitted version holds."""
    present = (
        application_files.c.case_id == case_id,
        application_files.c.material == material,
        application_files.c.replaced_at.is_(None),
    )
    never_kept = work.connection.execute(
        delete(application_files)
        .where(*present, application_files.c.kept_in.is_(None))
        .returning(application_files.c.sha256)
    ).scalars()
    forgotten = tuple(never_kept)
    work.connection.execute(update(application_files).where(*present).values(replaced_at=work.now))
    return forgotten


def keep_version(work: Work, actor: Actor, case_id: str, *, materials: list[dict[str, Any]]) -> Kept:
    """Keep the application as it is handed in, so that versions can be laid side by side for good."""
    content = {**content_of(work, case_id), "materials": materials}
    number = 1 + len(
        work.connection.execute(
            select(application_versions.c.id).where(application_versions.c.case_id == case_id)
        ).all()
    )
    digest, identity = content_digest(content), new_id()
    work.connection.execute(
        insert(application_versions).values(
            id=identity, case_id=case_id, number=number, content_sha256=digest, submitted_at=work.now,
            content_sealed=seal("application_versions", identity, "content", _text_of(content)),
            submitted_by=actor.id,
        )
    )  # fmt: skip
    work.connection.execute(
        update(application_files)
        .where(
            application_files.c.case_id == case_id,
            application_files.c.replaced_at.is_(None),
            application_files.c.kept_in.is_(None),
        )
        .values(kept_in=number)
    )
    return Kept(number, digest)


def rate(work: Work, case_id: str, *, topic: str, level: int, reasons: tuple[str, ...], text: str) -> None:
    """Keep a rating; who gave it is not kept. Refused when the topic was rated already."""
    try:
        with work.connection.begin_nested():
            work.connection.execute(
                insert(ratings).values(
                    id=new_id(), case_id=case_id, topic=topic, level=level, reasons=list(reasons), text=text,
                    given_on=work.today,
                )
            )  # fmt: skip
    except IntegrityError:
        raise Refused("rating.already_given") from None

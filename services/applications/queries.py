"""Reads of applications: what is written and signed, the files, the kept versions, and how people rate the service."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from services.applications.models import (
    application_files,
    application_sections,
    application_versions,
    applications,
    consents,
    ratings,
    sign_offs,
)
from services.applications.rules import LEVELS, content_digest, privacy_notice, sections_open
from services.database.work import Work
from services.protection.sealing import unseal


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """What stands in one section, as it was typed or, when complete, as it was checked."""

    name: str
    content: dict[str, Any]
    complete: bool
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class FileLine:
    """The file that stands for a material."""

    id: str
    material: str
    sha256: str
    extension: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed which content when."""

    content_sha256: str
    signed_by: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version as it was handed in; `content` maps sections to what was written, and "materials" to the files."""

    number: int
    content: dict[str, Any]
    content_sha256: str
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True)
class RatingTotals:
    """How many ratings of each level a topic got, and which reasons were ticked how often; never who or which case."""

    topic: str
    levels: dict[int, int]
    reasons: dict[str, int]

    @property
    def given(self) -> int:
        """How many there are."""
        return sum(self.levels.values())

    @property
    def content_percent(self) -> int | None:
        """The share of the three upper levels; None while there is no rating."""
        return round(100 * sum(self.levels[one] for one in (5, 4, 3)) / self.given) if self.given else None


def is_begun(work: Work, case_id: str) -> bool:
    """Whether the application is written in the form (else it was handed in on paper and only noted)."""
    statement = select(applications.c.case_id).where(applications.c.case_id == case_id)
    return work.connection.execute(statement).first() is not None


def written(work: Work, case_id: str) -> dict[str, WrittenSection]:
    """Every section anything was written in, by name."""
    rows = work.connection.execute(select(application_sections).where(application_sections.c.case_id == case_id))
    return {
        row.section: WrittenSection(
            row.section, opened("application_sections", row), row.complete, row.revision, row.saved_at
        )
        for row in rows
    }


def opened(table: str, row: Any) -> dict[str, Any]:
    """What was sealed as the row's content; people's names and numbers stand in it."""
    text = unseal(table, row.id, "content", row.content_sealed or None)
    content: dict[str, Any] = json.loads(text) if text else {}
    return content


def consented(work: Work, case_id: str) -> bool:
    """Whether consent to the privacy notice in force is on record and not withdrawn."""
    statement = select(consents.c.id).where(
        consents.c.case_id == case_id,
        consents.c.text_sha256 == privacy_notice().sha256,
        consents.c.withdrawn_at.is_(None),
    )
    return work.connection.execute(statement).first() is not None


def files_of(work: Work, case_id: str) -> dict[str, FileLine]:
    """The present file of each material that has one."""
    rows = work.connection.execute(
        select(application_files).where(
            application_files.c.case_id == case_id, application_files.c.replaced_at.is_(None)
        )
    )
    return {
        row.material: FileLine(row.id, row.material, row.sha256, row.extension, row.size, row.uploaded_at)
        for row in rows
    }


def file_line(work: Work, file_id: str) -> tuple[str, FileLine] | None:
    """The case and the file of that id, replaced ones too; None when there is none."""
    row = work.connection.execute(select(application_files).where(application_files.c.id == file_id)).one_or_none()
    if row is None:
        return None
    return row.case_id, FileLine(row.id, row.material, row.sha256, row.extension, row.size, row.uploaded_at)


def content_of(work: Work, case_id: str) -> dict[str, Any]:
    """Section to what is written there."""
    return {name: one.content for name, one in sorted(written(work, case_id).items())}


def digest_of(work: Work, case_id: str) -> str:
    """The fingerprint of everything written and every file as it is now."""
    files = {name: one.sha256 for name, one in sorted(files_of(work, case_id).items())}
    return content_digest({"written": content_of(work, case_id), "files": files})


def last_sign_off(work: Work, case_id: str) -> SignOff | None:
    """The latest sign-off, whatever has been edited since; None when nobody signed."""
    row = work.connection.execute(
        select(sign_offs)
        .where(sign_offs.c.case_id == case_id)
        .order_by(sign_offs.c.signed_at.desc(), sign_offs.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else SignOff(row.content_sha256, row.signed_by, row.signed_at)


def is_signed_off(work: Work, case_id: str) -> bool:
    """Whether the leader signed exactly what is there now."""
    signed = last_sign_off(work, case_id)
    return signed is not None and signed.content_sha256 == digest_of(work, case_id)


def open_sections(work: Work, case_id: str) -> tuple[str, ...]:
    """The sections still to be written; none for an application that was handed in on paper."""
    if not is_begun(work, case_id):
        return ()
    complete = {name: one.complete for name, one in written(work, case_id).items()}
    return sections_open({**complete, "consent": consented(work, case_id)})


def versions_of(work: Work, case_id: str) -> tuple[VersionLine, ...]:
    """Every version handed in, oldest first."""
    rows = work.connection.execute(
        select(application_versions)
        .where(application_versions.c.case_id == case_id)
        .order_by(application_versions.c.number)
    )
    return tuple(
        VersionLine(
            row.number, opened("application_versions", row), row.content_sha256, row.submitted_at, row.submitted_by
        )
        for row in rows
    )


def rated(work: Work, case_id: str) -> frozenset[str]:
    """The topics of the case that were rated."""
    return frozenset(work.connection.execute(select(ratings.c.topic).where(ratings.c.case_id == case_id)).scalars())


def rating_levels(work: Work, *, topics: Iterable[str], since: date) -> tuple[RatingTotals, ...]:
    """How many ratings of each level each topic got since that day, counted by the database; without the reasons."""
    totals = {topic: RatingTotals(topic, dict.fromkeys(LEVELS, 0), {}) for topic in topics}
    counted = (
        select(ratings.c.topic, ratings.c.level, func.count())
        .where(ratings.c.topic.in_(tuple(totals)), ratings.c.given_on >= since)
        .group_by(ratings.c.topic, ratings.c.level)
    )
    for topic, level, number in work.connection.execute(counted):
        totals[topic].levels[level] = number
    return tuple(totals.values())


def rating_totals(
    work: Work, *, topics: Iterable[str], since: date | None = None, until: date | None = None
) -> tuple[RatingTotals, ...]:
    """The ratings of all cases between two days (both counted), summed by topic."""
    statement = select(ratings.c.topic, ratings.c.level, ratings.c.reasons)
    if since is not None:
        statement = statement.where(ratings.c.given_on >= since)
    if until is not None:
        statement = statement.where(ratings.c.given_on <= until)
    totals = {topic: RatingTotals(topic, dict.fromkeys(LEVELS, 0), {}) for topic in topics}
    for topic, level, reasons in work.connection.execute(statement.where(ratings.c.topic.in_(tuple(totals)))):
        totals[topic].levels[level] += 1
        for reason in reasons:
            totals[topic].reasons[reason] = totals[topic].reasons.get(reason, 0) + 1
    return tuple(totals.values())

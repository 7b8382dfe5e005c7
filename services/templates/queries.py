"""Reads of editions: every one of a kind with what became of it, and one with its lines compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func, or_, select

from documents.editions.source import Source, shipped
from services.actors import Actor
from services.database.work import Work
from services.errors import NotFound
from services.people.queries import names_of
from services.templates.acts import edition_row
from services.templates.commands import edition_in_force
from services.templates.models import paper_editions, template_editions
from services.templates.rules import DiffLine, cleaned, compared

Stage = Literal["draft", "waiting", "refused", "withdrawn", "in_force", "coming", "past", "retired"]
_ONE = template_editions.c


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition: whose, why, what became of it, how many papers are drawn from it. number: None until approved."""

    id: str
    kind: str
    number: int | None
    based_on: int
    reason: str
    wanted_from: date | None
    stage: Stage
    proposed_by_id: str
    proposed_by: str
    saved_at: datetime
    proposed_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    decided_because: str
    in_force_from: datetime | None
    retired_by: str
    retired_at: datetime | None
    retired_because: str
    papers: int
    pages: int


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition with its source, and what it changes against the edition it was written over."""

    line: EditionLine
    source: Source
    page_changes: tuple[DiffLine, ...]
    style_changes: tuple[DiffLine, ...]


def numbers_in_force(work: Work) -> Mapping[str, int]:
    """Kind to the number of its edition in force, for every kind that has one."""
    rows = work.connection.execute(
        select(_ONE.kind, _ONE.edition)
        .where(_ONE.standing == "approved", _ONE.in_force_from <= work.now, _ONE.retired_at.is_(None))
        .order_by(_ONE.in_force_from, _ONE.edition)
    )
    return {row.kind: row.edition for row in rows}


def waiting_kinds(work: Work) -> frozenset[str]:
    """The kinds for which an edition waits for a second person."""
    return frozenset(work.connection.execute(select(_ONE.kind).where(_ONE.standing == "waiting")).scalars())


def editions_of(work: Work, actor: Actor, kind: str) -> tuple[EditionLine, ...]:
    """Every edition of the kind, the latest first; drafts and what was taken back are seen by their writer alone."""
    rows = work.connection.execute(
        select(template_editions)
        .where(_ONE.kind == kind, or_(_ONE.standing.not_in(("draft", "withdrawn")), _ONE.proposed_by == actor.id))
        .order_by(_ONE.saved_at.desc(), _ONE.id.desc())
        .limit(100)
    ).all()
    return _lines(work, kind, rows)


def edition_for(work: Work, actor: Actor, edition_id: str) -> Edition:
    """One edition; NotFound when there is none, or when it is a draft of somebody else."""
    row = edition_row(work, edition_id)
    if row.standing in ("draft", "withdrawn") and row.proposed_by != actor.id:
        raise NotFound("template.edition_unknown")
    before = source_of(work, row.kind, row.based_on)
    source = Source(row.page, row.style)
    return Edition(
        _lines(work, row.kind, [row])[0],
        source,
        compared(cleaned(before.page), source.page),
        compared(cleaned(before.style), source.style),
    )


def source_of(work: Work, kind: str, number: int) -> Source:
    """The page of an approved edition, or the shipped one (0)."""
    if number == 0:
        return shipped(kind)
    row = work.connection.execute(select(_ONE.page, _ONE.style).where(_ONE.kind == kind, _ONE.edition == number)).one()
    return Source(row.page, row.style)


def _lines(work: Work, kind: str, rows: Any) -> tuple[EditionLine, ...]:
    found = edition_in_force(work, kind)
    in_force = found[0] if found else None
    ids = [row.id for row in rows if row.edition is not None]
    counted = (
        select(paper_editions.c.edition_id, func.count())
        .where(paper_editions.c.edition_id.in_(ids))
        .group_by(paper_editions.c.edition_id)
    )
    papers = {row[0]: row[1] for row in work.connection.execute(counted)} if ids else {}
    names = names_of(
        work, {one for row in rows for one in (row.proposed_by, row.decided_by, row.retired_by) if one is not None}
    )
    return tuple(
        EditionLine(
            row.id, row.kind, row.edition, row.based_on, row.reason, row.wanted_from, _stage(work, row, in_force),
            row.proposed_by, names[row.proposed_by], row.saved_at, row.proposed_at, names.get(row.decided_by, ""),
            row.decided_at, row.decided_because, row.in_force_from, names.get(row.retired_by, ""), row.retired_at,
            row.retired_because, papers.get(row.id, 0), row.pages,
        )
        for row in rows
    )  # fmt: skip


def _stage(work: Work, row: Any, in_force: str | None) -> Stage:
    if row.standing != "approved":
        stage: Stage = row.standing
        return stage
    if row.retired_at is not None:
        return "retired"
    if row.id == in_force:
        return "in_force"
    return "coming" if row.in_force_from > work.now else "past"

"""Reads of papers' changes: what was proposed and decided, what waits for a second person, what can be corrected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from documents.registry import kind_of
from services.actors import Actor
from services.authority.rules import demand, scopes
from services.cases.paper_changes import CHANGE, CONFIRM
from services.cases.queries import document_for, may_see_all
from services.database.work import Work
from services.issuance.changing import OVER, correctable, two_people_for
from services.issuance.models import document_changes, issued_documents
from services.issuance.queries import DocumentLine
from services.people.queries import names_of


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of a paper. act: void or reissue; standing: waiting, done or refused; successor: the new number.

    corrections: text as it stood, text as it should be. may_decide: whether who looks may agree to it.
    """

    id: str
    document_id: str
    kind: str
    number: str
    act: str
    reason: str
    corrections: tuple[tuple[str, str], ...]
    two_people: bool
    proposed_by: str
    proposed_at: datetime
    standing: str
    decided_by: str
    decided_at: datetime | None
    decided_because: str
    successor: str
    own: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """What one person may do to one paper, and what was done. texts: what a correction may put right."""

    paper: DocumentLine
    two_people: bool
    over: bool
    texts: tuple[str, ...]
    lines: tuple[ChangeLine, ...]

    @property
    def waits(self) -> bool:
        """Whether a change waits for its second person."""
        return any(one.standing == "waiting" for one in self.lines)


def change_page(work: Work, actor: Actor, document_id: str) -> ChangePage:
    """The changes of one paper; NotFound for what may not be read, Forbidden for who changes none."""
    demand(actor, CHANGE)
    paper, kind_row = document_for(work, actor, document_id), issued_documents.c
    inputs = work.connection.execute(select(kind_row.inputs).where(kind_row.id == paper.id)).scalar_one()
    kind = kind_of(paper.kind)
    rows = work.connection.execute(_LINES.where(document_changes.c.document_id == paper.id)).all()
    return ChangePage(
        paper=paper, two_people=two_people_for(kind), over=paper.standing in OVER,
        texts=tuple(text for text, _ in correctable(kind, inputs)), lines=_lines(work, actor, rows),
    )  # fmt: skip


def changes(work: Work, actor: Actor, *, limit: int = 200) -> tuple[ChangeLine, ...]:
    """The changes of papers this person may read, those that wait first. Forbidden for who changes none."""
    demand(actor, CHANGE)
    waiting = (document_changes.c.standing == "waiting").desc()
    statement = _LINES.order_by(None).order_by(waiting, document_changes.c.proposed_at.desc(), document_changes.c.id)
    rows = work.connection.execute(statement.limit(limit)).all()
    seen = may_see_all(work, actor, {row.case_id for row in rows if row.case_id})
    kept = [row for row in rows if row.case_id in seen or (row.case_id is None and "centre" in scopes(actor, CHANGE))]
    return _lines(work, actor, kept)


_AFTER = issued_documents.alias("after")
_LINES = (
    select(
        document_changes, issued_documents.c.kind, issued_documents.c.number, issued_documents.c.case_id,
        _AFTER.c.number.label("successor"),
    )
    .join(issued_documents, issued_documents.c.id == document_changes.c.document_id)
    .outerjoin(_AFTER, _AFTER.c.id == document_changes.c.successor_id)
    .order_by(document_changes.c.proposed_at.desc(), document_changes.c.id)
)  # fmt: skip


def _lines(work: Work, actor: Actor, rows: Any) -> tuple[ChangeLine, ...]:
    names = names_of(work, {one for row in rows for one in (row.proposed_by, row.decided_by) if one})
    decides = bool(scopes(actor, CONFIRM))
    return tuple(_line(row, names, actor, decides=decides) for row in rows)


def _line(row: Row[Any], names: dict[str, str], actor: Actor, *, decides: bool) -> ChangeLine:
    own = row.proposed_by == actor.id
    return ChangeLine(
        id=row.id, document_id=row.document_id, kind=row.kind, number=row.number, act=row.act, reason=row.reason,
        corrections=tuple((one["text"], one["correct"]) for one in row.corrections), two_people=row.two_people,
        proposed_by=names.get(row.proposed_by, "—"), proposed_at=row.proposed_at, standing=row.standing,
        decided_by=names.get(row.decided_by or "", ""), decided_at=row.decided_at,
        decided_because=row.decided_because, successor=row.successor or "", own=own,
        may_decide=decides and not own and row.standing == "waiting",
    )  # fmt: skip

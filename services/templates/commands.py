"""Keeps with a paper the edition it is drawn from, and finds it again; no row means the page we ship."""

from sqlalchemy import insert, select

from documents.editions.source import Source
from services.database.work import Work
from services.templates.models import paper_editions, template_editions

_ONE = template_editions.c


def edition_in_force(work: Work, kind: str) -> tuple[str, int] | None:
    """Id and number of the edition a paper of that kind is drawn from when it is decided now; None: the shipped page.

    The latest begun that was not retired.
    """
    row = work.connection.execute(
        select(_ONE.id, _ONE.edition)
        .where(
            _ONE.kind == kind,
            _ONE.standing == "approved",
            _ONE.in_force_from <= work.now,
            _ONE.retired_at.is_(None),
        )
        .order_by(_ONE.in_force_from.desc(), _ONE.edition.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.edition)


def keep_edition(work: Work, *, document_id: str, kind: str) -> None:
    """Write down which edition this paper is drawn from, for ever; part of the transaction that decides the paper."""
    found = edition_in_force(work, kind)
    if found is not None:
        work.connection.execute(insert(paper_editions).values(document_id=document_id, edition_id=found[0]))


def source_of_paper(work: Work, document_id: str) -> Source | None:
    """The page this paper is drawn from; None: the one we ship."""
    row = work.connection.execute(
        select(_ONE.page, _ONE.style)
        .join(paper_editions, paper_editions.c.edition_id == _ONE.id)
        .where(paper_editions.c.document_id == document_id)
    ).one_or_none()
    return None if row is None else Source(row.page, row.style)

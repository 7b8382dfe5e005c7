"""Lets whoever may read an issued paper see it drawn by another edition of its page, from the same stored inputs."""

from typing import Any

from services.actors import Actor
from services.cases.queries import document_for, readable
from services.database.work import Work
from services.errors import NotFound
from services.issuance.queries import DocumentLine, document_to_draw, latest_of_kind

OFFERED = 8


def papers_to_try(work: Work, actor: Actor, kind: str) -> tuple[DocumentLine, ...]:
    """The latest papers of that kind which the actor may read, to try an edition with."""
    found: list[DocumentLine] = []
    for paper in readable(work, actor, latest_of_kind(work, kind, limit=3 * OFFERED)):
        try:
            found.append(document_for(work, actor, paper.id))
        except NotFound:
            continue
        if len(found) == OFFERED:
            break
    return tuple(found)


def inputs_to_try(work: Work, actor: Actor, kind: str, document_id: str) -> dict[str, Any] | None:
    """The stored inputs of that paper; None for no paper at all (the sample is drawn).

    NotFound for a paper the actor may not read, and for one of another kind.
    """
    if not document_id:
        return None
    paper = document_for(work, actor, document_id)
    if paper.kind != kind:
        raise NotFound("document.not_found")
    return document_to_draw(work, paper.id).inputs

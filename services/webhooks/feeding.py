"""Reads the moves on from where it stopped and owes each subscription what it wants to know; nothing twice.

A move's id says when it was made, not when it was committed, so each reading begins a while before the last one ended;
what was owed already is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from services.authority.rules import scopes
from services.cases.models import case_moves, cases
from services.database.work import Work
from services.issuance.models import issued_documents
from services.people.acts import hold
from services.people.queries import actor_by_id
from services.webhooks.commands import ACTION, owe
from services.webhooks.models import webhook_cursors as cursors
from services.webhooks.models import webhook_deliveries as deliveries
from services.webhooks.models import webhook_subscriptions as subscriptions
from services.webhooks.rules import PAPER, PAYMENT, kind_of_move, matches

LOOK_BACK = timedelta(minutes=10)
AT_ONCE = 500
CURSOR = "moves"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: the id every subscriber knows it by, its kind, the move it came from, the data."""

    id: str
    kind: str
    move_id: str
    data: dict[str, Any]


def feed(work: Work) -> int:
    """Owe what happened since the last time; answers how many messages are owed anew."""
    hold(work, "webhooks")
    wanted = _wanted(work)
    if not wanted:
        return 0
    cursor = work.connection.execute(select(cursors.c.move_id).where(cursors.c.name == CURSOR)).scalar()
    after = _earlier(cursor, LOOK_BACK) if cursor else min(one.id for one in wanted)
    owed, moves = 0, _moves(work, after)
    while moves:
        owed, last = owed + _owe_all(work, moves, wanted), moves[-1].id
        moves = _moves(work, last) if len(moves) == AT_ONCE else []
        if not moves:
            _note_cursor(work, last, cursor)
    return owed


def _owe_all(work: Work, moves: list[Row[Any]], wanted: list[Row[Any]]) -> int:
    events = tuple(_events(work, moves))
    known = _known(work, {event.id for event in events})
    owed = 0
    for event in events:
        for one in wanted:
            # Ids of subscriptions and moves are made by the same clock: nobody is told what was before.
            fits = event.move_id > one.id and matches(one.kinds, event.kind)
            if fits and (one.id, event.id) not in known:
                owe(work, one.id, event_id=event.id, kind=event.kind, data=event.data)
                owed += 1
    return owed


def anyone_subscribed(work: Work) -> bool:
    """Whether there is anybody to feed: a read, so that nothing is locked while there is not."""
    found = work.connection.execute(select(subscriptions.c.id).where(subscriptions.c.ended_at.is_(None)).limit(1))
    return found.first() is not None


def _wanted(work: Work) -> list[Row[Any]]:
    """The subscriptions in force whose owners may still have them."""
    rows = work.connection.execute(select(subscriptions).where(subscriptions.c.ended_at.is_(None))).all()
    allowed = {owner for owner in {row.owner_id for row in rows} if scopes(actor_by_id(work, owner), ACTION)}
    return [row for row in rows if row.owner_id in allowed]


def _moves(work: Work, after: str) -> list[Row[Any]]:
    statement = (
        select(case_moves, cases.c.number, cases.c.kind)
        .join(cases, cases.c.id == case_moves.c.case_id)
        .where(case_moves.c.id > after)
        .order_by(case_moves.c.id)
        .limit(AT_ONCE)
    )
    return list(work.connection.execute(statement))


def _events(work: Work, moves: list[Row[Any]]) -> Iterator[Event]:
    papers: dict[tuple[str, int], list[Row[Any]]] = {}
    of_cases = select(issued_documents).where(issued_documents.c.case_id.in_({move.case_id for move in moves}))
    for paper in work.connection.execute(of_cases.order_by(issued_documents.c.id)):
        papers.setdefault((paper.case_id, paper.move_sequence), []).append(paper)
    for move in moves:
        data = {
            "case_id": move.case_id, "case": move.number, "case_kind": move.kind, "sequence": move.sequence,
            "trigger": move.trigger, "source": move.source, "state": move.dest, "at": move.at.isoformat(),
        }  # fmt: skip
        yield Event(f"move:{move.id}", kind_of_move(move.kind, move.dest), move.id, data)
        if (move.kind, move.dest) == ("instalment", "CONFIRMED"):
            yield Event(f"payment:{move.id}", PAYMENT, move.id, {"case_id": move.case_id, "case": move.number})
        for paper in papers.get((move.case_id, move.sequence), ()):
            told = {"case_id": move.case_id, "case": move.number, "document_id": paper.id, "document": paper.kind,
                    "number": paper.number}  # fmt: skip
            yield Event(f"paper:{paper.id}", PAPER, move.id, told)


def _known(work: Work, event_ids: set[str]) -> set[tuple[str, str]]:
    rows = work.connection.execute(
        select(deliveries.c.subscription_id, deliveries.c.event_id).where(deliveries.c.event_id.in_(event_ids))
    )
    return {(row.subscription_id, row.event_id) for row in rows}


def _note_cursor(work: Work, move_id: str, before: str | None) -> None:
    if before is None:
        work.connection.execute(insert(cursors).values(name=CURSOR, move_id=move_id))
    elif move_id > before:
        work.connection.execute(update(cursors).where(cursors.c.name == CURSOR).values(move_id=move_id))


def _earlier(move_id: str, by: timedelta) -> str:
    """The smallest id that could have been made that long before this one (version 7: 48 bits of milliseconds)."""
    stamp = (UUID(move_id).int >> 80) - int(by.total_seconds() * 1000)
    return str(UUID(int=max(stamp, 0) << 80))

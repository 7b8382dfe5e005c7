"""撤回送出: for some seconds the letters of a decision have not left; who decided may keep them back, and send them.

The state of the case is never taken back: what was decided stands, and the next step waits until the letters are out.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import demand
from services.cases.lists import visible
from services.cases.models import cases
from services.cases.noting import acted, noted
from services.cases.turn import MoveLine, Subject, Turn, load_subject
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.outbox.commands import send_withheld, withhold_errands
from services.outbox.queries import Outgoing, outgoing_of
from statemachines.table import Effect, Issue, Notify, Verb

WORK = "desk:work"
DECISIONS = frozenset({Verb.AGREE, Verb.REFUSE, Verb.RETURN})
LETTERS = (Issue.name, Notify.name)
"""What reaches people outside; money, rounds and states go on at once."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of the latest decision on a case that are still here, as one person sees them."""

    papers: int
    notices: int
    leave_at: datetime | None
    """When they leave; None when they are kept back."""
    seconds: int
    mine: bool
    """Whether this person decided and may therefore keep them back or send them."""

    @property
    def withheld(self) -> bool:
        """Whether somebody kept them back."""
        return self.leave_at is None


def leaves_at(turn: Turn, effect: Effect) -> datetime | None:
    """When the errand of an effect is due: a letter of what a person decided some seconds later; None for at once."""
    if turn.actor.is_system or not isinstance(effect, (Issue, Notify)):
        return None
    if turn.subject.process.verbs.get(turn.move.trigger) not in DECISIONS:
        return None
    return turn.work.now + timedelta(seconds=turn.rules.number("release.grace_seconds"))


def letters_on(work: Work, actor: Actor, subject: Subject) -> Letters | None:
    """The letters of the latest decision that have not left; None when there are none."""
    move = _decision(subject)
    if move is None:
        return None
    waiting = outgoing_of(work, case_id=subject.case.id, move_sequence=move.sequence, effects=LETTERS)
    held = tuple(one for one in waiting if one.withheld)
    here = held or tuple(one for one in waiting if one.due_at > work.now)
    if not here:
        return None
    leave_at = None if held else min(one.due_at for one in here)
    seconds = 0 if leave_at is None else max(1, math.ceil((leave_at - work.now).total_seconds()))
    return Letters(_count(here, Issue.name), _count(here, Notify.name), leave_at, seconds, actor.id in _deciders(move))


def _count(letters: tuple[Outgoing, ...], effect: str) -> int:
    return sum(one.effect == effect for one in letters)


def _decision(subject: Subject) -> MoveLine | None:
    """The latest move, when it was a decision of a person."""
    move = subject.moves[-1] if subject.moves else None
    return move if move is not None and subject.process.verbs.get(move.trigger) in DECISIONS else None


def _deciders(move: MoveLine) -> frozenset[str]:
    return frozenset(one for one in (move.actor_id, move.for_id) if one)


def withhold_letters(database: Database, actor: Actor, *, number: str, now: datetime) -> int:
    """撤回: keep back the letters of one's own latest decision before they leave; answers how many.

    Refused("letters.gone") once they have left, Forbidden("letters.not_yours") for somebody else's. The case waits
    (`letters.withheld`) until they are sent.
    """

    def unit(work: Work, subject: Subject, move: MoveLine) -> int:
        kept = withhold_errands(work, case_id=subject.case.id, move_sequence=move.sequence, effects=LETTERS)
        if not kept:
            raise Refused("letters.gone", case_number=number)
        return kept

    return _on_letters(database, actor, unit, number=number, act="withhold_letters", now=now)


def send_letters(database: Database, actor: Actor, *, number: str, now: datetime) -> int:
    """送出: let the letters go that one kept back; answers how many. Refused("letters.none_withheld") when none is."""

    def unit(work: Work, subject: Subject, move: MoveLine) -> int:
        sent = send_withheld(work, case_id=subject.case.id, move_sequence=move.sequence)
        if not sent:
            raise Refused("letters.none_withheld", case_number=number)
        return sent

    return _on_letters(database, actor, unit, number=number, act="send_letters", now=now)


def _on_letters(
    database: Database, actor: Actor, unit: Callable[[Work, Subject, MoveLine], int], *, number: str, act: str,
    now: datetime,
) -> int:  # fmt: skip
    def whole(work: Work) -> int:
        demand(actor, WORK)
        seen = select(cases.c.id).where(cases.c.number == number, visible(actor))
        if work.connection.execute(seen).first() is None:
            raise NotFound("case.not_found", case_number=number)
        subject = load_subject(work, number=number, lock=True)
        move = _decision(subject)
        if move is None:
            raise Refused("letters.gone", case_number=number)
        if actor.id not in _deciders(move):
            raise Forbidden("letters.not_yours", case_number=number)
        count = unit(work, subject, move)
        acted(work, actor, subject, f"desk:{act}", {"row": move.row, "version": move.sequence, "letters": count})
        return count

    return noted(database, actor, whole, now=now, number=number, action=f"desk:{act}")

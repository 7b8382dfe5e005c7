"""What keeps a case closed for a while although the process is open: an opinion asked for, a case in hand, letters
kept back, a petition for recusal, a paper that was not served.
"""

from dataclasses import dataclass, field
from typing import Any

from services.actors import Actor
from services.cases.turn import Subject
from services.database.work import Work
from services.delivery.queries import unserved
from services.delivery.rules import awaited
from services.desk.queries import claim_on, countersigners_waited_for
from services.evaluators.petitions import open_petitions_of
from services.outbox.queries import is_withheld
from statemachines.roles import Role
from statemachines.table import Move, Verb

DECIDING = frozenset({Verb.AGREE, Verb.REFUSE})
"""Moves that decide: they wait for the opinions asked for. Work, returns and withdrawals do not."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a move has to wait for a colleague: reason codes, and the facts of their sentences."""

    reasons: tuple[str, ...]
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Colleagues:
    """What holds on a case at this moment: whose opinion is waited for, who has it in hand for how long, and how
    many petitions for recusal wait for a ruling.
    """

    waited_for: tuple[str, ...]
    holder_id: str
    holder: str
    minutes: int
    withheld: bool
    petitions: int
    unserved: frozenset[str] = frozenset()
    """Moves that wait for a paper which was not served yet."""

    def gate(self, actor: Actor, subject: Subject, move: Move[Any]) -> Closed | None:
        """Why this person has to wait with this move; None when nothing is in the way.

        Colleagues are waited for by nobody but colleagues: not by the timer (a period that is over waits for nobody)
        nor by what the applicant does. Everybody waits for the letters of the last decision, and
        what a paper threatens with waits until the paper is served.
        """
        reasons: list[str] = []
        if self.withheld:
            reasons.append("letters.withheld")
        if move.trigger in self.unserved:
            reasons.append("delivery.not_served")
        if actor.is_system or Role.APPLICANT in move.by:
            return Closed(tuple(reasons)) if reasons else None
        if self.waited_for and subject.process.verbs.get(move.trigger) in DECIDING:
            reasons.append("desk.countersignature_open")
        if self.petitions and subject.process.verbs.get(move.trigger) in DECIDING:
            reasons.append("recusal.petition_open")
        if self.minutes and self.holder_id != actor.id:
            reasons.append("desk.held_by_another")
        words = {"names": self.waited_for, "holder": self.holder, "minutes": self.minutes}
        return Closed(tuple(reasons), words) if reasons else None


def colleagues_on(work: Work, subject: Subject) -> Colleagues:
    """What colleagues do with the case right now, and what of its last decision stands in the way."""
    case_id = subject.case.id
    claim = claim_on(work, case_id)
    waited_for = countersigners_waited_for(work, case_id)
    withheld = is_withheld(work, case_id)
    petitions = len(open_petitions_of(work, case_id)) if subject.case.state.endswith("_REVIEW") else 0
    waiting = _unserved(work, subject)
    if claim is None:
        return Colleagues(waited_for, "", "", 0, withheld, petitions, waiting)
    return Colleagues(waited_for, claim.person_id, claim.name, claim.minutes, withheld, petitions, waiting)


def _unserved(work: Work, subject: Subject) -> frozenset[str]:
    running = [limit.key for limit in subject.process.state(subject.case.state).limits]
    waits = {move.trigger: awaited(move.trigger, running) for move in subject.process.exits(subject.case.state)}
    codes = sorted({code for code in waits.values() if code})
    missing = {one for one in codes if unserved(work, case_id=subject.case.id, code=one) is not None}
    return frozenset(trigger for trigger, code in waits.items() if code in missing)


def gate(work: Work, actor: Actor, subject: Subject, move: Move[Any]) -> Closed | None:
    """As `Colleagues.gate`, read now, under the lock of the case."""
    return colleagues_on(work, subject).gate(actor, subject, move)

"""The vocabulary in which a process is written: states, limits, moves, effects, input fields and duties."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from statemachines.roles import Role

FactsT = TypeVar("FactsT")
Guard = Callable[[FactsT], str | None]
"""A question about the facts: answers None when the way is open, or the code of the reason why it is not."""


def unless(open_: bool, code: str) -> str | None:
    """A guard's answer: None when the way is open, else the code of the reason why it is not."""
    return None if open_ else code


class Verb(StrEnum):
    """What a trigger is to whoever decides: 同意, 驳回, 退回, 撤回, or plain work (办理)."""

    AGREE = "agree"
    REFUSE = "refuse"
    RETURN = "return"
    ACT = "act"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock that runs while a case stays in a state; it runs on when the state after it has the same one.

    `key` names the length in the rule set (`limit.<key>`), unless `dated` is true: then the due date is a fact of the
    case (half term, end of term). `fires` is the trigger the timer pulls once the due day has passed.
    """

    key: str
    fires: str = ""
    dated: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One place a case can be in: its labels, the policy's stage, who is waited for, its clocks, what it permits.

    `rests`: nobody is waited for, because other cases (an award's instalments) go on meanwhile.
    """

    name: str
    zh: str
    en: str
    stage: str
    waits_for: tuple[Role, ...] = ()
    limits: tuple[Limit, ...] = ()
    pauses: tuple[str, ...] = ()
    permits: frozenset[str] = frozenset()
    goal: bool = False
    final: bool = False
    rests: bool = False


class Effect:
    """What a move owes the world: `inside` effects are booked in the deciding transaction, others become errands."""

    name: ClassVar[str]
    inside: ClassVar[bool] = False

    def parameters(self) -> dict[str, str | int | list[str]]:
        """The effect's own values, as plain JSON values, for the errand's payload."""
        return {
            one.name: list(value) if isinstance(value := getattr(self, one.name), tuple) else value
            for one in fields(self)  # type: ignore[arg-type]
        }


@dataclass(frozen=True, slots=True)
class Issue(Effect):
    """Issue a numbered paper; number and contents are fixed in the deciding transaction, the PDF is drawn by a flow."""

    name: ClassVar[str] = "issue_document"
    document: str
    to: tuple[Role, ...] = (Role.APPLICANT,)


@dataclass(frozen=True, slots=True)
class Notify(Effect):
    """Tell people of these roles on the case, with the named message of the catalogue."""

    name: ClassVar[str] = "send_notice"
    message: str
    to: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class OpenAssessment(Effect):
    """Open the assessment round with its form, so that the seated evaluators can score."""

    name: ClassVar[str] = "open_assessment"
    form: str


@dataclass(frozen=True, slots=True)
class Release(Effect):
    """Earn instalment `number` of the case's award: stamped in the transaction, opened for request by a flow."""

    name: ClassVar[str] = "release_instalment"
    number: int


@dataclass(frozen=True, slots=True)
class HoldPayments(Effect):
    """Hold every instalment of the case's award that has not gone to the bank."""

    name: ClassVar[str] = "hold_payments"


@dataclass(frozen=True, slots=True)
class LiftHold(Effect):
    """Let held instalments go on from where they stood."""

    name: ClassVar[str] = "lift_hold"


@dataclass(frozen=True, slots=True)
class CancelUnpaid(Effect):
    """Cancel every instalment that was not paid and give the commitment back to its budget line."""

    name: ClassVar[str] = "cancel_unpaid"


@dataclass(frozen=True, slots=True)
class OpenRecovery(Effect):
    """Open a finding on each award of the case that was paid something, for the named cause."""

    name: ClassVar[str] = "open_recovery"
    cause: str


@dataclass(frozen=True, slots=True)
class RevokePaper(Effect):
    """Mark the last issued paper of a kind as revoked, so that its verification page says so at once."""

    name: ClassVar[str] = "revoke_paper"
    inside: ClassVar[bool] = True
    document: str


@dataclass(frozen=True, slots=True)
class Book(Effect):
    """Write the named double entry (commit, release_commitment, instruct, pay, bank_return, reverse_payment,
    recovery_decided, recovery_repaid, recovery_written_off) in the same transaction.
    """

    name: ClassVar[str] = "book"
    inside: ClassVar[bool] = True
    entry: str


@dataclass(frozen=True, slots=True)
class PlanInstalments(Effect):
    """Open one instalment case for each part of the award's plan, in the same transaction."""

    name: ClassVar[str] = "plan_instalments"
    inside: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CarryOutReview(Effect):
    """Do in the case complained about what its review decided: a move of that case, pulled by the system."""

    name: ClassVar[str] = "carry_out_review"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a person must or may say with a move; forms, command line and API are all drawn from it.

    kind: text | long_text | date | integer | amount (yuan on screen, fen inside) | score | yes | choice | list (of
    records whose columns are `columns`).
    """

    name: str
    kind: str
    zh: str
    en: str
    required: bool = True
    choices: tuple[tuple[str, str, str], ...] = ()
    columns: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Move(Generic[FactsT]):
    """One row of a process: who may pull which trigger where, under which guards, and what it then owes."""

    code: str
    trigger: str
    zh: str
    en: str
    sources: tuple[str, ...]
    dest: str
    by: tuple[Role, ...]
    when: tuple[Guard[FactsT], ...] = ()
    then: tuple[Effect, ...] = ()
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on a case that is no move of it (locking a score sheet) but counts as a duty for separation."""

    name: str
    duty: str
    by: tuple[Role, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Process(Generic[FactsT]):
    """One edition of one kind of case, whole: states, moves, forms, and which duties one person may never join.

    `verbs` (how people know each trigger), `bulk` (the triggers that may be pulled for many cases at once),
    `milestones` (states on the way to the goal, none of which can be reached without the one before) and `together`
    (results decided case by case that may be made known at one moment) say how the table is used and are no part of
    its fingerprint.
    `by_review` names the triggers a decided review pulls in the case complained about: the only ones that may leave a
    final state, and the system's alone.
    """

    kind: str
    edition: int
    zh: str
    en: str
    initial: str
    states: tuple[State, ...]
    moves: tuple[Move[FactsT], ...]
    facts: type[FactsT]
    conflicts: tuple[tuple[str, str], ...] = ()
    acts: tuple[Act, ...] = ()
    forms: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    verbs: dict[str, Verb] = field(default_factory=dict)
    bulk: frozenset[str] = frozenset()
    milestones: tuple[str, ...] = ()
    by_review: frozenset[str] = frozenset()
    together: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {state.name: state for state in self.states})
        exits: dict[str, list[Move[FactsT]]] = {state.name: [] for state in self.states}
        for move in self.moves:
            for source in move.sources:
                exits[source].append(move)
        object.__setattr__(self, "_exits", {name: tuple(found) for name, found in exits.items()})

    def state(self, name: str) -> State:
        """The state of that code name; KeyError when the edition has none."""
        return self._by_name[name]  # type: ignore[attr-defined,no-any-return]

    def exits(self, state: str) -> tuple[Move[FactsT], ...]:
        """Every move that leaves (or stays in) the state, in table order."""
        return self._exits[state]  # type: ignore[attr-defined,no-any-return]

    def milestone(self, state: str) -> int:
        """Which milestone the state is, counted from 1; 0 for a state that is none."""
        return self.milestones.index(state) + 1 if state in self.milestones else 0

    def triggers(self) -> tuple[str, ...]:
        """Every trigger of the table, once, in order of first use."""
        return tuple(dict.fromkeys(move.trigger for move in self.moves))

    def edges(self) -> Iterator[tuple[str, str, Move[FactsT]]]:
        """Each (source, destination, move) of the table, rows with several sources expanded."""
        for move in self.moves:
            for source in move.sources:
                yield source, move.dest, move

    def digest(self) -> str:
        """A fingerprint of the whole table; pinned by a test, so that a released edition cannot change unnoticed."""
        lines = [f"{self.kind} {self.edition} {self.initial}"]
        lines += [
            repr((s.name, s.stage, s.waits_for, s.limits, s.pauses, sorted(s.permits), s.goal, s.final))
            for s in self.states
        ]
        lines += [
            repr((m.code, m.trigger, m.sources, m.dest, m.by, [g.__name__ for g in m.when], m.then, m.duty))
            for m in self.moves
        ]
        lines += [repr(self.conflicts), repr(self.acts)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

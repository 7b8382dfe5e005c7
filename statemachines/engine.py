"""The one pure question: may this trigger be pulled here, by these roles, on these facts, and what follows from it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from transitions import Machine, MachineError

from statemachines.roles import Role
from statemachines.table import Effect, FactsT, Move, Process

PersonT = TypeVar("PersonT")
FORBIDDING = ("case.role_missing", "case.duties_must_be_separate", "case.absent_duties_must_be_separate")
"""The reasons that lie in the person and not in the case."""


@dataclass(frozen=True, slots=True)
class Deputy:
    """A role exercised for an absent person: whose, and what that person already did on the case."""

    role: Role
    person_id: str
    duties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the asker stands to the case: roles held on it now, duties already done on it, roles exercised for others."""

    roles: frozenset[Role]
    duties: frozenset[str] = frozenset()
    deputies: tuple[Deputy, ...] = ()

    @property
    def every_role(self) -> frozenset[Role]:
        """Roles held and roles exercised for somebody who is absent."""
        return self.roles | {one.role for one in self.deputies}


@dataclass(frozen=True, slots=True)
class Decision:
    """The way is open: the row that matched, where the case goes, and the effects it then owes."""

    move: Move[Any]
    source: str
    dest: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The way is closed: why (reason codes) and of which nature.

    nature: unknown (no such trigger in this edition) | not_here (not from this state) | forbidden (not this person) |
    not_yet (a guard says no).
    """

    nature: str
    trigger: str
    state: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One row leaving the present state, and the reasons why the asker cannot take it now (none: it is open)."""

    move: Move[Any]
    reasons: tuple[str, ...]


class _Attempt(Generic[FactsT]):
    """The throw-away object on which the library fires one event, so that nothing shared is ever written."""

    __slots__ = ("closed", "facts", "open", "process", "standing", "state")

    def __init__(self, process: Process[FactsT], state: str, standing: Standing, facts: FactsT) -> None:
        self.process, self.state, self.standing, self.facts = process, state, standing, facts
        self.closed: list[tuple[Move[FactsT], tuple[str, ...]]] = []
        self.open: Move[FactsT] | None = None


def separated(process: Process[FactsT], duty: str, duties: frozenset[str]) -> bool:
    """Whether someone who already did `duties` on a case may still do `duty` on it, by the process's own conflicts.

    The one place where separation of duties is judged: for `decide`, `offered` and the search that proves it.
    """
    return not any(
        (duty == one and other in duties) or (duty == other and one in duties) for one, other in process.conflicts
    )


def counted_for(actor: PersonT, absent: PersonT | None) -> tuple[PersonT, ...]:
    """Whose duty an act is: of whoever did it and, under a delegation, also of the absent person it was done for."""
    return (actor,) if absent is None else (actor, absent)


def capacity(process: Process[FactsT], move: Move[Any], standing: Standing) -> Deputy | str | None:
    """In which capacity the asker may take the row: None in an own role, a Deputy for an absent person, else why not.

    A substitute is bound by both: what either of the two already did on the case closes the row. So an absence never
    opens a row that the own duties close.
    """
    # Only the bare timer is nobody in particular; a person who was also given its role stays a person.
    is_person = standing.every_role != {Role.SYSTEM}
    if is_person and standing.every_role.intersection(move.by) and not separated(process, move.duty, standing.duties):
        return "case.duties_must_be_separate"
    if standing.roles.intersection(move.by):
        return None
    found = [one for one in standing.deputies if one.role in move.by]
    for deputy in found:
        if separated(process, move.duty, deputy.duties):
            return deputy
    return "case.absent_duties_must_be_separate" if found else "case.role_missing"


def _reasons(process: Process[FactsT], move: Move[FactsT], standing: Standing, facts: FactsT) -> tuple[str, ...]:
    held = capacity(process, move, standing)
    if isinstance(held, str):
        return (held,)
    return tuple(code for guard in move.when if (code := guard(facts)) is not None)


class _Check:
    """The only callback the library ever runs: it judges one row and notes what it found on the attempt."""

    def __init__(self, move: Move[Any]) -> None:
        self.move = move

    def __call__(self, event: Any) -> bool:
        attempt: _Attempt[Any] = event.model
        reasons = _reasons(attempt.process, self.move, attempt.standing, attempt.facts)
        if reasons:
            attempt.closed.append((self.move, reasons))
            return False
        attempt.open = self.move
        return True


@lru_cache(maxsize=64)
def compiled(process: Process[Any]) -> Machine:
    """The process as the library sees it: only the rows of the table, none of the library's own `to_...` triggers."""
    machine = Machine(
        model=None,
        states=[state.name for state in process.states],
        initial=process.initial,
        auto_transitions=False,
        send_event=True,
    )
    for source, dest, move in process.edges():
        # dest=None would skip the state change; a row that stays is written out as source to itself on purpose.
        machine.add_transition(move.trigger, source, dest, conditions=[_Check(move)])
    return machine


def decide(
    process: Process[FactsT], state: str, trigger: str, *, standing: Standing, facts: FactsT
) -> Decision | Refusal:
    """Judge one trigger; changes nothing.

    Answers a Decision, or a Refusal that carries every reason. When several rows of one trigger all refuse, a row that
    was meant for the asker goes before one that was not, and then the row with the fewest reasons is reported, so that
    people do not read the noise of a branch that was never theirs.
    """
    machine = compiled(process)
    if trigger not in machine.events:
        return Refusal("unknown", trigger, state, ("case.trigger_unknown",))
    attempt = _Attempt(process, state, standing, facts)
    try:
        machine.events[trigger].trigger(attempt)
    except MachineError:
        return Refusal("not_here", trigger, state, ("case.move_not_from_this_state",))
    if attempt.open is not None:
        return Decision(attempt.open, state, attempt.open.dest, attempt.open.then)
    reasons = min((found for _, found in attempt.closed), key=lambda found: (found[0] in FORBIDDING, len(found)))
    nature = "forbidden" if reasons[0] in FORBIDDING else "not_yet"
    return Refusal(nature, trigger, state, reasons)


def offered(process: Process[FactsT], state: str, *, standing: Standing, facts: FactsT) -> tuple[Offer, ...]:
    """Every row that leaves the state for a role the asker holds, with the reasons why it is closed now (if any)."""
    return tuple(
        Offer(move, reasons)
        for move in process.exits(state)
        if (reasons := _reasons(process, move, standing, facts)) != ("case.role_missing",)
    )

"""Proof that no one person can join two duties that must stay apart, over every path and every sharing-out of roles.

The search does not trust the table's own `duty` column: it notes what people did by the office that did it (`OFFICES`),
and knows on its own which duties must stay apart (`MUST_STAY_APART`). The engine, which does trust the table, is asked
only whether it would let the step happen. A pair forgotten or a duty blanked in a table therefore shows as a path on
which the engine let one person do both.

Why it is enough to let each person hold every role: whoever holds fewer roles can take fewer steps, never more, because
a role only ever opens a row; so each path of people with fewer roles is also a path of people with all of them. Guards
are taken as open for the same reason. The followed persons are not alone: every step may also be taken by somebody
else who never touched the case before, so that no path is missed for want of people.

Delegation is part of the search: each step may also be taken by one person for another, absent one. In truth such a
step is the act of both; whether the engine counts it for both (`counted_for`) is what the search finds out.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from statemachines.engine import counted_for, separated
from statemachines.roles import Role
from statemachines.table import Process

OFFICES: dict[Role, str] = {
    Role.APPLICANT: "apply",
    Role.INTAKE_CLERK: "accept",
    Role.CASE_MANAGER: "manage",
    Role.CENTRE_MANAGER: "decide",
    Role.CIVIL_AFFAIRS_HANDLER: "manage",
    Role.CIVIL_AFFAIRS_LEADER: "confirm",
    Role.STREET_HANDLER: "manage",
    Role.STREET_LEADER: "confirm",
    Role.ASSESSMENT_SECRETARY: "convene",
    Role.EVALUATOR: "score",
    Role.FINANCE_MAKER: "make",
    Role.FINANCE_CHECKER: "check",
    Role.FINANCE_PAYER: "pay",
    Role.REVIEW_MEMBER: "vote",
    Role.SEAL_KEEPER: "seal",
    Role.DONOR: "offer",
}
"""The duty each office does by its nature, whatever a table says (the timer has none)."""

FREE: dict[str, frozenset[str]] = {"instalment": frozenset({"hold", "lift_hold"})}
"""Triggers that are nobody's duty: stopping money, and letting it go on to the same checks, approves nothing."""

ON_BEHALF: dict[str, dict[str, str]] = {"incubation": {"submit_assisted": "apply", "resubmit_assisted": "apply"}}
"""Triggers by which one office does another's duty: a clerk who enters an application for its applicant applies."""

MUST_STAY_APART: dict[str, tuple[tuple[str, str], ...]] = {
    "incubation": (
        ("accept", "decide"),
        ("accept", "confirm"),
        ("manage", "decide"),
        ("manage", "confirm"),
        ("manage", "score"),
        ("score", "accept"),
        ("score", "convene"),
        ("score", "decide"),
        ("score", "confirm"),
        ("decide", "confirm"),
        ("apply", "accept"),
        ("apply", "manage"),
        ("apply", "convene"),
        ("apply", "score"),
        ("apply", "decide"),
        ("apply", "confirm"),
    ),
    "award": (
        ("manage", "decide"),
        ("manage", "confirm"),
        ("decide", "confirm"),
        ("apply", "manage"),
        ("apply", "decide"),
        ("apply", "confirm"),
        ("manage", "score"),
        ("score", "convene"),
        ("score", "decide"),
        ("score", "confirm"),
        ("apply", "convene"),
        ("apply", "score"),
    ),
    "instalment": (
        ("make", "check"),
        ("check", "pay"),
        ("make", "pay"),
        ("manage", "decide"),
        ("decide", "confirm"),
        ("confirm", "make"),
        ("confirm", "check"),
        ("confirm", "pay"),
        ("apply", "manage"),
        ("apply", "decide"),
        ("apply", "confirm"),
        ("apply", "make"),
        ("apply", "check"),
        ("apply", "pay"),
    ),
    "offer": (
        ("manage", "offer"),
        ("apply", "manage"),
        ("apply", "offer"),
        ("make", "offer"),
        ("make", "manage"),
        ("apply", "make"),
    ),
    "purchase": (
        ("manage", "confirm"),
        ("manage", "decide"),
        ("decide", "confirm"),
        ("apply", "manage"),
        ("apply", "decide"),
        ("apply", "confirm"),
    ),
    "recovery": (
        ("manage", "decide"),
        ("manage", "confirm"),
        ("decide", "confirm"),
        ("make", "check"),
        ("make", "pay"),
        ("check", "pay"),
        ("apply", "manage"),
        ("apply", "decide"),
        ("apply", "confirm"),
        ("apply", "make"),
        ("apply", "check"),
        ("apply", "pay"),
    ),
    "review": (
        ("decide", "vote"),
        ("convene", "vote"),
        ("manage", "vote"),
        ("decide", "convene"),
        ("apply", "vote"),
        ("apply", "convene"),
    ),
    "star": (
        ("score", "convene"),
        ("score", "confirm"),
        ("convene", "confirm"),
        ("seal", "convene"),
        ("seal", "score"),
        ("seal", "confirm"),
        ("apply", "convene"),
        ("apply", "score"),
        ("apply", "confirm"),
        ("apply", "seal"),
    ),
    "supplier": (
        ("manage", "confirm"),
        ("apply", "manage"),
        ("apply", "confirm"),
    ),
}
"""Per kind of case, the duties one person may never join on one case; stated here a second time on purpose.

Sources: 会计法 (those who approve, handle and keep the books of one matter stay apart, a cashier does not also check);
the rule that maker, checker and payer are three people; that nobody decides where they accepted, managed or scored;
that a second approval is another office's; that whoever applies the seal drafted and decided nothing; that nobody acts
for an organization and for the centre on the same case; that a decision is reviewed by people who had no part in it
(what was done on it counts on its review); that whoever gives neither chooses nor acts for whoever gets (慈善法).
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can happen in a state: its code, the duty by the table, the duty by the office, where it leads."""

    code: str
    told: str
    true: str
    dest: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A path on which one person did both duties of a pair: the steps with the number of the person who took each."""

    pair: tuple[str, str]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What the search found: the breaches (one shortest path for each pair) and how many situations it visited."""

    breaches: tuple[Breach, ...]
    visited: int


Person = tuple[frozenset[str], frozenset[str]]  # duties the engine was told of, duties truly done
Situation = tuple[str, tuple[Person, ...]]
Taken = tuple[str, Step, Situation, tuple[frozenset[str], ...]]
"""How the step reads, the step, the situation after it, and all that each person it counts for truly did by then."""
Rule = Callable[[str, frozenset[str]], bool]


def pairs_of(process: Process[Any]) -> frozenset[frozenset[str]]:
    """The pairs the process must keep apart; for a kind nobody has listed, its own pairs."""
    return frozenset(frozenset(pair) for pair in MUST_STAY_APART.get(process.kind, process.conflicts))


def steps_of(process: Process[Any]) -> dict[str, tuple[Step, ...]]:
    """Every step of a person or of the timer, by state; a row open to two offices gives one step for each."""
    found: dict[str, list[Step]] = {state.name: [] for state in process.states}
    free, behalf = FREE.get(process.kind, frozenset()), ON_BEHALF.get(process.kind, {})
    for source, dest, move in process.edges():
        for role in move.by:
            nobody = role is Role.SYSTEM or move.trigger in free
            told = "" if role is Role.SYSTEM else move.duty
            true = behalf.get(move.trigger, OFFICES.get(role, move.duty))
            found[source].append(Step(move.code, told, "" if nobody else true, dest))
    for act in process.acts:
        for state in act.states:
            found[state] += [Step(act.name, act.duty, OFFICES.get(role, act.duty), state) for role in act.by]
    return {name: tuple(dict.fromkeys(steps)) for name, steps in found.items()}


def search(process: Process[Any], *, people: int = 3, first_only: bool = False) -> Search:
    """Walk every path of the process following `people` persons with every role; report each pair one person joined.

    Persons are interchangeable, so situations that differ only in who is who count as one. `first_only` stops at the
    first breach (for tests that only need to know that there is one).
    """

    @cache
    def rule(duty: str, duties: frozenset[str]) -> bool:
        return separated(process, duty, duties)

    wanted, steps = pairs_of(process), steps_of(process)
    start: Situation = (process.initial, (((frozenset(), frozenset())),) * people)
    came: dict[Situation, tuple[Situation, str] | None] = {start: None}
    breaches: dict[frozenset[str], Breach] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for what, step, after, done in _next(here, steps[here[0]], rule):
            joined = {pair for pair in wanted if step.true in pair and any(pair <= one for one in done)}
            for pair in joined - breaches.keys():
                one, other = sorted(pair)
                breaches[pair] = Breach((one, other), (*_path(came, here), what))
                if first_only:
                    return Search(tuple(breaches.values()), len(came))
            if not joined and after not in came:
                came[after] = (here, what)
                waiting.append(after)
    return Search(tuple(breaches.values()), len(came))


def _next(here: Situation, steps: tuple[Step, ...], rule: Rule) -> Iterator[Taken]:
    """Each step somebody may take: how it reads, the step, the situation after it, all that person truly did."""
    people = here[1]
    for step in steps:
        yield f"{step.code} (somebody)", step, (step.dest, people), (frozenset({step.true}),)
        for who, (told, _) in enumerate(people):
            same_as_before = who > 0 and people[who - 1] == people[who]
            if same_as_before or not rule(step.told, told):
                continue
            yield _taken(here, step, who, None)
            for absent, (absent_told, _) in enumerate(people):
                if absent != who and rule(step.told, absent_told):
                    yield _taken(here, step, who, absent)


def _taken(here: Situation, step: Step, who: int, absent: int | None) -> Taken:
    """The step as taken by one person, for an absent one if there is one."""
    people = list(here[1])
    truly = (who,) if absent is None else (who, absent)
    told = counted_for(who, absent)
    for one in truly:
        told_before, true_before = people[one]
        true = true_before | {step.true} - {""}
        people[one] = (told_before | {step.told} - {""} if one in told else told_before, true)
    how = f"person {who + 1}" if absent is None else f"person {who + 1} for person {absent + 1}"
    done = tuple(people[one][1] for one in truly)
    return f"{step.code} ({how})", step, (step.dest, tuple(sorted(people, key=_order))), done


def _order(person: Person) -> tuple[list[str], list[str]]:
    return sorted(person[0]), sorted(person[1])


def _path(came: dict[Situation, tuple[Situation, str] | None], here: Situation) -> tuple[str, ...]:
    steps: list[str] = []
    while (before := came[here]) is not None:
        here, step = before
        steps.append(step)
    return tuple(reversed(steps))

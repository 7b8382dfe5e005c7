"""What must be true of every edition of every process, checked on the table itself before any case depends on it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any

from statemachines import table
from statemachines.engine import compiled
from statemachines.findings import Finding, Report
from statemachines.roles import ROLES, Role
from statemachines.sample_facts import samples
from statemachines.separation import FREE, MUST_STAY_APART, OFFICES, ON_BEHALF, Search, pairs_of, search
from statemachines.table import Effect, Move, Process, State

ENTRIES = (
    "commit", "release_commitment", "instruct", "pay", "reverse_payment", "bank_return", "recovery_decided",
    "recovery_repaid", "recovery_written_off",
)  # fmt: skip
CAUSES = ("misuse", "expulsion", "withdrawal", "unspent", "failed_acceptance")
ROUNDS = ("admission", "midterm", "graduation", "star", "award", "acceptance")
FIELD_KINDS = ("text", "long_text", "date", "integer", "amount", "score", "yes", "choice", "list")
SAMPLES = 1500
SINGLE_KINDS = ("award", "instalment", "offer", "purchase", "recovery", "review", "star", "supplier")
SINGLE_STATES = ("GRADUA", "EXPUL", "EXPEL")
SINGLE_DUTIES = ("score", "make", "check", "pay")
SINGLE_EFFECTS = (
    table.OpenAssessment, table.Release, table.HoldPayments, table.LiftHold, table.CancelUnpaid, table.Book,
    table.PlanInstalments, table.RevokePaper, table.OpenRecovery,
)  # fmt: skip
"""What is never done for many cases at once: money, scoring, graduation, expulsion, taking a paper back."""


def check_process(process: Process[Any]) -> tuple[Finding, ...]:
    """Every finding about one edition, none when it is sound; reads the table only, changes nothing.

    Covers the shape (reachable, exits, ends, labels, clocks, roles, effects, forms), the guards (each seen open and
    closed over sample facts, no two rows of one trigger open at once), the compiled machine (no way past the table) and
    the separation of duties (over every path, see `statemachines.separation`).
    """
    report = Report(process)
    unknown = tuple(_unknown_states(process, report))
    if unknown:
        return unknown
    return (
        *_shape(process, report),
        *_states(process, report),
        *_moves(process, report),
        *_forms(process, report),
        *check_verbs(process),
        *check_triggers(process, compiled(process).events),
        *check_guards(process),
        *check_duties(process),
        *check_separation(process, search(process)),
    )


def _unknown_states(process: Process[Any], report: Report) -> Iterator[Finding]:
    names = {state.name for state in process.states}
    for _, dest, move in process.edges():
        if dest not in names:
            yield report("state.unknown", move.code, dest)
    for act in process.acts:
        for state in set(act.states) - names:
            yield report("act.state_unknown", act.name, state)


def _reach(starts: Iterable[str], step: dict[str, set[str]]) -> set[str]:
    seen, waiting = set(starts), list(starts)
    while waiting:
        for dest in step[waiting.pop()] - seen:
            seen.add(dest)
            waiting.append(dest)
    return seen


def _shape(process: Process[Any], report: Report) -> Iterator[Finding]:
    forward: dict[str, set[str]] = {state.name: set() for state in process.states}
    backward: dict[str, set[str]] = {state.name: set() for state in process.states}
    for source, dest, _ in process.edges():
        forward[source].add(dest)
        backward[dest].add(source)
    reached = _reach([process.initial], forward)
    ending = _reach([state.name for state in process.states if state.final or state.goal], backward)
    for state in process.states:
        leads_away = forward[state.name] - {state.name}
        if state.name not in reached:
            yield report("state.unreachable", state.name)
        if state.final and any(move.trigger not in process.by_review for move in process.exits(state.name)):
            yield report("state.exit_after_end", state.name)
        if not state.final and not leads_away:
            yield report("state.exit_missing", state.name)
        if state.name not in ending:
            yield report("state.dead_end", state.name)
    yield from _milestones(process, report)


def _milestones(process: Process[Any], report: Report) -> Iterator[Finding]:
    ahead: dict[str, set[str]] = {state.name: set() for state in process.states}
    for source, dest, move in process.edges():
        # A row that only takes a case back to where it was opens no way round; no more does one by a review.
        if move.trigger in process.by_review:
            continue
        if f"was_{dest.lower()}" not in {guard.__name__ for guard in move.when}:
            ahead[source].add(dest)
    for before, milestone in zip(("", *process.milestones), process.milestones, strict=False):
        around = {state: dests - {before} for state, dests in ahead.items()}
        if milestone not in ahead or (before and milestone in _reach([process.initial], around)):
            yield report("milestone.skipped", milestone, before)


def _states(process: Process[Any], report: Report) -> Iterator[Finding]:
    for state in process.states:
        if not (state.zh.strip() and state.en.strip() and state.stage.strip()):
            yield report("label.missing", state.name)
        timed = {move.trigger for move in process.exits(state.name) if Role.SYSTEM in move.by}
        for limit in state.limits:
            if not limit.key:
                yield report("limit.key_missing", state.name)
            if limit.fires and limit.fires not in timed:
                yield report("limit.fires_nothing", state.name, limit.fires)
        yield from _waiting(process, state, report)


def _waiting(process: Process[Any], state: State, report: Report) -> Iterator[Finding]:
    if state.final or state.goal:
        return
    if not state.waits_for and not state.rests and not any(limit.fires for limit in state.limits):
        yield report("state.nobody_waited_for", state.name)
    busy = {role for move in process.exits(state.name) for role in move.by}
    busy |= {role for act in process.acts if state.name in act.states for role in act.by}
    for role in state.waits_for:
        if role not in busy:
            yield report("state.waits_in_vain", state.name, role.value)


def _moves(process: Process[Any], report: Report) -> Iterator[Finding]:
    codes = [move.code for move in process.moves]
    for code in sorted({one for one in codes if codes.count(one) > 1}):
        yield report("code.used_twice", code)
    for move in process.moves:
        if not (move.zh.strip() and move.en.strip()):
            yield report("label.missing", move.code)
        if not move.by:
            yield report("move.role_missing", move.code)
        if move.trigger in process.by_review and (move.by != (Role.SYSTEM,) or not move.when):
            yield report("move.review_open_to_others", move.code)
        for role in move.by:
            if role not in ROLES:
                yield report("move.role_unknown", move.code, str(role))
        for effect in move.then:
            if not _known(effect):
                yield report("effect.unknown", move.code, repr(effect))
    for label in (process, *process.acts):
        if isinstance(label, Process) and not (label.zh.strip() and label.en.strip()):
            yield report("label.missing", label.kind)


def _always(_effect: Effect) -> bool:
    return True


_NAMES_KNOWN: dict[type[Effect], Callable[[Any], bool]] = {
    table.Issue: lambda effect: bool(effect.document),  # to nobody: kept on file
    table.Notify: lambda effect: bool(effect.message and effect.to),
    table.OpenAssessment: lambda effect: effect.form in ROUNDS,
    table.Release: lambda effect: effect.number >= 1,
    table.HoldPayments: _always,
    table.LiftHold: _always,
    table.CancelUnpaid: _always,
    table.CarryOutReview: _always,
    table.OpenRecovery: lambda effect: effect.cause in CAUSES,
    table.RevokePaper: lambda effect: bool(effect.document),
    table.Book: lambda effect: effect.entry in ENTRIES,
    table.PlanInstalments: _always,
}


def _known(effect: Effect) -> bool:
    named = _NAMES_KNOWN.get(type(effect))
    return named is not None and named(effect)


def _forms(process: Process[Any], report: Report) -> Iterator[Finding]:
    for trigger, form in process.forms.items():
        if trigger not in process.triggers():
            yield report("form.trigger_unknown", trigger)
        for one in form:
            if not _sound(one):
                yield report("form.field_wrong", f"{trigger}.{one.name}")


def _sound(one: table.Field) -> bool:
    labelled = bool(one.name and one.zh.strip() and one.en.strip()) and one.kind in FIELD_KINDS
    whole = (one.kind == "choice") == bool(one.choices) and (one.kind == "list") == bool(one.columns)
    return labelled and whole and all(all(choice) for choice in one.choices) and all(map(_sound, one.columns))


def check_verbs(process: Process[Any]) -> tuple[Finding, ...]:
    """Whether each trigger has its verb, and nothing may be done in bulk that must be looked at case by case."""
    report, triggers = Report(process), set(process.triggers())
    found = [report("verb.missing", one) for one in sorted(triggers - process.verbs.keys())]
    found += [report("verb.trigger_unknown", one) for one in sorted(process.verbs.keys() - triggers)]
    for trigger in sorted(process.bulk):
        if trigger not in triggers or not may_be_bulk(process, trigger):
            found.append(report("bulk.forbidden", trigger))
    for trigger in sorted(process.together):
        if trigger not in triggers or not may_be_together(process, trigger):
            found.append(report("together.forbidden", trigger))
    return tuple(found)


def may_be_together(process: Process[Any], trigger: str) -> bool:
    """Whether a result may be made known with others: no money, no scoring, no graduation, and somebody decides it."""
    if process.kind in SINGLE_KINDS or any(one.kind == "score" for one in process.forms.get(trigger, ())):
        return False
    rows = [(source, dest, move) for source, dest, move in process.edges() if move.trigger == trigger]
    single = any(mark in name for source, dest, _ in rows for name in (source, dest) for mark in SINGLE_STATES)
    return not single and all(move.duty == "decide" for _, _, move in rows)


def may_be_bulk(process: Process[Any], trigger: str) -> bool:
    """Whether the trigger is plain enough for many cases at once: no money, no scoring, no graduation, no refusal."""
    if process.kind in SINGLE_KINDS or process.verbs.get(trigger) not in (table.Verb.AGREE, table.Verb.ACT):
        return False
    if any(field.required and field.kind == "score" for field in process.forms.get(trigger, ())):
        return False
    for source, dest, move in process.edges():
        if move.trigger == trigger:
            places = (process.state(source), process.state(dest))
            if any(mark in one.name for one in places for mark in SINGLE_STATES) or move.duty in SINGLE_DUTIES:
                return False
            if any(isinstance(effect, SINGLE_EFFECTS) for effect in move.then):
                return False
    return True


def check_triggers(process: Process[Any], events: Iterable[str]) -> tuple[Finding, ...]:
    """Whether the machine's events are the table's triggers and nothing else; `events` are the compiled machine's."""
    report, table_has = Report(process), set(process.triggers())
    machine_has = set(events)
    found = [report("trigger.back_door", event) for event in sorted(machine_has - table_has)]
    found += [report("trigger.not_compiled", trigger) for trigger in sorted(table_has - machine_has)]
    names = {state.name for state in process.states}
    found += [report("trigger.back_door", one) for one in sorted(table_has) if one.removeprefix("to_") in names]
    return tuple(found)


def check_guards(process: Process[Any], *, how_many: int = SAMPLES) -> tuple[Finding, ...]:
    """Whether each guard was seen open and closed, and no two rows of one trigger open at once, over sample facts."""
    report, facts = Report(process), tuple(samples(process, how_many=how_many))
    guards = {guard.__name__: guard for move in process.moves for guard in move.when}
    found: list[Finding] = []
    for name, guard in sorted(guards.items()):
        seen = {guard(one) is None for one in facts}
        if seen == {True}:
            found.append(report("guard.never_closed", name))
        if seen == {False}:
            found.append(report("guard.never_open", name))
    for state, one, other in rival_rows(process):
        if any(is_open(one, fact) and is_open(other, fact) for fact in facts):
            found.append(report("rows.both_open", f"{one.code}/{other.code}", state))
    return tuple(found)


def rival_rows(process: Process[Any]) -> tuple[tuple[str, Move[Any], Move[Any]], ...]:
    """Each state with two of its rows that answer to the same trigger and so must never both be open."""
    return tuple(
        (state.name, one, other)
        for state in process.states
        for one, other in combinations(process.exits(state.name), 2)
        if one.trigger == other.trigger
    )


def is_open(move: Move[Any], facts: Any) -> bool:
    """Whether no guard of the row refuses."""
    return all(guard(facts) is None for guard in move.when)


def check_duties(process: Process[Any]) -> tuple[Finding, ...]:
    """Whether each row names the duty of the office that makes it; a row without a duty is unseen by separation."""
    report, free = Report(process), FREE.get(process.kind, frozenset())
    behalf = ON_BEHALF.get(process.kind, {})
    found: list[Finding] = []
    for move in process.moves:
        offices = {behalf.get(move.trigger, OFFICES[role]) for role in move.by if role in OFFICES}
        if move.trigger in free or not offices:
            continue
        if not move.duty:
            found.append(report("duty.missing", move.code))
        elif offices != {move.duty}:
            found.append(report("duty.wrong", move.code, move.duty))
    return tuple(found)


def check_separation(process: Process[Any], result: Search) -> tuple[Finding, ...]:
    """Whether the table's pairs are those that must stay apart, and what the search over every path found."""
    report, own = Report(process), {frozenset(pair) for pair in process.conflicts}
    found = [report("separation.pair_missing", _joined(pair)) for pair in pairs_of(process) - own]
    if process.kind in MUST_STAY_APART:
        found += [report("separation.pair_unlisted", _joined(pair)) for pair in own - pairs_of(process)]
    found += [
        report("separation.breached", _joined(frozenset(breach.pair)), " → ".join(breach.path))
        for breach in result.breaches
    ]
    return tuple(sorted(found, key=lambda one: (one.code, one.where)))


def _joined(pair: frozenset[str]) -> str:
    return "–".join(sorted(pair))

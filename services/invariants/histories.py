"""I3 and I4: each case is what its history makes of it, and each step was allowed to the person who took it."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from services.actors import SYSTEM_ID
from services.authority.rules import holds_all_below
from services.invariants.batches import Batch
from services.invariants.findings import Report
from statemachines.registry import process_of
from statemachines.roles import ROLES, Role
from statemachines.separation import FREE, OFFICES, pairs_of
from statemachines.table import Move, Process

_CONVENING = ("assessment:appoint", "assessment:replace", "assessment:arbitrate")


def check_histories(batch: Batch, report: Report) -> None:
    """Replay every case of the batch from its audit trail and from its moves, and judge every step."""
    for case in batch.cases:
        process = process_of(case.kind, case.edition)
        moves = batch.moves.get(case.id, [])
        entries = batch.entries.get(case.id, [])
        _replay(case, process, moves, report)
        _compare(case, moves, entries, report)
        for move in moves:
            _judge(batch, case, process, move, report)
        _keep_apart(batch, case, process, report)


def _replay(case: Any, process: Process[Any], moves: list[Any], report: Report) -> None:
    state, version, manager, furthest = process.initial, 0, None, 0
    for move in moves:
        if (move.source, move.sequence) != (state, version + 1):
            report.add(
                "I3",
                f"{case.number} move {move.sequence}: from {move.source} while the case was in {state} at {version}",
            )
        state, version = move.dest, move.sequence
        furthest = max(furthest, process.milestone(state))
        if move.trigger == "begin_preliminary_review":
            manager = move.actor_id
    if (case.state, case.version) != (state, version):
        report.add("I3", f"{case.number} is {case.state} at {case.version}, its moves lead to {state} at {version}")
    elif case.stage != process.state(state).stage:
        report.add("I3", f"{case.number} shows stage {case.stage}, its state belongs to {process.state(state).stage}")
    if case.manager_id != manager:
        report.add("I3", f"{case.number} is managed by {case.manager_id}, its moves say {manager}")
    if case.furthest != furthest:
        report.add("I3", f"{case.number} says it reached milestone {case.furthest}, its moves reached {furthest}")
    if moves and case.moved_at != moves[-1].at:
        report.add("I3", f"{case.number} says it moved at {case.moved_at}, its last move is of {moves[-1].at}")


def _compare(case: Any, moves: list[Any], entries: list[Any], report: Report) -> None:
    """The audit trail tells exactly the moves, in their order."""
    told = [one for one in entries if one.action.startswith("case:move:") and one.result == "done"]
    if not any(one.action == f"case:open:{case.kind}" for one in entries):
        report.add("I3", f"{case.number}: no audit entry tells of its opening")
    if len(told) != len(moves):
        report.add("I3", f"{case.number}: {len(told)} moves told in the audit trail, {len(moves)} on record")
    for entry, move in zip(told, moves, strict=False):
        details = entry.details
        audited = (
            details.get("version"), details.get("row"), details.get("source"), details.get("dest"), entry.action,
            entry.actor_id, entry.role, entry.request_id, entry.at,
        )  # fmt: skip
        kept = (
            move.sequence, move.row, move.source, move.dest, f"case:move:{move.trigger}", move.actor_id, move.role,
            move.request_id, move.at,
        )  # fmt: skip
        if audited != kept:
            report.add("I3", f"{case.number} move {move.sequence}: audit entry {entry.sequence} tells something else")


def _judge(batch: Batch, case: Any, process: Process[Any], move: Any, report: Report) -> None:
    row = next((one for one in process.moves if one.code == move.row), None)
    if row is None or (row.trigger, row.dest) != (move.trigger, move.dest) or move.source not in row.sources:
        report.add(
            "I4",
            f"{case.number} move {move.sequence}: {move.row} {move.source} → {move.dest} is no row of the edition",
        )
        return
    if move.role not in {role.value for role in row.by}:
        report.add("I4", f"{case.number} move {move.sequence}: {move.trigger} is not open to {move.role}")
    elif not _held(batch, case, move):
        report.add(
            "I4", f"{case.number} move {move.sequence}: {move.actor_id} did not hold {move.role} on {move.on_date}"
        )
    if move.duty != _told_duty(row, move):
        report.add("I4", f"{case.number} move {move.sequence}: recorded as duty '{move.duty}' instead of '{row.duty}'")


def _told_duty(row: Move[Any], move: Any) -> str:
    return "" if move.actor_id == SYSTEM_ID else row.duty


def _held(batch: Batch, case: Any, move: Any) -> bool:
    if move.actor_id == SYSTEM_ID or move.role == Role.SYSTEM.value:
        return move.actor_id == SYSTEM_ID and move.role == Role.SYSTEM.value
    scope = ROLES[Role(move.role)].scope
    if scope == "case" and not any(seat.person_id == move.actor_id for seat in batch.seats.get(case.id, [])):
        return False
    absent = batch.acted_for.get(move.id)
    if absent is not None and not any(
        one.person_id == absent and move.role in one.roles and one.starts_on <= move.on_date <= one.ends_on
        for one in batch.absences.get(move.actor_id, [])
    ):
        return False
    return any(
        grant.role == move.role and _valid(grant, move.on_date) and _reaches(grant, scope, case)
        for grant in batch.grants.get(absent or move.actor_id, [])
    )


def _valid(grant: Any, day: date) -> bool:
    return grant.valid_from <= day and (grant.valid_to is None or grant.valid_to >= day)


def _reaches(grant: Any, scope: str, case: Any) -> bool:
    if scope == "organization":
        return bool(grant.organization_id == case.organization_id)
    if scope == "territory":
        return holds_all_below(grant.division_code, case.home_division)
    return True


def _keep_apart(batch: Batch, case: Any, process: Process[Any], report: Report) -> None:
    """By the office a step belongs to, not by the duty the table gives it: a wrong table is found too."""
    duties: dict[str, set[str]] = {}
    for person, duty in chain(_duties(batch, case), _votes(batch, case)):
        duties.setdefault(person, set()).add(duty)
    for person, parts in batch.parts.get(case.id, {}).items():
        # Whoever does nothing on a review joins nothing there, whatever they did before.
        if person in duties:
            duties[person] |= parts
    for person, done in duties.items():
        for pair in pairs_of(process):
            if pair <= done:
                report.add("I4", f"{case.number}: {person} joined {' and '.join(sorted(pair))}")


def _votes(batch: Batch, case: Any) -> Iterator[tuple[str, str]]:
    for entry in batch.entries.get(case.id, []):
        if entry.result == "done" and entry.action == "review:vote":
            yield entry.actor_id, "vote"


def _duties(batch: Batch, case: Any) -> Iterator[tuple[str, str]]:
    free = FREE.get(case.kind, frozenset())
    moves = [move for move in batch.moves.get(case.id, []) if move.actor_id != SYSTEM_ID]
    for move in moves:
        if move.trigger not in free:
            for person in (move.actor_id, batch.acted_for.get(move.id)):
                if person is not None:
                    yield person, OFFICES.get(Role(move.role), move.duty)
    for entry in batch.entries.get(case.id, []):
        if entry.result == "done" and entry.action in _CONVENING and entry.actor_id:
            yield entry.actor_id, "convene"
    for seat in batch.seats.get(case.id, []):
        if seat.locked_at is not None:
            yield seat.person_id, "score"
    last = max((move.on_date for move in moves), default=None)
    for post in batch.posts.get(case.organization_id, []):
        if last is not None and post.held_from <= last:
            yield post.person_id, "apply"

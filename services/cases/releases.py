"""结果批量发布: decisions prepared case by case, looked at with everybody's eyes, and made known at one moment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, delete, insert, select, update

from services.actors import Actor
from services.authority.rules import demand
from services.cases.addressees import panel_of, recipients
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.lists import demand_seen
from services.cases.models import cases, release_lines, releases
from services.cases.noting import acted, noted
from services.cases.turn import load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, run, try_out
from services.errors import NotFound, Refused, ServiceError
from services.messages import notice
from services.organizations.models import organizations
from services.outbox.queries import errands
from services.people.acts import act, note
from services.people.models import persons
from services.people.queries import actor_by_id
from statemachines.registry import process_of
from statemachines.roles import Role
from statemachines.table import Issue, Move, Notify, State

ResultT = TypeVar("ResultT")
PREPARE = "release:prepare"
PUBLISH = "release:publish"
MOST = 100
VIEWS = {"applicant": Role.APPLICANT, "street": Role.STREET_HANDLER, "panel": Role.EVALUATOR, "public": None}
"""With whose eyes a result is looked at before it is made known."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves with a result: a paper (its kind) or a notice (its words), and to whom."""

    effect: str
    document: str
    title: str
    body: str
    to: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One prepared result: what is to be decided, how it stands, what would leave or why it would be refused."""

    id: str
    number: str
    organization: str
    kind: str
    edition: int
    move: Move[Any]
    details: dict[str, Any]
    standing: str
    state: str
    refused: ServiceError | None = None
    letters: tuple[Letter, ...] = ()

    @property
    def becomes(self) -> State | None:
        """The state the case comes into, or came into."""
        return process_of(self.kind, self.edition).state(self.state) if self.state else None


@dataclass(frozen=True, slots=True)
class Batch:
    """Results that become known together; `releasing` means that it was cut off and can be gone on with."""

    id: str
    standing: str
    prepared_by: str
    prepared_at: datetime
    released_at: datetime | None
    left: int
    lines: tuple[Line, ...] = ()


def may_wait(kind: str, edition: int, trigger: str) -> bool:
    """Whether a result of that trigger may be prepared, to be made known with others."""
    return trigger in process_of(kind, edition).together


def prepare(database: Database, actor: Actor, command: AdvanceCase, *, now: datetime) -> str:
    """Put a decision among the results this person is preparing; answers the id of the batch.

    It is rehearsed as `advance` would take it, and refused alike; nothing of it is seen on the case. Prepared again,
    the later wish counts. Refused("release.single") for what must not wait for others, ("release.full").
    """

    def unit(work: Work) -> str:
        demand(actor, PREPARE)
        demand_seen(work, actor, command.case_number)
        subject = load_subject(work, number=command.case_number, lock=True)
        if not may_wait(subject.case.kind, subject.case.edition, command.trigger):
            raise Refused("release.single", case_number=command.case_number)
        _tried(work, actor, command)
        batch = _own_batch(work, actor)
        work.connection.execute(
            delete(release_lines).where(
                release_lines.c.case_id == subject.case.id, release_lines.c.standing == "prepared"
            )
        )
        if len(_rows(work, batch)) >= MOST:
            raise Refused("release.full", most=MOST)
        values = {
            "id": new_id(), "release_id": batch, "case_id": subject.case.id, "trigger": command.trigger,
            "details": dict(command.details), "seen_version": subject.case.version, "standing": "prepared",
            "reasons": list[str](), "at": work.now,
        }  # fmt: skip
        work.connection.execute(insert(release_lines).values(values))
        acted(work, actor, subject, PREPARE, {"version": subject.case.version})
        return batch

    return noted(database, actor, unit, now=now, number=command.case_number, action=PREPARE)


def _tried(work: Work, actor: Actor, command: AdvanceCase) -> None:
    """Whether the decision would be taken now; nothing of it stays."""
    point = work.connection.begin_nested()
    try:
        advance(work, actor, command)
    finally:
        point.rollback()


def _own_batch(work: Work, actor: Actor) -> str:
    found = work.connection.execute(
        select(releases.c.id).where(releases.c.prepared_by == actor.id, releases.c.standing == "prepared")
    ).scalar()
    if found is not None:
        return str(found)
    identity = new_id()
    work.connection.execute(
        insert(releases).values(id=identity, standing="prepared", prepared_by=actor.id, prepared_at=work.now)
    )
    return identity


_LINES = (
    select(release_lines, cases.c.number, cases.c.kind, cases.c.edition, organizations.c.name.label("organization"))
    .join(cases, cases.c.id == release_lines.c.case_id)
    .join(organizations, organizations.c.id == cases.c.organization_id)
    .order_by(release_lines.c.id)
)


def _rows(work: Work, batch: str) -> list[Row[Any]]:
    return list(work.connection.execute(_LINES.where(release_lines.c.release_id == batch)))


def remove_line(database: Database, actor: Actor, *, line_id: str, now: datetime) -> str:
    """Take a prepared result out again; answers the batch. Refused("release.begun") once it was made known."""

    def unit(work: Work) -> str:
        demand(actor, PREPARE)
        row = _line_row(work, line_id)
        subject = load_subject(work, case_id=row.case_id, lock=True)
        if row.standing == "released":
            raise Refused("release.begun")
        work.connection.execute(delete(release_lines).where(release_lines.c.id == line_id))
        acted(work, actor, subject, "release:remove", {})
        return str(row.release_id)

    return act(database, actor, unit, now=now, action="release:remove", stream=f"release:{line_id}", object=line_id)


def _line_row(work: Work, line_id: str) -> Row[Any]:
    row = work.connection.execute(_LINES.where(release_lines.c.id == line_id)).one_or_none()
    if row is None:
        raise NotFound("release.not_found")
    return row


def batches(work: Work, actor: Actor, *, limit: int = 50) -> tuple[Batch, ...]:
    """Every batch, the latest first, with how many results of it are still to be made known."""
    demand(actor, PREPARE)
    left = select(release_lines.c.release_id).where(release_lines.c.standing == "prepared")
    waiting: dict[str, int] = {}
    for identity in work.connection.execute(left).scalars():
        waiting[identity] = waiting.get(identity, 0) + 1
    rows = work.connection.execute(
        select(releases, persons.c.name)
        .join(persons, persons.c.id == releases.c.prepared_by)
        .order_by(releases.c.id.desc())
        .limit(limit)
    )
    return tuple(
        Batch(row.id, row.standing, row.name, row.prepared_at, row.released_at, waiting.get(row.id, 0)) for row in rows
    )


def batch_page(database: Database, actor: Actor, *, batch: str, now: datetime) -> Batch:
    """One batch with every result rehearsed in turn, as the release would take them; nothing is kept."""
    return try_out(database, now, lambda work: _rehearsed(work, actor, batch))


def _rehearsed(work: Work, actor: Actor, batch: str) -> Batch:
    demand(actor, PREPARE)
    row = work.connection.execute(
        select(releases, persons.c.name)
        .join(persons, persons.c.id == releases.c.prepared_by)
        .where(releases.c.id == batch)
    ).one_or_none()
    if row is None:
        raise NotFound("release.not_found")
    lines = tuple(_line(work, actor, one) for one in _rows(work, batch))
    left = sum(one.standing == "prepared" for one in lines)
    return Batch(row.id, row.standing, row.name, row.prepared_at, row.released_at, left, lines)


def _line(work: Work, actor: Actor, row: Row[Any]) -> Line:
    process = process_of(row.kind, row.edition)
    move = next(one for one in process.moves if one.trigger == row.trigger)
    line = Line(
        row.id, row.number, row.organization, row.kind, row.edition, move, row.details, row.standing, row.state or ""
    )
    if row.standing == "released":
        return line
    try:
        advanced = advance(work, actor, _wish(row))
    except Refused as refused:
        return replace(line, refused=refused)
    return replace(line, state=advanced.state, letters=_letters(work, advanced))


def _wish(row: Row[Any]) -> AdvanceCase:
    return AdvanceCase(row.number, row.trigger, row.seen_version, dict(row.details), f"release:{row.id}")


def _letters(work: Work, advanced: Advanced) -> tuple[Letter, ...]:
    """What the move just rehearsed owes to people, in the words they would read."""
    subject = load_subject(work, case_id=advanced.case_id)
    facts = {
        "organization_name": subject.organization.name, "case_number": subject.case.number,
        "due_on": subject.case.due_on, "reason": subject.moves[-1].details.get("reason"),
    }  # fmt: skip
    found = []
    for one in errands(work, standing="waiting", case_id=advanced.case_id):
        if one.move_sequence != advanced.version or one.effect not in (Issue.name, Notify.name):
            continue
        to = tuple(Role(role) for role in one.payload["to"])
        title, body = notice(one.payload["message"], "zh", **facts) if one.effect == Notify.name else ("", "")
        found.append(Letter(one.effect, one.payload.get("document", ""), title, body, to))
    return tuple(found)


def look_as(
    database: Database, actor: Actor, *, line_id: str, view: str, look: Callable[[Work, Actor | None, str], ResultT],
    now: datetime,
) -> ResultT:  # fmt: skip
    """What `look` shows of the case to a recipient as if the result were known; nothing is kept.

    The recipient is the first of those who hold the role on the case, None for the public; NotFound when there is
    none, or no such view.
    """

    def unit(work: Work) -> ResultT:
        demand(actor, PREPARE)
        row = _line_row(work, line_id)
        if view not in VIEWS or row.standing == "released":
            raise NotFound("release.not_found")
        advanced = advance(work, actor, _wish(row))
        subject = load_subject(work, case_id=advanced.case_id)
        role = VIEWS[view]
        if role is None:
            return look(work, None, row.number)
        people = panel_of(work, row.case_id) if role is Role.EVALUATOR else recipients(work, subject, role)
        if not people:
            raise NotFound("release.nobody_there")
        return look(work, actor_by_id(work, people[0].id), row.number)

    return try_out(database, now, unit)


def release(database: Database, actor: Actor, *, batch: str, now: datetime) -> Batch:
    """发布: make every prepared result known, each in its own transaction through the one door; answers what became.

    Refused("release.not_ready") while the rehearsal refuses one of them: then none is made known. Cut off in between,
    it goes on where it stopped; a result is never made known twice. What is refused in the last moment is kept with
    its reasons.
    """

    def begin(work: Work) -> list[str]:
        demand(actor, PREPARE)
        found = select(releases.c.standing).where(releases.c.id == batch).with_for_update()
        standing = work.connection.execute(found).scalar()
        if standing is None:
            raise NotFound("release.not_found")
        rows = _rows(work, batch)
        if not rows:
            raise Refused("release.empty")
        if standing == "prepared":
            _demand_ready(work, actor, batch)
            begun = {"standing": "releasing", "released_by": actor.id, "released_at": work.now}
            work.connection.execute(update(releases).where(releases.c.id == batch).values(begun))
            note(work, actor, PUBLISH, stream=f"release:{batch}", object=batch, details={"results": len(rows)})
        return [one.id for one in rows if one.standing == "prepared"]

    waiting = act(database, actor, begin, now=now, action=PUBLISH, stream=f"release:{batch}", object=batch)
    for line_id in waiting:
        _make_known(database, actor, line_id, now)
    run(database, now, lambda work: _finish(work, batch))
    return batch_page(database, actor, batch=batch, now=now)


def _demand_ready(work: Work, actor: Actor, batch: str) -> None:
    """Whether all of them together would be taken now; nothing of it stays."""
    point = work.connection.begin_nested()
    try:
        tried = _rehearsed(work, actor, batch)
    finally:
        point.rollback()
    if any(one.refused for one in tried.lines):
        raise Refused("release.not_ready")


def _make_known(database: Database, actor: Actor, line_id: str, now: datetime) -> None:
    def unit(work: Work) -> None:
        row = work.connection.execute(
            _LINES.where(release_lines.c.id == line_id).with_for_update(of=release_lines)
        ).one()
        if row.standing != "prepared":
            return
        advanced = advance(work, actor, _wish(row))
        _settle(work, line_id, standing="released", state=advanced.state)

    try:
        run(database, now, unit)
    except Refused as refused:
        codes = list(refused.codes)
        run(database, now, lambda work: _settle(work, line_id, standing="refused", reasons=codes))


def _settle(work: Work, line_id: str, **values: Any) -> None:
    work.connection.execute(update(release_lines).where(release_lines.c.id == line_id).values(at=work.now, **values))


def _finish(work: Work, batch: str) -> None:
    left = select(release_lines.c.id).where(release_lines.c.release_id == batch, release_lines.c.standing == "prepared")
    if work.connection.execute(left.limit(1)).first() is None:
        work.connection.execute(update(releases).where(releases.c.id == batch).values(standing="released"))

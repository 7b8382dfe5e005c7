"""What people at their desks do with a case besides moving it: claim, hand over, ask, answer, nudge, copy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from services.actors import Actor
from services.authority.rules import demand, policy, scopes
from services.cases.addressees import recipients
from services.cases.lists import demand_seen, may_see
from services.cases.noting import acted, noted
from services.cases.queries import case_number_of
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work, reading
from services.desk import commands as desk
from services.desk.absences import substitutes_of
from services.desk.queries import Colleague, RequestLine, claim_on, people_in, request_line
from services.desk.rules import LONGEST_TEXT
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.messages import notice
from services.notices.commands import tell
from services.people.acts import told
from services.people.queries import actor_by_id, actor_named
from statemachines.engine import separated
from statemachines.roles import Role

ResultT = TypeVar("ResultT")
WORK = "desk:work"
MOST_COLLEAGUES = 10
NOTE = ("说明", "note")


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A case as one person has it on the desk: locked, seen, with the roles exercised on it here."""

    work: Work
    actor: Actor
    subject: Subject
    roles: frozenset[Role]

    @property
    def case_id(self) -> str:
        """The id of the case."""
        return str(self.subject.case.id)

    def tell(self, person: Actor, message: str, key: str, *, said: str = "") -> bool:
        """Put a notice about this case into somebody's list, once per key."""
        facts = {
            "organization_name": self.subject.organization.name, "case_number": self.subject.case.number,
            "by": self.actor.name, "said": said,
        }  # fmt: skip
        title, body = notice(message, person.language, **facts)
        return tell(
            self.work, key=key, person_id=person.id, case_id=self.case_id, message=message, title=title, body=body
        )

    def note(self, act: str, **details: object) -> None:
        """Add the act to the audit trail of the case."""
        acted(self.work, self.actor, self.subject, f"desk:{act}", details)


def claim_case(database: Database, actor: Actor, *, number: str, now: datetime) -> None:
    """认领: take the case in hand, or renew the own claim.

    Refused("desk.held_by_another") while somebody else's claim is fresh, Forbidden for who can do nothing here.
    """

    def unit(at: AtDesk) -> None:
        desk.claim(at.work, case_id=at.case_id, person_id=actor.id, version=at.subject.case.version)
        at.note("claim", version=at.subject.case.version)

    _at_desk(database, actor, unit, number=number, act="claim", now=now)


def release_case(database: Database, actor: Actor, *, number: str, now: datetime) -> None:
    """释放: give the case back to all who may do it; the centre manager may end somebody else's claim."""

    def unit(at: AtDesk) -> None:
        claim = claim_on(at.work, at.case_id)
        if claim is None:
            raise Refused("desk.not_claimed")
        if claim.person_id != actor.id:
            demand(actor, "desk:release")
        desk.end_claim(at.work, case_id=at.case_id, by_id=actor.id)
        at.note("release", holder=claim.name)

    _at_desk(database, actor, unit, number=number, act="release", now=now)


def hand_over(database: Database, actor: Actor, *, number: str, to: str, note: str, now: datetime) -> str:
    """转办: give the case to a colleague who may do what the actor may do here; answers the request's id.

    Refused("desk.colleague_unfit") for who holds none of the actor's roles on this case, or is kept from them by what
    was done before.
    """
    said = told(NOTE, note, longest=LONGEST_TEXT)

    def unit(at: AtDesk) -> str:
        colleague = _colleague(at, to)
        standing = standing_on(at.work, colleague, at.subject)
        exits = at.subject.process.exits(at.subject.case.state)
        shared = [move for move in exits if at.roles.intersection(move.by) and standing.roles.intersection(move.by)]
        if not any(separated(at.subject.process, move.duty, standing.duties) for move in shared):
            raise Refused("desk.colleague_unfit", colleague=colleague.name)
        return _ask(at, "hand_over", colleague, said)

    return _at_desk(database, actor, unit, number=number, act="hand_over", now=now)


def delegate(database: Database, actor: Actor, *, number: str, to: str, note: str, now: datetime) -> str:
    """委派: ask a colleague who may see the case to prepare it; with the answer it comes back to the actor."""
    said = told(NOTE, note, longest=LONGEST_TEXT)

    def unit(at: AtDesk) -> str:
        return _ask(at, "delegate", _colleague(at, to), said)

    return _at_desk(database, actor, unit, number=number, act="delegate", now=now)


def ask_opinions(
    database: Database, actor: Actor, *, number: str, to: Sequence[str], note: str, now: datetime
) -> tuple[str, ...]:
    """加签: ask colleagues for their opinion before the case is decided; until all answered nobody can decide it."""
    said = told(NOTE, note, longest=LONGEST_TEXT)

    def unit(at: AtDesk) -> tuple[str, ...]:
        return tuple(_ask(at, "countersign", _colleague(at, one), said) for one in _several(to))

    return _at_desk(database, actor, unit, number=number, act="countersign", now=now)


def answer_request(
    database: Database, actor: Actor, *, request_id: str, opinion: str, answer: str = "", now: datetime
) -> None:
    """Answer what one was asked: a hand-over or delegation is done or declined, an opinion is agree or disagree.

    What was delegated, and what was declined, goes back to the one who asked. Invalid("desk.opinion_unknown").
    """
    said = told(NOTE, answer, longest=LONGEST_TEXT, needed=opinion in ("disagree", "declined"))

    def unit(at: AtDesk) -> None:
        found = desk.open_request(at.work, request_id, asked=actor.id)
        wanted = ("agree", "disagree") if found.kind == "countersign" else ("done", "declined")
        if opinion not in wanted:
            raise Invalid("desk.opinion_unknown")
        desk.close_request(at.work, request_id, standing="answered", opinion=opinion, answer=said)
        if found.kind == "delegate" or opinion == "declined":
            _give_back(at, found)
        at.note("answer", kind=found.kind, opinion=opinion)
        at.tell(actor_by_id(at.work, found.by_id), "desk_answered", f"desk:{request_id}:answered", said=said)

    _on_request(database, actor, unit, request_id=request_id, act="answer", now=now)


def take_back(database: Database, actor: Actor, *, request_id: str, now: datetime) -> None:
    """撤回, 减签: take back an own request that nobody answered; what was handed over comes back to the actor."""

    def unit(at: AtDesk) -> None:
        found = desk.open_request(at.work, request_id, asker=actor.id)
        desk.close_request(at.work, request_id, standing="withdrawn")
        if found.kind != "countersign":
            _give_back(at, found)
        at.note("take_back", kind=found.kind, to=found.to_name)
        at.tell(actor_by_id(at.work, found.to_id), "desk_taken_back", f"desk:{request_id}:back")

    _on_request(database, actor, unit, request_id=request_id, act="take_back", now=now)


def nudge_case(database: Database, actor: Actor, *, number: str, now: datetime) -> int:
    """催办: remind whoever is waited for; answers how many people. At most once a day and case, by whomever."""

    def unit(at: AtDesk) -> int:
        people = _waited_for(at)
        if not people:
            raise Refused("desk.nobody_to_nudge")
        desk.nudge(at.work, case_id=at.case_id, by_id=actor.id, told=len(people))
        for one in people:
            at.tell(one, "desk_nudged", f"desk:nudge:{at.case_id}:{at.work.today.isoformat()}")
        at.note("nudge", told=len(people))
        return len(people)

    return _at_desk(database, actor, unit, number=number, act="nudge", now=now, action="desk:nudge", acts=False)


def copy_case(
    database: Database, actor: Actor, *, number: str, to: Sequence[str], note: str = "", now: datetime
) -> None:
    """抄送: tell people of the case who may see it anyway; a copy never lets anybody see more than before."""
    said = told(NOTE, note, longest=LONGEST_TEXT, needed=False)

    def unit(at: AtDesk) -> None:
        for one in [_colleague(at, username) for username in _several(to)]:
            desk.copy(at.work, case_id=at.case_id, by_id=actor.id, to_id=one.id, note=said)
            at.tell(one, "desk_copied", f"desk:copy:{at.case_id}:{at.work.now.isoformat()}", said=said)
        at.note("copy", to=list(to))

    _at_desk(database, actor, unit, number=number, act="copy", now=now, acts=False)


def colleagues(work: Work, actor: Actor) -> tuple[Colleague, ...]:
    """Everybody else who works at a desk, by name; whether one may see a case is asked when it is sent."""
    working = {role for action, role in policy() if action == WORK}
    return tuple(one for one in people_in(work, working) if one.username != actor.username)


def _at_desk(
    database: Database, actor: Actor, unit: Callable[[AtDesk], ResultT], *, number: str, act: str, now: datetime,
    action: str = WORK, acts: bool = True,
) -> ResultT:  # fmt: skip
    """Run one act at the desk on a case the person may see; with `acts`, only for who can do something with it now."""

    def whole(work: Work) -> ResultT:
        demand(actor, action)
        demand_seen(work, actor, number)
        subject = load_subject(work, number=number, lock=True)
        exits = subject.process.exits(subject.case.state)
        standing = standing_on(work, actor, subject)
        roles = standing.every_role & {role for move in exits for role in move.by}
        if acts and not roles:
            raise Forbidden("case.role_missing", case_number=number)
        return unit(AtDesk(work, actor, subject, roles))

    return noted(database, actor, whole, now=now, number=number, action=f"desk:{act}")


def _on_request(
    database: Database, actor: Actor, unit: Callable[[AtDesk], ResultT], *, request_id: str, act: str, now: datetime
) -> ResultT:
    with reading(database, now) as work:
        found = request_line(work, request_id)
        if found is None or actor.id not in (found.by_id, found.to_id):
            raise NotFound("desk.request_not_found")
        number = case_number_of(work, found.case_id)
    return _at_desk(database, actor, unit, number=number, act=act, now=now, acts=False)


def _ask(at: AtDesk, kind: str, colleague: Actor, question: str) -> str:
    held = claim_on(at.work, at.case_id)
    if held is not None and held.person_id != at.actor.id and held.minutes:
        raise Refused("desk.held_by_another", holder=held.name, minutes=held.minutes)
    version = at.subject.case.version
    identity = desk.ask(
        at.work, kind=kind, case_id=at.case_id, by_id=at.actor.id, to_id=colleague.id, version=version,
        question=question,
    )  # fmt: skip
    if kind != "countersign":
        desk.end_claim(at.work, case_id=at.case_id, by_id=at.actor.id)
        desk.claim(at.work, case_id=at.case_id, person_id=colleague.id, version=version)
    at.note(kind, to=colleague.username)
    at.tell(colleague, f"desk_{kind}", f"desk:{identity}", said=question)
    return identity


def _give_back(at: AtDesk, found: RequestLine) -> None:
    held = claim_on(at.work, at.case_id)
    if held is None or held.person_id == found.to_id:
        desk.end_claim(at.work, case_id=at.case_id, by_id=at.actor.id)
        desk.claim(at.work, case_id=at.case_id, person_id=found.by_id, version=at.subject.case.version)


def _colleague(at: AtDesk, username: str) -> Actor:
    """Somebody else of the offices who may see this case anyway."""
    person = actor_named(at.work, username)
    if person.id == at.actor.id:
        raise Invalid("desk.not_yourself")
    unfit = person.is_system or not scopes(person, WORK)
    if unfit or not may_see(at.work, person, at.subject.case.number):
        raise Refused("desk.colleague_unfit", colleague=person.name)
    return person


def _several(to: Sequence[str]) -> tuple[str, ...]:
    people = tuple(dict.fromkeys(one.strip() for one in to if one.strip()))
    if not people:
        raise Invalid("input.missing", field="to", label="人员", label_en="people")
    if len(people) > MOST_COLLEAGUES:
        raise Invalid("desk.too_many_colleagues", most=MOST_COLLEAGUES)
    return people


def _waited_for(at: AtDesk) -> tuple[Actor, ...]:
    """Whoever holds the case, else whoever the state waits for and their substitutes; never the one who reminds."""
    held = claim_on(at.work, at.case_id)
    if held is not None and held.person_id != at.actor.id:
        return (actor_by_id(at.work, held.person_id),)
    state = at.subject.process.state(at.subject.case.state)
    people = {one.id for role in state.waits_for for one in recipients(at.work, at.subject, role)}
    people |= substitutes_of(at.work, people)
    return tuple(actor_by_id(at.work, one) for one in sorted(people - {at.actor.id}))

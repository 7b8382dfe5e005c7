"""The one door through which a case of any kind changes state."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.actors import Actor
from services.audit.commands import record
from services.authority.rules import MOVE, demand_token
from services.calendar.queries import load_calendar
from services.cases import consequences
from services.cases.clocks import turn_clocks
from services.cases.corrections import added_later, demand_told_before
from services.cases.details import check_details
from services.cases.effects import carry_out
from services.cases.facts import GATHER, words_for
from services.cases.gates import gate
from services.cases.models import answered_requests, case_moves, cases
from services.cases.standing import standing_on
from services.cases.turn import Subject, Turn, load_subject
from services.database.base import new_id
from services.database.work import OFFICE_TIME, Work
from services.desk.commands import settle
from services.desk.models import acted_for
from services.errors import Forbidden, Invalid, Refused, Stale
from services.organizations.commands import set_stage
from services.people.queries import names_of
from services.rulesets.commands import rules_of
from statemachines.engine import Decision, Deputy, Refusal, Standing, capacity, decide
from statemachines.roles import Role

ORGANIZATION_STAGE = {
    "入驻": "ENTERING",
    "孵化": "INCUBATING",
    "评估": "ASSESSING",
    "出壳": "GRADUATED",
    "退出": "EXITED",
    "无": "NONE",
}


_ANSWERED = select(answered_requests).where(answered_requests.c.request_id == bindparam("wanted"))
_ANSWER = insert(answered_requests)
_MOVE = insert(case_moves)
_FOR = insert(acted_for)
_STATE = (
    update(cases)
    .where(cases.c.id == bindparam("of_case"), cases.c.version == bindparam("of_version"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("state", "stage", "version", "moved_at", "due_on", "timer_on", "live", "furthest")
        }
    )
)


@dataclass(frozen=True, slots=True)
class AdvanceCase:
    """A wish to move a case: the trigger, what is said with it, the version that was seen, the request's own id.

    `request_id` makes the wish repeatable: the same id with the same content is answered once and for all.
    """

    case_number: str
    trigger: str
    seen_version: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a move came to; `documents` are the papers it numbered (id, kind and printed number)."""

    case_id: str
    case_number: str
    trigger: str
    source: str
    state: str
    version: int
    documents: tuple[dict[str, Any], ...]
    replayed: bool = False


def advance(work: Work, actor: Actor, command: AdvanceCase) -> Advanced:
    """Move the case, or refuse with reason codes and change nothing.

    In one transaction: lock the case, compare the version seen, gather facts, let the engine decide, write the move,
    the state, the clocks, the audit entry (chained per case), the bookings and the errands. Raises NotFound, Stale
    (someone moved it first), Forbidden (not this person), Invalid (what was said cannot be read), Refused (a rule).
    """
    demand_token(actor, MOVE)
    subject = load_subject(work, number=command.case_number, lock=True)
    digest = _digest(actor, command)
    if command.request_id and (answered := _answered(work, command.request_id, digest)) is not None:
        return answered
    if command.seen_version is not None and command.seen_version != subject.case.version:
        last = subject.moves[-1] if subject.moves else None
        raise Stale(
            "case.stale",
            version=subject.case.version,
            at=last.at.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M") if last else None,
            by=names_of(work, {last.actor_id})[last.actor_id] if last else None,
            state=subject.process.state(subject.case.state).zh,
            state_en=subject.process.state(subject.case.state).en,
        )
    turn, decision = _judge(work, actor, subject, command)
    advanced = _write(turn, decision)
    if command.request_id:
        kept = {
            "request_id": command.request_id,
            "actor_id": actor.id,
            "digest": digest,
            "answer": _answer(advanced),
            "at": work.now,
        }
        try:
            work.connection.execute(_ANSWER, kept)
        except IntegrityError as taken:
            # Another case was moved under this id at the same moment: ids are never shared.
            raise Invalid("case.frozen_request_reused", request_id=command.request_id) from taken
    return advanced


def _judge(work: Work, actor: Actor, subject: Subject, command: AdvanceCase) -> tuple[Turn, Decision]:
    process = subject.process
    standing = standing_on(work, actor, subject)
    _refuse_early(subject, command.trigger, standing)
    details = check_details(process.forms.get(command.trigger, ()), command.details)
    demand_told_before(subject, command.trigger, details)
    rules = rules_of(work, subject.case.rule_set_id)
    calendar = load_calendar(work)
    facts = GATHER[subject.case.kind](work, subject, details=details, rules=rules, calendar=calendar)
    decision = decide(process, subject.case.state, command.trigger, standing=standing, facts=facts)
    if isinstance(decision, Refusal):
        raise refusal_error(decision, subject, **words_for(work, subject, facts, rules=rules))
    if closed := gate(work, actor, subject, decision.move):
        raise Refused(*closed.reasons, case_number=subject.case.number, **closed.words)
    held = capacity(process, decision.move, standing)
    deputy = held if isinstance(held, Deputy) else None
    turn = Turn(
        work, actor, subject, decision.move, decision.source, decision.dest, subject.case.version + 1, details, rules,
        calendar, command.request_id, frozenset({deputy.role}) if deputy else standing.roles, deputy,
    )  # fmt: skip
    return turn, decision


def _refuse_early(subject: Subject, trigger: str, standing: Standing) -> None:
    """Who may not pull this trigger here learns nothing about what should be typed with it."""
    rows = [move for move in subject.process.exits(subject.case.state) if move.trigger == trigger]
    if not rows:
        known = trigger in subject.process.triggers()
        nature = "not_here" if known else "unknown"
        code = "case.move_not_from_this_state" if known else "case.trigger_unknown"
        raise refusal_error(Refusal(nature, trigger, subject.case.state, (code,)), subject)
    if not any(standing.every_role.intersection(move.by) for move in rows):
        raise refusal_error(Refusal("forbidden", trigger, subject.case.state, ("case.role_missing",)), subject)


def refusal_error(refusal: Refusal, subject: Subject, **words: object) -> Refused:
    """The service error that carries an engine refusal to the edges; `words` fill the sentences of its reasons."""
    facts = {
        "case_number": subject.case.number,
        "state": subject.process.state(refusal.state).zh,
        "state_en": subject.process.state(refusal.state).en,
        "trigger": refusal.trigger,
        **words,
    }
    if refusal.nature == "forbidden":
        return Forbidden(*refusal.reasons, **facts)
    if refusal.nature == "unknown":
        return Invalid(*refusal.reasons, **facts)
    return Refused(*refusal.reasons, **facts)


def _write(turn: Turn, decision: Decision) -> Advanced:
    work, case = turn.work, turn.case
    dest = turn.subject.process.state(turn.dest)
    role = _acting_role(turn)
    _write_move(turn, role)
    consequences.write(turn)
    due_on, timer_on = turn_clocks(turn, dated=consequences.dated_limits(turn))
    live = not dest.final and not dest.goal and turn.dest != "DRAFT"
    values = {
        "of_case": case.id,
        "of_version": case.version,
        "new_state": turn.dest,
        "new_stage": dest.stage,
        "new_version": turn.sequence,
        "new_moved_at": work.now,
        "new_due_on": due_on,
        "new_timer_on": timer_on,
        "new_live": live,
        "new_furthest": max(case.furthest, turn.subject.process.milestone(turn.dest)),
    }
    if work.connection.execute(_STATE, values).rowcount != 1:
        raise Stale("case.stale", version=case.version, state=dest.zh, state_en=dest.en)
    stage = ORGANIZATION_STAGE.get(dest.stage)
    if case.kind == "incubation" and stage != turn.subject.organization.incubation_stage:
        set_stage(work, case.organization_id, str(stage))
    if turn.source != turn.dest:
        settle(work, case_id=case.id, by_id=turn.actor.id)
    documents = carry_out(turn, decision.effects)
    later = added_later(turn.subject, turn.move.trigger, turn.details)
    details = {
        "row": turn.move.code,
        "source": turn.source,
        "dest": turn.dest,
        "version": turn.sequence,
        "kind": case.kind,
        "edition": case.edition,
        **({"on_behalf_of": turn.deputy.person_id} if turn.deputy else {}),
        **({"added_later": later} if later else {}),
    }
    record(
        work, stream=case.id, actor=turn.actor, role=role, action=f"case:move:{turn.move.trigger}", object=case.number,
        request_id=turn.request_id, details=details,
    )  # fmt: skip
    return Advanced(case.id, case.number, turn.move.trigger, turn.source, turn.dest, turn.sequence, tuple(documents))


def _acting_role(turn: Turn) -> str:
    if turn.actor.is_system:
        return Role.SYSTEM.value
    return next(role.value for role in turn.move.by if role in turn.roles)


def _write_move(turn: Turn, role: str) -> None:
    values = {
        "id": new_id(),
        "case_id": turn.case.id,
        "sequence": turn.sequence,
        "row": turn.move.code,
        "trigger": turn.move.trigger,
        "source": turn.source,
        "dest": turn.dest,
        "actor_id": turn.actor.id,
        "role": role,
        "duty": "" if turn.actor.is_system else turn.move.duty,
        "at": turn.work.now,
        "on_date": turn.work.today,
        "details": turn.details,
        "request_id": turn.request_id,
    }
    turn.work.connection.execute(_MOVE, values)
    if turn.deputy is not None:
        absent = {"move_id": values["id"], "case_id": turn.case.id, "person_id": turn.deputy.person_id}
        turn.work.connection.execute(_FOR, absent)


def _digest(actor: Actor, command: AdvanceCase) -> str:
    content = [actor.id, command.case_number, command.trigger, command.seen_version, command.details]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _answered(work: Work, request_id: str, digest: str) -> Advanced | None:
    row = work.connection.execute(_ANSWERED, {"wanted": request_id}).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        raise Invalid("case.frozen_request_reused", request_id=request_id)
    answer = row.answer
    return Advanced(
        answer["case_id"],
        answer["case_number"],
        answer["trigger"],
        answer["source"],
        answer["state"],
        answer["version"],
        tuple(answer["documents"]),
        replayed=True,
    )


def _answer(advanced: Advanced) -> dict[str, Any]:
    return {
        "case_id": advanced.case_id,
        "case_number": advanced.case_number,
        "trigger": advanced.trigger,
        "source": advanced.source,
        "state": advanced.state,
        "version": advanced.version,
        "documents": list(advanced.documents),
    }

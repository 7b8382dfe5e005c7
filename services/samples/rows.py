"""Writes the rows of one invented case as the real door would have left them: moves, audit trail, clocks, errands."""

import hashlib
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from services.audit.chain import GENESIS, entry_hash
from services.audit.queries import record_of
from services.calendar import rules as calendar_rules
from services.calendar.rules import WorkingCalendar, months_later
from services.cases.advance import ORGANIZATION_STAGE
from services.cases.clocks import length_of
from services.messages import notice
from services.rulesets.rules import Rules
from services.samples.stories import Person, Step, Story, id_at
from statemachines.roles import Role
from statemachines.table import Effect, Notify, OpenAssessment, Release

Row = dict[str, Any]
_DAY = timedelta(days=1)


class AuditRow:
    """The fields of an audit entry under the names its hash is made from."""

    def __init__(self, values: Row) -> None:
        self.__dict__.update(values)


def case_row(story: Story, *, centre_id: str, rules: Rules, clocks: list[Row]) -> Row:
    """The case as it stands."""
    state = story.process.state(story.state)
    running = [one for one in clocks if one["standing"] == "running"]
    keeper = next((step.actor.id for step in story.steps if step.move.trigger == "begin_preliminary_review"), None)
    over = state.final or state.goal
    return {
        "id": story.id, "number": story.number, "kind": story.kind, "edition": story.process.edition,
        "state": state.name, "stage": state.stage, "version": len(story.steps), "organization_id": story.home.id,
        "centre_id": centre_id, "parent_id": story.parent_id, "earlier_case_id": story.earlier_id,
        "rule_set_id": rules.id, "manager_id": keeper,
        "live": not over and (state.name != "DRAFT" or story.kind != "incubation"),
        "opened_at": story.opened_at, "moved_at": story.moved_at,
        "due_on": min((one["due_on"] for one in running), default=None),
        "timer_on": min((one["due_on"] for one in running if one["fires"]), default=None),
        "furthest": max((story.process.milestone(step.move.dest) for step in story.steps), default=0),
    }  # fmt: skip


def stage_of(story: Story) -> str:
    """The incubation stage of the organization after this case."""
    return ORGANIZATION_STAGE[story.process.state(story.state).stage]


def incubation_row(story: Story, rules: Rules) -> Row:
    """Term, place and results of an incubation."""
    on = {step.move.code: step.at.date() for step in story.steps}
    starts_on = on.get("T15")
    months = rules.number("incubation.term_months")
    ends_on = months_later(starts_on, months) - _DAY if starts_on else None
    if ends_on and "T26" in on:
        ends_on = months_later(ends_on + _DAY, 3) - _DAY
    midterm_on = months_later(starts_on, months // 2) if starts_on else None
    passed = on.get("T18") or on.get("T20")
    suspended = on.get("T22") if story.state == "SUSPENDED" else None
    return {
        "case_id": story.id, "mode": "resident", "room": "二楼共享工位" if "T10" in on else "",
        "plan": "开展邻里互助和居民议事活动", "starts_on": starts_on, "ends_on": ends_on, "midterm_on": midterm_on,
        "midterm_passed_on": passed, "midterm_report_on": midterm_on if "T17" in on else None,
        "midterm_report": {"activities": 6, "beneficiaries": 420} if "T17" in on else None,
        "extended": "T26" in on, "suspended_on": suspended,
        "suspended_to": months_later(suspended, rules.number("incubation.suspension_months")) if suspended else None,
        "suspended_days": 0, "graduated_on": on.get("T32"),
        "barred_to": months_later(on["T39"], rules.number("reentry_months.EXPELLED")) if "T39" in on else None,
    }  # fmt: skip


def clock_rows(story: Story, incubation: Row | None, rules: Rules, calendar: WorkingCalendar) -> list[Row]:
    """The clocks that run in the present state, and those that it pauses."""
    if not story.steps:
        return []
    state, since = story.process.state(story.state), story.entered_on
    found = []
    for limit in state.limits:
        if limit.dated:
            due_on = _dated(limit.key, incubation or {})
            if due_on is None:
                continue
            length, unit = max((due_on - since).days, 0), "calendar_days"
        else:
            clock = calendar_rules.start(calendar, limit.key, limit=length_of(rules, limit.key), today=since)
            due_on, (length, unit) = clock.due_on or since, rules.limit(limit.key)
        found.append(_clock(story, limit.key, limit.fires, length, unit, since, due_on, calendar))
    for key in state.pauses:
        length, unit = rules.limit(key)
        found.append(
            {"case_id": story.id, "key": key, "length": length, "unit": unit, "started_on": since, "used": 1,
             "running_since": None, "due_on": None, "provisional": False, "fires": "", "standing": "paused"}
        )  # fmt: skip
    return found


def _clock(
    story: Story, key: str, fires: str, length: int, unit: str, since: date, due_on: date, calendar: WorkingCalendar
) -> Row:
    return {
        "case_id": story.id, "key": key, "length": length, "unit": unit, "started_on": since, "used": 0,
        "running_since": since, "due_on": due_on, "provisional": calendar.provisional(since, max(since, due_on)),
        "fires": fires, "standing": "running",
    }  # fmt: skip


def _dated(key: str, incubation: Row) -> date | None:
    if key == "midterm":
        return None if incubation["midterm_passed_on"] else incubation["midterm_on"]
    return incubation["ends_on"] if key == "term" else incubation["suspended_to"]


def move_rows(story: Story, chance: random.Random) -> Iterator[Row]:
    """The taken moves."""
    for sequence, step in enumerate(story.steps, start=1):
        yield {
            "id": id_at(chance, step.at), "case_id": story.id, "sequence": sequence, "row": step.move.code,
            "trigger": step.move.trigger, "source": step.source, "dest": step.move.dest, "actor_id": step.actor.id,
            "role": step.role.value, "duty": "" if step.role is Role.SYSTEM else step.move.duty, "at": step.at,
            "on_date": step.at.date(), "details": step.details, "request_id": "",
        }  # fmt: skip


def audit_rows(story: Story, chance: random.Random, *, materials: list[str]) -> Iterator[Row]:
    """The case's trail, chained: its opening, its materials, its panels and every move."""
    told: list[tuple[datetime, Person, str, str, dict[str, Any]]] = []
    applicant = story.people[Role.APPLICANT]
    told.append((story.opened_at, applicant, "applicant", f"case:open:{story.kind}", {}))
    if materials:
        at = story.opened_at + timedelta(minutes=5)
        told.append((at, applicant, "applicant", "case:provide_materials", {"names": materials}))
    for sequence, step in enumerate(story.steps, start=1):
        if step.move.code in ("T08", "T28", "T18", "T19") and story.panel:
            told.append(_convened(story, step))
        details = {
            "row": step.move.code, "source": step.source, "dest": step.move.dest, "version": sequence,
            "kind": story.kind, "edition": story.process.edition,
        }  # fmt: skip
        told.append((step.at, step.actor, step.role.value, f"case:move:{step.move.trigger}", details))
    previous, no_reasons = GENESIS, list[str]()
    for sequence, (at, person, role, action, details) in enumerate(told, start=1):
        row = {
            "id": id_at(chance, at), "stream": story.id, "sequence": sequence, "at": at, "actor_id": person.id,
            "actor_name": person.name, "role": role, "action": action, "object": story.number, "result": "done",
            "reasons": no_reasons, "request_id": "", "details": details, "previous_hash": previous,
        }  # fmt: skip
        row["hash"] = previous = entry_hash(previous, record_of(AuditRow(row)))
        yield row


def _convened(story: Story, step: Step) -> tuple[datetime, Person, str, str, dict[str, Any]]:
    secretary = story.people[Role.ASSESSMENT_SECRETARY]
    panel = [one.username for one in story.panel]
    return step.at - timedelta(minutes=2), secretary, "assessment_secretary", "assessment:appoint", {"panel": panel}


def errand_rows(story: Story, chance: random.Random, papers: dict[tuple[int, str], Row]) -> Iterator[Row]:
    """What the moves owed, all of it done half a minute later."""
    for sequence, step in enumerate(story.steps, start=1):
        for position, effect in enumerate(step.move.then, start=1):
            if effect.inside or isinstance(effect, Release):
                continue
            payload: Row = dict(effect.parameters())
            paper = papers.get((sequence, str(payload.get("document", ""))))
            if paper is not None:
                payload |= {"document_id": paper["id"], "number": paper["number"]}
            yield {
                "id": id_at(chance, step.at), "key": f"{story.id}:{sequence}:{position}", "effect": effect.name,
                "case_id": story.id, "case_number": story.number, "move_sequence": sequence, "payload": payload,
                "created_at": step.at, "due_at": step.at, "attempts": 1, "fence": 1,
                "done_at": step.at + timedelta(seconds=30),
            }  # fmt: skip


def notice_rows(story: Story, chance: random.Random, *, unread_since: datetime) -> Iterator[Row]:
    """What people were told; the older half of it read."""
    for sequence, step in enumerate(story.steps, start=1):
        for position, effect in enumerate(step.move.then, start=1):
            message, roles = _told(story, effect)
            if not roles:
                continue
            title, body = notice(
                message, "zh", organization_name=story.home.name, case_number=story.number,
                reason=step.details.get("reason"),
            )  # fmt: skip
            sent_at = step.at + timedelta(seconds=30)
            for role in roles:
                if (person := story.people.get(role)) is None:
                    continue
                yield {
                    "id": id_at(chance, sent_at), "key": f"{story.id}:{sequence}:{position}", "person_id": person.id,
                    "case_id": story.id, "message": message, "title": title, "body": body, "sent_at": sent_at,
                    "read_at": sent_at + timedelta(hours=3) if sent_at < unread_since else None,
                }  # fmt: skip


def _told(story: Story, effect: Effect) -> tuple[str, tuple[Role, ...]]:
    """What an effect tells and whom; a panel that sits outside of the system is asked of the secretary."""
    if isinstance(effect, Notify):
        return effect.message, effect.to
    if isinstance(effect, OpenAssessment) and not story.panel:
        return "panel_needed", (Role.ASSESSMENT_SECRETARY,)
    return "", ()


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()

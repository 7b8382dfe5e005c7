"""Who holds a case since when and until when, who could do what others can do here, and by which right one looks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.authority.rules import policy
from services.calendar.queries import load_calendar
from services.calendar.rules import CalendarUnknown, WorkingCalendar
from services.cases.addressees import seated_on
from services.cases.turn import Subject
from services.database.work import OFFICE_TIME, Work
from services.desk.queries import Claim, claim_on
from services.people.queries import holding_any, names_of
from services.reviews.queries import review_of
from statemachines.roles import ROLES, Role
from statemachines.table import Move


@dataclass(frozen=True, slots=True)
class OtherMove:
    """A move that leaves the state for somebody else; `by` says for whom."""

    trigger: str
    zh: str
    en: str
    by: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """Who is waited for since when and until when.

    `elapsed` and `left` count working days, None in a year whose holidays are not known; `left` is negative once the
    due day has passed. `names` maps roles to the people who hold them for this case.
    """

    roles: tuple[Role, ...]
    since: datetime
    elapsed: int | None
    due_on: date | None
    left: int | None
    names: dict[Role, tuple[str, ...]]
    claim: Claim | None


def holding(work: Work, subject: Subject, *, asked: Collection[Role] = ()) -> Holding:
    """How the case is held today; the names of the roles waited for and of those `asked` about, in few queries."""
    state = subject.process.state(subject.case.state)
    entered = subject.entered
    since = entered.at if entered is not None else subject.case.opened_at
    calendar, due_on = load_calendar(work), subject.case.due_on
    return Holding(
        state.waits_for,
        since,
        _working_days(calendar, since.astimezone(OFFICE_TIME).date(), work.today),
        due_on,
        None if due_on is None else _working_days(calendar, work.today, due_on),
        holders(work, subject, {*state.waits_for, *asked} - {Role.SYSTEM}),
        claim_on(work, subject.case.id),
    )


def _working_days(calendar: WorkingCalendar, start: date, end: date) -> int | None:
    try:
        return calendar.working_days_between(start, end)
    except CalendarUnknown:
        return None


def holders(work: Work, subject: Subject, roles: Collection[Role]) -> dict[Role, tuple[str, ...]]:
    """Role to the names of those who hold it for this case: its manager, the seated, the applicant's, the office's."""
    plain = {role for role in roles if ROLES[role].scope != "case"}
    found = holding_any(
        work, plain, organization_id=subject.case.organization_id, division_code=subject.organization.home_division
    )
    if Role.CASE_MANAGER in plain and subject.case.manager_id:
        found[Role.CASE_MANAGER] = tuple(names_of(work, {subject.case.manager_id}).values())
    if Role.REVIEW_MEMBER in roles and subject.case.kind == "review":
        found[Role.REVIEW_MEMBER] = tuple(one.name for one in review_of(work, subject.case.id).sitting)
    if Role.EVALUATOR in roles:
        found[Role.EVALUATOR] = tuple(person.name for person in seated_on(work, subject.case.id))
    return found


def others(subject: Subject, roles: Collection[Role]) -> tuple[OtherMove, ...]:
    """What can be done from here by other roles than these, each trigger once."""
    found: dict[str, Move[Any]] = {}
    for move in subject.process.exits(subject.case.state):
        if not set(move.by) & set(roles):
            found.setdefault(move.trigger, move)
    return tuple(OtherMove(one.trigger, one.zh, one.en, one.by) for one in found.values())


def rights(roles: Collection[Role]) -> tuple[tuple[Role, str], ...]:
    """By which of the roles, in which scope, this person may look at the case, as the policy table says."""
    table = policy()
    found = [(role, table[("case:list", role.value)]) for role in roles if ("case:list", role.value) in table]
    return tuple(sorted(found, key=lambda pair: list(Role).index(pair[0])))

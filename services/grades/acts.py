"""What the office does about national grades: records them, and that one was lowered, cancelled or given back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.grades import rules
from services.grades.models import national_grades
from services.grades.queries import LEVELS, Grade, grade_by_id
from services.organizations.models import organizations
from services.people.acts import act, allowed, allowed_in, hold, note, told, unfit

RECORD = "grade:record"
ASSESSOR, BASIS, REASON = ("评估机构", "assessor"), ("公布文件", "announcement"), ("理由", "reason")


@dataclass(frozen=True, slots=True)
class NewGrade:
    """A grade as it was announced; how long it holds follows from the day."""

    organization_id: str
    grade: int
    announced_on: date
    level: str
    assessor: str
    basis: str


def record_grade(database: Database, actor: Actor, new: NewGrade, *, now: datetime) -> str:
    """Record an announced grade of a registered organization; answers its id. Its validity is computed, never typed.

    Forbidden outside the own territory; Invalid for a grade that is none, a day to come or before the first rules;
    Refused for a filed organization (grade.registered_only), while a bar runs (grade.barred), or when it is recorded
    already (grade.known).
    """
    kept = NewGrade(
        new.organization_id, new.grade, new.announced_on, new.level, told(ASSESSOR, new.assessor, longest=80),
        told(BASIS, new.basis, longest=200),
    )  # fmt: skip

    def unit(work: Work) -> str:
        organization = _organization(work, actor, new.organization_id)
        hold(work, f"grades:{new.organization_id}")
        found = _checked(work, kept)
        if organization.legal_status != "REGISTERED":
            raise Refused("grade.registered_only", organization=organization.name)
        identity = _insert(work, actor, kept, found)
        details = {"grade": new.grade, "announced_on": str(new.announced_on), "scheme": found.scheme.key}
        note(work, actor, RECORD, stream=_stream(new.organization_id), object=organization.name, details=details)
        return identity

    return act(
        database, actor, unit, now=now, action=RECORD, stream=_stream(new.organization_id), object=str(new.grade)
    )


def _stream(organization_id: str) -> str:
    return f"grades:{organization_id}"


def _organization(work: Work, actor: Actor, organization_id: str) -> Row[Any]:
    allowed(work, actor, RECORD)
    row = work.connection.execute(select(organizations).where(organizations.c.id == organization_id)).one_or_none()
    if row is None:
        raise NotFound("organization.not_found")
    allowed_in(work, actor, RECORD, division=row.home_division)
    return row


def _checked(work: Work, new: NewGrade) -> rules.Validity:
    if new.grade not in rules.GRADES:
        raise unfit("input.not_a_choice", ("等级", "grade"))
    if new.level not in LEVELS:
        raise unfit("input.not_a_choice", ("评估级别", "level"))
    found = rules.validity(new.announced_on)
    if found is None or new.announced_on > work.today:
        raise unfit("input.out_of_range", ("公布日期", "announced on"))
    rows = work.connection.execute(
        select(national_grades).where(national_grades.c.organization_id == new.organization_id)
    ).all()
    barred = max((row.barred_to for row in rows if row.barred_to is not None), default=None)
    if barred is not None and new.announced_on <= barred:
        raise Refused("grade.barred", until=barred)
    if any(row.announced_on == new.announced_on for row in rows):
        raise Refused("grade.known", announced_on=new.announced_on)
    return found


def _insert(work: Work, actor: Actor, new: NewGrade, found: rules.Validity, *, replaces: str | None = None) -> str:
    identity = new_id()
    work.connection.execute(
        insert(national_grades).values(
            id=identity, organization_id=new.organization_id, grade=new.grade, announced_on=new.announced_on,
            valid_from=found.valid_from, valid_to=found.valid_to, scheme=found.scheme.key, level=new.level,
            assessor=new.assessor, basis=new.basis, standing="held", replaces_id=replaces, recorded_by=actor.id,
            recorded_at=work.now,
        )
    )  # fmt: skip
    return identity


def lower_grade(
    database: Database, actor: Actor, *, grade_id: str, to: int, on: date, reason: str, now: datetime
) -> str:
    """Record that a held grade was lowered: the lower one holds for what is left; answers its id.

    No new application for the years of its version of the rules; the certificate is to come back within their days.
    Invalid unless `to` is lower and the day lies in its validity and has come; Refused (grade.not_held) otherwise.
    """

    def unit(work: Work) -> str:
        found = _ended(work, actor, grade_id, how="lowered", on=on, reason=reason)
        if not 1 <= to < found.grade:
            raise unfit("input.out_of_range", ("降为等级", "lowered to"))
        new = NewGrade(found.organization_id, to, on, found.level, found.assessor, found.basis)
        left = rules.Validity(found.scheme, max(on, found.valid_from), found.valid_to)
        identity = _insert(work, actor, new, left, replaces=grade_id)
        bar = {"barred_to": rules.barred_to(found.scheme, "lowered", on)}
        work.connection.execute(update(national_grades).where(national_grades.c.id == identity).values(**bar))
        details = {"from": found.grade, "to": to, "on": str(on)}
        note(
            work,
            actor,
            "grade:lower",
            stream=_stream(found.organization_id),
            object=found.organization,
            details=details,
        )
        return identity

    return act(database, actor, unit, now=now, action="grade:lower", stream=f"grade:{grade_id}", object=grade_id)


def cancel_grade(database: Database, actor: Actor, *, grade_id: str, on: date, reason: str, now: datetime) -> None:
    """Record that a held grade was cancelled; refusals, bar and return as for lowering."""

    def unit(work: Work) -> None:
        found = _ended(work, actor, grade_id, how="cancelled", on=on, reason=reason)
        details = {"grade": found.grade, "on": str(on)}
        note(
            work,
            actor,
            "grade:cancel",
            stream=_stream(found.organization_id),
            object=found.organization,
            details=details,
        )

    act(database, actor, unit, now=now, action="grade:cancel", stream=f"grade:{grade_id}", object=grade_id)


def _ended(work: Work, actor: Actor, grade_id: str, *, how: str, on: date, reason: str) -> Grade:
    said = told(REASON, reason.replace("\r\n", " ").replace("\n", " "), longest=1000)
    found = grade_by_id(work, grade_id)
    _organization(work, actor, found.organization_id)
    hold(work, _stream(found.organization_id))
    if grade_by_id(work, grade_id).on(on) not in ("held", "coming"):
        raise Refused("grade.not_held")
    if not found.announced_on <= on <= work.today:
        raise Invalid("input.out_of_range", field="on", label="处理日期", label_en="day of the measure")
    work.connection.execute(
        update(national_grades)
        .where(national_grades.c.id == grade_id)
        .values(
            standing=how, ended_on=on, ended_reason=said, barred_to=rules.barred_to(found.scheme, how, on),
            return_by=on + timedelta(days=found.scheme.return_days),
        )
    )  # fmt: skip
    return found


def note_returned(database: Database, actor: Actor, *, grade_id: str, on: date, now: datetime) -> None:
    """Record that certificate and plaque of an ended grade came back; Refused when none is waited for."""

    def unit(work: Work) -> None:
        found = grade_by_id(work, grade_id)
        _organization(work, actor, found.organization_id)
        if found.return_by is None or found.returned_on is not None:
            raise Refused("grade.nothing_to_return")
        if found.ended_on is None or not found.ended_on <= on <= work.today:
            raise Invalid("input.out_of_range", field="on", label="交回日期", label_en="returned on")
        work.connection.execute(update(national_grades).where(national_grades.c.id == grade_id).values(returned_on=on))
        note(work, actor, "grade:return", stream=_stream(found.organization_id), object=found.organization)

    act(database, actor, unit, now=now, action="grade:return", stream=f"grade:{grade_id}", object=grade_id)

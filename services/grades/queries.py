"""Reads of national grades: those of an organization, the whole register, and whose end comes near."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select

from services.actors import Actor
from services.authority.rules import demand
from services.database.work import Work
from services.errors import NotFound
from services.grades.models import national_grades
from services.grades.rules import Scheme, Validity, may_reapply_from, may_reapply_to, scheme_called
from services.organizations.models import organizations
from services.organizations.queries import reachable

LEVELS = ("national", "province", "prefecture", "county")
_LEVELS_ZH = {"national": "全国", "province": "省级", "prefecture": "市级", "county": "县级"}


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade as it was recorded; standing: held | lowered | cancelled, `ended_on` when it is no longer held."""

    id: str
    organization_id: str
    organization: str
    grade: int
    announced_on: date
    valid_from: date
    valid_to: date
    scheme: Scheme
    level: str
    assessor: str
    basis: str
    standing: str
    ended_on: date | None
    ended_reason: str
    barred_to: date | None
    return_by: date | None
    returned_on: date | None

    @property
    def called(self) -> str:
        """5A, as it is said in every language."""
        return f"{self.grade}A"

    @property
    def plaque(self) -> tuple[str, ...]:
        """What a plaque must carry, line by line: level and grade, validity, who assessed, and when."""
        return (
            f"{_LEVELS_ZH[self.level]}社会组织评估等级 {self.called}",
            f"有效期：{_day(self.valid_from)}至{_day(self.valid_to)}",
            f"评估机构：{self.assessor}",
            _day(self.announced_on),
        )

    @property
    def reapply_from(self) -> date:
        """The first day on which the organization may apply again."""
        return may_reapply_from(Validity(self.scheme, self.valid_from, self.valid_to), barred_to=self.barred_to)

    @property
    def reapply_to(self) -> date | None:
        """The last day for that while the grade holds; None where the rules name none."""
        return may_reapply_to(Validity(self.scheme, self.valid_from, self.valid_to))

    def on(self, day: date) -> str:
        """How it stands on a day: coming | held | over | lowered | cancelled."""
        if self.standing != "held":
            return self.standing
        if day < self.valid_from:
            return "coming"
        return "held" if day <= self.valid_to else "over"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _lines() -> Select[Any]:
    return select(national_grades, organizations.c.name.label("organization")).join(
        organizations, organizations.c.id == national_grades.c.organization_id
    )


def _grade(row: Row[Any]) -> Grade:
    return Grade(
        row.id, row.organization_id, row.organization, row.grade, row.announced_on, row.valid_from, row.valid_to,
        scheme_called(row.scheme), row.level, row.assessor, row.basis, row.standing, row.ended_on,
        row.ended_reason or "", row.barred_to, row.return_by, row.returned_on,
    )  # fmt: skip


def grades_of(work: Work, organization_id: str) -> tuple[Grade, ...]:
    """Every grade of the organization, the latest announced first."""
    statement = _lines().where(national_grades.c.organization_id == organization_id)
    order = national_grades.c.announced_on.desc(), national_grades.c.recorded_at.desc()
    return tuple(_grade(row) for row in work.connection.execute(statement.order_by(*order)))


def grade_by_id(work: Work, grade_id: str) -> Grade:
    """One grade; NotFound when there is none."""
    row = work.connection.execute(_lines().where(national_grades.c.id == grade_id)).one_or_none()
    if row is None:
        raise NotFound("grade.not_found")
    return _grade(row)


def grades(work: Work, actor: Actor, *, limit: int = 1_000) -> tuple[Grade, ...]:
    """The grades of the organizations the actor may know of, the ones that end first before the others.

    Forbidden for who may list no organizations.
    """
    demand(actor, "organization:list")
    statement = _lines().where(*reachable(actor)).order_by(national_grades.c.valid_to, national_grades.c.id)
    return tuple(_grade(row) for row in work.connection.execute(statement.limit(limit)))


def ending_by(work: Work, last: date) -> tuple[Grade, ...]:
    """Held grades that end between today and that day."""
    statement = _lines().where(
        national_grades.c.standing == "held", national_grades.c.valid_to >= work.today,
        national_grades.c.valid_to <= last,
    )  # fmt: skip
    return tuple(_grade(row) for row in work.connection.execute(statement.order_by(national_grades.c.valid_to)))


def grades_held(work: Work, organization_ids: Iterable[str], *, day: date) -> dict[str, int]:
    """Organization id to the grade it holds on that day, in one query; who holds none is not in it."""
    rows = work.connection.execute(
        select(national_grades.c.organization_id, national_grades.c.grade)
        .where(
            national_grades.c.organization_id.in_(list(organization_ids)), national_grades.c.standing == "held",
            national_grades.c.valid_from <= day, national_grades.c.valid_to >= day,
        )
        .order_by(national_grades.c.announced_on)
    )  # fmt: skip
    return {row.organization_id: row.grade for row in rows}

"""Messages on a case: who writes to whom, who may read which, who is told, and what is unread."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, insert, or_, select, true, update

from services.actors import Actor
from services.authority.rules import demand, policy
from services.cases.addressees import recipients
from services.cases.lists import demand_seen, may_see
from services.cases.models import case_looks, case_remarks
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid
from services.messages import notice
from services.notices.commands import tell
from services.people.acts import act, note
from services.people.models import persons
from services.people.queries import PersonLine
from statemachines.roles import Role

LONGEST = 2000
MOST_SHOWN = 200
_LABEL = {"label": "留言", "label_en": "message"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One message as its reader sees it; `unread` when it came after the reader's last look and is of somebody else."""

    id: str
    author: str
    side: str
    audience: str
    text: str
    at: datetime
    own: bool
    unread: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages one person may read on a case, oldest first, and to whom that person may write.

    `readers` names, for each audience open to the writer, who besides the offices will see a message.
    """

    number: str
    organization: str
    remarks: tuple[Remark, ...]
    side: str
    audiences: tuple[str, ...]
    readers: dict[str, tuple[str, ...]]

    @property
    def unread(self) -> int:
        """How many the person has not looked at."""
        return sum(one.unread for one in self.remarks)


def side_of(roles: Iterable[Role]) -> str:
    """On which side of the case a person with these roles on it stands: applicant, evaluator, office or none ("").

    The narrowest side wins, so that a second role never opens what the first one must not read.
    """
    held = frozenset(roles)
    if Role.APPLICANT in held:
        return "applicant"
    if Role.EVALUATOR in held:
        return "evaluator"
    reads = any(policy().get(("document:read", role.value)) in ("centre", "territory") for role in held)
    return "office" if reads else ""


def readable_by(side: str) -> ColumnElement[bool]:
    """The SQL condition on messages the person `:reader` of that side may read; evaluators never read each other's."""
    if side == "office":
        return true()
    if side == "applicant":
        return case_remarks.c.audience == "applicant"
    if side == "evaluator":
        own = case_remarks.c.author_id == bindparam("reader")
        return and_(case_remarks.c.audience == "evaluators", or_(own, case_remarks.c.side == "office"))
    return false()


_LOOKED = and_(case_looks.c.case_id == case_remarks.c.case_id, case_looks.c.person_id == bindparam("reader"))
_FRESH = and_(
    case_remarks.c.author_id != bindparam("reader"),
    or_(case_looks.c.remarks_at.is_(None), case_remarks.c.at > case_looks.c.remarks_at),
)
SIDES = ("office", "applicant", "evaluator", "")
# Made once, since making a statement costs more than running it.
_COUNTS = {
    side: select(func.count(), func.coalesce(func.sum(case((_FRESH, 1), else_=0)), 0))
    .select_from(case_remarks)
    .outerjoin(case_looks, _LOOKED)
    .where(case_remarks.c.case_id == bindparam("of_case"), readable_by(side))
    for side in SIDES
}
_MESSAGES = {
    side: select(case_remarks, persons.c.name, case_looks.c.remarks_at)
    .join(persons, persons.c.id == case_remarks.c.author_id)
    .outerjoin(case_looks, _LOOKED)
    .where(case_remarks.c.case_id == bindparam("of_case"), readable_by(side))
    .order_by(case_remarks.c.at.desc(), case_remarks.c.id.desc())
    .limit(MOST_SHOWN)
    for side in SIDES
}


def unread_on(work: Work, actor: Actor, *, case_id: str, roles: frozenset[Role]) -> tuple[int, int]:
    """(messages this person may read, how many of them are unread) on a case the person may see."""
    asked = {"of_case": case_id, "reader": actor.id}
    row = work.connection.execute(_COUNTS[side_of(roles)], asked).one()
    return int(row[0]), int(row[1])


def conversation(work: Work, actor: Actor, number: str) -> Conversation:
    """The messages on the case; NotFound when the person may not see it."""
    subject, side = _place(work, actor, number)
    rows = work.connection.execute(_MESSAGES[side], {"of_case": subject.case.id, "reader": actor.id}).all()
    audiences = _audiences(work, actor, subject, side)
    readers = {one: tuple(person.name for person in people) for one, people in audiences.items()}
    remarks = tuple(_remark(row, actor) for row in reversed(rows))
    shown = readers if side == "office" else {}
    return Conversation(number, subject.organization.name, remarks, side, tuple(audiences), shown)


def _remark(row: Any, actor: Actor) -> Remark:
    own = row.author_id == actor.id
    unread = not own and (row.remarks_at is None or row.at > row.remarks_at)
    return Remark(row.id, row.name, row.side, row.audience, row.text, row.at, own, unread)


def _place(work: Work, actor: Actor, number: str) -> tuple[Subject, str]:
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    return subject, side_of(standing_on(work, actor, subject).roles)


def _audiences(work: Work, actor: Actor, subject: Subject, side: str) -> dict[str, tuple[PersonLine, ...]]:
    """Audience to who besides the offices reads it, for whoever may write; evaluators only while some are seated."""
    if not any(("case:remark", role.value) in policy() for role in actor.roles):
        return {}
    if side == "evaluator":
        return {"evaluators": ()}
    if side not in ("office", "applicant"):
        return {}
    applicants = recipients(work, subject, Role.APPLICANT)
    if side == "applicant":
        return {"applicant": applicants}
    seated = recipients(work, subject, Role.EVALUATOR)
    found: dict[str, tuple[PersonLine, ...]] = {"offices": (), "applicant": applicants}
    return found | ({"evaluators": seated} if seated else {})


def write_remark(
    database: Database, actor: Actor, *, number: str, audience: str, text: str, request_id: str, now: datetime
) -> None:
    """Write a message on a case and tell those it is for; the same request writes once.

    Invalid without text, with too much of it, or for an audience the writer does not have; Forbidden for whoever may
    only look; NotFound for a case the person may not see.
    """
    said = _said(text)

    def unit(work: Work) -> None:
        demand(actor, "case:remark")
        subject, side = _place(work, actor, number)
        audiences = _audiences(work, actor, subject, side)
        if not audiences:
            raise Forbidden("access.forbidden", action="case:remark")
        if audience not in audiences:
            raise Invalid("input.not_a_choice", field="audience", label="谁能看到", label_en="readers")
        if _written(work, actor, request_id):
            return
        identity = new_id()
        values = {"case_id": subject.case.id, "author_id": actor.id, "side": side, "audience": audience}
        work.connection.execute(
            insert(case_remarks).values(id=identity, text=said, at=work.now, request_id=request_id, **values)
        )
        for person in _told(work, actor, subject, side, audience):
            title, body = notice(
                "remark_written", person.language, organization_name=subject.organization.name,
                case_number=subject.case.number,
            )  # fmt: skip
            tell(
                work, key=f"remark:{identity}", person_id=person.id, case_id=subject.case.id,
                message="remark_written", title=title, body=body,
            )  # fmt: skip
        note(work, actor, "case:remark", stream=subject.case.id, object=number, details={"audience": audience})

    act(database, actor, unit, now=now, action="case:remark", stream="remarks", object=number)


def _said(text: str) -> str:
    said = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not said:
        raise Invalid("input.missing", field="text", **_LABEL)
    if len(said) > LONGEST:
        raise Invalid("input.too_long", field="text", longest=LONGEST, **_LABEL)
    if any(unicodedata.category(one) in {"Cc", "Cf", "Cs"} and one not in "\n\t\u200d" for one in said):
        raise Invalid("input.control_character", field="text", **_LABEL)
    return said


def _written(work: Work, actor: Actor, request_id: str) -> bool:
    known = select(case_remarks.c.id).where(
        case_remarks.c.author_id == actor.id, case_remarks.c.request_id == request_id
    )
    return work.connection.execute(known).first() is not None


def _told(work: Work, actor: Actor, subject: Subject, side: str, audience: str) -> tuple[PersonLine, ...]:
    """Who is told of a new message: those it is for, and of the offices whoever looks after the case or wrote there."""
    found: list[PersonLine] = []
    if side == "office" and audience == "applicant":
        found += recipients(work, subject, Role.APPLICANT)
    if side == "office" and audience == "evaluators":
        found += recipients(work, subject, Role.EVALUATOR)
    if side == "evaluator":
        found += recipients(work, subject, Role.ASSESSMENT_SECRETARY)
    else:
        found += _concerned(work, subject, audience)
    return tuple({one.id: one for one in found if one.id != actor.id}.values())


def _concerned(work: Work, subject: Subject, audience: str) -> tuple[PersonLine, ...]:
    """The people of the offices in this conversation: who wrote in it, and the case's manager or the intake clerks."""
    wrote = work.connection.execute(
        select(persons.c.id, persons.c.username, persons.c.name, persons.c.language)
        .join(case_remarks, case_remarks.c.author_id == persons.c.id)
        .where(
            case_remarks.c.case_id == subject.case.id, case_remarks.c.audience == audience,
            case_remarks.c.side == "office", persons.c.disabled.is_(False),
        )
        .distinct()
    )  # fmt: skip
    looks_after = Role.CASE_MANAGER if subject.case.manager_id else Role.INTAKE_CLERK
    people = [PersonLine(row.id, row.username, row.name, row.language, False, ()) for row in wrote]
    return (*people, *recipients(work, subject, looks_after))


def note_remarks_read(work: Work, actor: Actor, number: str) -> None:
    """Remember that the person has looked at every message; for a case that may not be seen nothing changes."""
    if not may_see(work, actor, number):
        return
    subject = load_subject(work, number=number)
    remember(work, actor, subject.case.id, remarks_at=work.now)


def remember(work: Work, actor: Actor, case_id: str, **seen: Any) -> None:
    """Keep up to where the person has looked at a case."""
    where = and_(case_looks.c.case_id == case_id, case_looks.c.person_id == actor.id)
    if work.connection.execute(update(case_looks).where(where).values(**seen)).rowcount == 0:
        work.connection.execute(insert(case_looks).values(case_id=case_id, person_id=actor.id, **seen))

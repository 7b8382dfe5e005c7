"""How a case stands, for whoever knows its number and a telephone of its organization; and how often one may ask."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update

from services.applications.models import progress_questions
from services.applications.queries import written
from services.applications.telephones import normalized
from services.cases.models import cases
from services.cases.turn import Subject, load_subject
from services.database.work import Work
from services.organizations.queries import leader_phone_of
from services.people.acts import hold
from services.protection.sealing import blind_index
from statemachines.roles import Role
from statemachines.table import State

WINDOW = timedelta(minutes=15)
MOST_PER_ADDRESS = 20
MOST_WRONG_PER_CASE = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One place the case came to, and when."""

    on: date
    state: State


@dataclass(frozen=True, slots=True)
class Progress:
    """What may be known without signing in: numbers, places and days; nothing about anybody."""

    number: str
    opened_on: date
    state: State
    steps: tuple[Step, ...]
    due_on: date | None
    waits_for_applicant: bool
    path: tuple[str, ...]
    kind: str
    edition: int


def seconds_to_wait(work: Work, address: str) -> int:
    """Count one question from that address; 0 when it may be answered, else the seconds until the next may be."""
    work.connection.execute(delete(progress_questions).where(progress_questions.c.since < work.now - timedelta(days=1)))
    return _count(work, "address", address, most=MOST_PER_ADDRESS)


def note_wrong(work: Work, number: str) -> None:
    """Count one wrong answer for that number, whether there is such a case or not."""
    _count(work, "number", number, most=MOST_WRONG_PER_CASE)


def seconds_closed(work: Work, number: str) -> int:
    """How long that number is closed to questions, since too many wrong telephones were tried; 0 when it is open."""
    row = work.connection.execute(
        select(progress_questions).where(progress_questions.c.subject == _subject("number", number))
    ).one_or_none()
    if row is None or row.asked < MOST_WRONG_PER_CASE or row.since + WINDOW <= work.now:
        return 0
    return int((row.since + WINDOW - work.now).total_seconds()) + 1


def _subject(kind: str, asked: str) -> str:
    """Neither addresses nor numbers somebody typed are kept, only what tells one from another."""
    return hashlib.sha256(blind_index("progress_questions", kind, asked).encode()).hexdigest()


def _count(work: Work, kind: str, asked: str, *, most: int) -> int:
    subject = _subject(kind, asked)
    hold(work, subject)
    row = work.connection.execute(
        select(progress_questions).where(progress_questions.c.subject == subject)
    ).one_or_none()
    if row is None:
        work.connection.execute(insert(progress_questions).values(subject=subject, asked=1, since=work.now))
        return 0
    fresh = row.since + WINDOW <= work.now
    if not fresh and row.asked >= most:
        return int((row.since + WINDOW - work.now).total_seconds()) + 1
    work.connection.execute(
        update(progress_questions)
        .where(progress_questions.c.subject == subject)
        .values(asked=1 if fresh else row.asked + 1, since=work.now if fresh else row.since)
    )
    return 0


def progress_of(work: Work, *, number: str, telephone: str) -> Progress | None:
    """How the case stands; None when there is none of that number or the telephone is not one of its organization.

    Both are looked up in the same way and take the same time, so that a number cannot be guessed by either.
    """
    found = work.connection.execute(select(cases.c.id).where(cases.c.number == number.strip().upper())).scalar()
    # For a number that does not exist another case is looked at just as long, and never told of.
    other = work.connection.execute(select(cases.c.id).order_by(cases.c.id).limit(1)).scalar()
    if other is None:
        return None
    subject = load_subject(work, case_id=found or other)
    asked = normalized(telephone) or "?"
    fits = [hmac.compare_digest(one.encode(), asked.encode()) for one in _telephones(work, subject)]
    return _progress(subject) if found and any(fits) else None


def _telephones(work: Work, subject: Subject) -> tuple[str, ...]:
    people = written(work, subject.case.id).get("people")
    told = people.content if people else {}
    given = (
        leader_phone_of(subject.organization),
        str(told.get("leader_phone", "")),
        str(told.get("contact_phone", "")),
    )
    return tuple(normalized(one) or "" for one in given)


def _progress(subject: Subject) -> Progress:
    process = subject.process
    state = process.state(subject.case.state)
    moved = [move for move in subject.moves if move.source != move.dest]
    return Progress(
        number=subject.case.number,
        opened_on=subject.case.opened_at.date(),
        state=state,
        steps=tuple(Step(move.on_date, process.state(move.dest)) for move in reversed(moved)),
        due_on=subject.case.due_on,
        waits_for_applicant=Role.APPLICANT in state.waits_for,
        path=tuple(move.dest for move in moved),
        kind=subject.case.kind,
        edition=subject.case.edition,
    )

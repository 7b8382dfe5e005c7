"""What an applicant does with an application: begins the form, writes, signs, submits and corrects it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.applications import commands as applications
from services.applications.form import SECTIONS, section_named
from services.applications.queries import consented, digest_of, is_begun, written
from services.applications.rules import LONGEST_TYPED, MOST_ROWS, OPEN_STATES
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.lists import demand_seen
from services.cases.noting import noted
from services.cases.sections import Problem, checked
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.organizations.models import organization_posts
from services.people.acts import note
from statemachines.roles import Role

SENSITIVE = tuple(one.name for one in SECTIONS if one.sensitive)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving a section: its revision, and what is still to be put right."""

    revision: int
    problems: tuple[Problem, ...]


def own_application(work: Work, actor: Actor, number: str, *, states: Sequence[str] = OPEN_STATES) -> Subject:
    """The locked case, with its applicant or the intake clerk before it.

    NotFound for whom the case is not to be known, Forbidden for everybody else, Refused outside of `states`.
    """
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number, lock=True)
    if not standing_on(work, actor, subject).roles & {Role.APPLICANT, Role.INTAKE_CLERK}:
        raise Forbidden("case.role_missing", case_number=number)
    if subject.case.kind != "incubation":
        raise NotFound("case.not_found", case_number=number)
    if subject.case.state not in states:
        state = subject.process.state(subject.case.state)
        raise Refused("application.not_open", case_number=number, state=state.zh, state_en=state.en)
    return subject


def is_assisting(roles: frozenset[Role]) -> bool:
    """Whether who stands so to a case hands in for its applicant (代办), and not as one."""
    return Role.INTAKE_CLERK in roles and Role.APPLICANT not in roles


def leads(work: Work, actor: Actor, organization_id: str) -> bool:
    """Whether the person is on record as the organization's leader today."""
    rows = work.connection.execute(
        select(organization_posts.c.held_from, organization_posts.c.held_to).where(
            organization_posts.c.organization_id == organization_id,
            organization_posts.c.person_id == actor.id,
            organization_posts.c.post == "leader",
        )
    )
    return any(row.held_from <= work.today and (row.held_to is None or row.held_to >= work.today) for row in rows)


def begin_form(database: Database, actor: Actor, *, number: str, now: datetime) -> None:
    """Begin the form of a draft; from then on it is complete and signed before it is submitted."""

    def unit(work: Work) -> None:
        subject = own_application(work, actor, number, states=("DRAFT",))
        applications.begin(work, actor, subject.case.id)
        note(work, actor, "application:begin", stream=subject.case.id, object=number)

    noted(database, actor, unit, now=now, number=number, action="application:begin", spared=(Invalid,))


def save_section(
    database: Database, actor: Actor, *, number: str, section: str, typed: Mapping[str, Any], seen: int, now: datetime
) -> Saved:
    """Keep what was typed, finished or not; answers what is still to be put right.

    Refused while the application is not with its applicant, and for personal data before consent; Stale when somebody
    wrote in the section since revision `seen`; Invalid for what no field could hold.
    """
    form = section_named(section)
    if form is None or not form.fields:
        raise NotFound("access.not_found")
    _bearable(typed)
    content, problems = checked(form, typed)

    def unit(work: Work) -> Saved:
        subject = own_application(work, actor, number)
        if not is_begun(work, subject.case.id):
            raise Refused("application.not_begun", case_number=number)
        if form.sensitive and not consented(work, subject.case.id):
            raise Refused("application.consent_missing", case_number=number)
        if form.name == "consent":
            _consent(work, actor, subject, agreed=not problems)
        revision = applications.write_section(
            work, actor, subject.case.id, section=section, content=typed if problems else content,
            complete=not problems, seen=seen,
        )  # fmt: skip
        return Saved(revision, problems)

    return run(database, now, unit)


def _consent(work: Work, actor: Actor, subject: Subject, *, agreed: bool) -> None:
    identity, number = subject.case.id, subject.case.number
    had = consented(work, identity)
    if agreed and not had:
        applications.give_consent(work, actor, identity)
        note(work, actor, "application:consent", stream=identity, object=number)
    if not agreed and had:
        if subject.case.state != "DRAFT":
            raise Refused("application.consent_bound", case_number=number)
        applications.withdraw_consent(work, identity, sensitive=SENSITIVE)
        note(work, actor, "application:withdraw_consent", stream=identity, object=number)


def save_answers(
    database: Database, actor: Actor, *, number: str, answers: Sequence[str], seen: int, now: datetime
) -> int:
    """Keep the answers to the present list of corrections until they are handed in; answers the new revision."""
    _bearable({"answers": [{"answer": one} for one in answers]})

    def unit(work: Work) -> int:
        subject = own_application(work, actor, number, states=("CORRECTION",))
        if not is_begun(work, subject.case.id):
            raise Refused("application.not_begun", case_number=number)
        return applications.write_section(
            work, actor, subject.case.id, section=answers_section(subject), content={"answers": list(answers)},
            complete=True, seen=seen,
        )  # fmt: skip

    return run(database, now, unit)


def answers_section(subject: Subject) -> str:
    """Where the answers to the latest list of corrections are kept; each list has its own place."""
    return f"answers_{sum(move.trigger == 'request_correction' for move in subject.moves)}"


def _bearable(typed: Mapping[str, Any]) -> None:
    for name, value in typed.items():
        rows = value if isinstance(value, list) else [{name: value}]
        if len(rows) > MOST_ROWS or any(len(text) > LONGEST_TYPED for row in rows for text in row.values()):
            raise Invalid("input.too_long", field=name, label=name, longest=LONGEST_TYPED)


def sign_off(database: Database, actor: Actor, *, number: str, digest: str, now: datetime) -> None:
    """The leader signs what `digest` stands for. Forbidden for others; Refused when it was edited since it was shown,
    or while something is still to be written.
    """

    def unit(work: Work) -> None:
        subject = own_application(work, actor, number)
        _sign(work, actor, subject, digest=digest)

    noted(database, actor, unit, now=now, number=number, action="application:sign_off", spared=(Invalid,))


def _sign(work: Work, actor: Actor, subject: Subject, *, digest: str) -> None:
    if not leads(work, actor, subject.case.organization_id):
        raise Forbidden("application.only_leader_signs", case_number=subject.case.number)
    if digest != digest_of(work, subject.case.id):
        raise Refused("application.edited_since", case_number=subject.case.number)
    applications.sign_off(work, actor, subject.case.id, content_sha256=digest)
    note(
        work, actor, "application:sign_off", stream=subject.case.id, object=subject.case.number,
        details={"content_sha256": digest},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandIn:
    """The wish to hand an application in: what was on the screen, what its sender declares, whether they sign too.

    A clerk who hands it in for its applicant says that the leader signed on paper, and why it is entered here (代办).
    """

    number: str
    seen_version: int
    digest: str
    declared: bool = False
    signs: bool = False
    answers: tuple[str, ...] = ()
    request_id: str = ""
    signed_on_paper: bool = False
    assisted_because: str = ""


def hand_in(database: Database, actor: Actor, wish: HandIn, *, now: datetime) -> Advanced:
    """Submit the draft, or hand the corrected application in again, through the one door.

    A leader who hands in signs in the same step; a clerk does it on the applicant's behalf, from paper. Consents and
    commitments are those on record, not what a form says. Refused for every reason of the process, among them that the
    leader has not signed exactly this content.
    """

    def unit(work: Work) -> Advanced:
        demand_seen(work, actor, wish.number)
        subject = load_subject(work, number=wish.number, lock=True)
        if not wish.declared:
            raise Refused("application.not_declared", case_number=wish.number)
        correcting = subject.case.state == "CORRECTION"
        assisted = is_assisting(standing_on(work, actor, subject).every_role)
        if wish.signs and subject.case.state in OPEN_STATES and is_begun(work, subject.case.id):
            _sign(work, actor, subject, digest=wish.digest)
        trigger = f"{'resubmit' if correcting else 'submit'}{'_assisted' if assisted else ''}"
        details = _answers(work, subject, wish) if correcting else _agreed(work, subject.case.id)
        if assisted:
            because = wish.assisted_because.strip()
            details |= {"signed_on_paper": wish.signed_on_paper, "assisted_because": because}
        return advance(work, actor, AdvanceCase(wish.number, trigger, wish.seen_version, details, wish.request_id))

    return noted(database, actor, unit, now=now, number=wish.number, action="application:hand_in", spared=(Invalid,))


def _answers(work: Work, subject: Subject, wish: HandIn) -> dict[str, Any]:
    """What was kept, since that is what the leader signed; on paper, what is said with the move itself."""
    answers: Sequence[str] = wish.answers
    if is_begun(work, subject.case.id):
        kept = written(work, subject.case.id).get(answers_section(subject))
        answers = kept.content.get("answers", ()) if kept else ()
    return {"answers": [{"answer": one} for one in answers if one.strip()]}


def _agreed(work: Work, case_id: str) -> dict[str, Any]:
    committed = written(work, case_id).get("commitments")
    return {
        "privacy_notice_accepted": consented(work, case_id),
        "commitments_accepted": committed is not None and committed.complete,
    }

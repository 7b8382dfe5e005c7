"""申请回避: the applicant asks that an evaluator step aside, and the office rules on it before scores are opened."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, update

from services.actors import Actor
from services.assessments import commands as assessments
from services.assessments.concluding import conclude
from services.assessments.queries import Round, SeatLine, latest_round, round_by_id, rounds_of
from services.authority.rules import demand, scopes
from services.cases.facts.incubation import FORM_OF_STATE
from services.cases.lists import demand_seen
from services.cases.noting import acted, noted
from services.cases.panels import acted_on, keep_one, named_person, one_more, refuse_former
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.cases.voided import VoidedLine, voided_of
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Forbidden, NotFound, Refused
from services.evaluators.models import recusal_petitions
from services.evaluators.petitions import Petition, open_petitions, petition, petitions_of
from services.messages import notice
from services.notices.commands import tell
from services.people.acts import told
from services.people.queries import actor_by_id, people_holding
from services.rulesets.commands import rules_of
from statemachines.roles import Role

ASK, RULE, READ = "recusal:petition", "recusal:rule", "recusal:read"
NOTICES = ("recusal_petitioned", "recusal_ruled")
"""What is told of a petition: to the secretaries that it waits, to the petitioner how it was ruled on."""

NOTICE_MOVES = ("open_admission_review", "open_graduation_review")
"""The moves with which the review notice (D05) goes out: it names the panel and the last day to ask for a recusal."""


@dataclass(frozen=True, slots=True)
class PetitionLine:
    """One petition as its page tells it."""

    id: str
    evaluator: str
    grounds: str
    lodged_at: datetime
    ruling: str | None
    ruling_reason: str
    ruled_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecusalPage:
    """What stands about recusal on a case: until when one may ask, against whom, what was asked, what was voided."""

    case_number: str
    organization: str
    due_on: date | None
    may_ask: bool
    may_rule: bool
    seats: tuple[SeatLine, ...]
    petitions: tuple[PetitionLine, ...]
    rounds: tuple[Round, ...]
    voided: tuple[VoidedLine, ...]


def _window(subject: Subject) -> date | None:
    """The last day to ask, by the notice that belongs to the present stay; None when none went out."""
    entered = subject.entered
    if entered is None or entered.trigger not in NOTICE_MOVES:
        return None
    return date.fromisoformat(str(entered.details["recusal_due_on"]))


def _present(work: Work, subject: Subject) -> Round | None:
    form = FORM_OF_STATE.get(subject.case.state)
    return latest_round(work, subject.case.id, form) if form and subject.case.state.endswith("_REVIEW") else None


def lodge_petition(database: Database, actor: Actor, *, number: str, seat_id: str, grounds: str, now: datetime) -> str:
    """Ask that an evaluator step aside; answers the petition's id. The office is told.

    Forbidden for anyone but the organization's own people; Refused outside of the time the review notice sets
    (recusal.not_open, recusal.window_closed), once the round is concluded (recusal.scores_open), for one who does
    not sit (recusal.not_sitting) and while another petition against the same evaluator waits.
    """
    why = told(("理由", "grounds"), grounds, longest=1000)

    def unit(work: Work) -> str:
        demand(actor, ASK)
        subject = load_subject(work, number=number, lock=True)
        if Role.APPLICANT not in standing_on(work, actor, subject).roles:
            raise Forbidden("case.role_missing", case_number=number)
        present = _demand_open(work, subject)
        if not any(seat.seat_id == seat_id for seat in present.sitting):
            raise Refused("recusal.not_sitting")
        if any(one.seat_id == seat_id for one in open_petitions(work, present.id)):
            raise Refused("recusal.already_petitioned")
        identity = new_id()
        work.connection.execute(
            insert(recusal_petitions).values(
                id=identity, case_id=subject.case.id, assessment_id=present.id, seat_id=seat_id,
                petitioner_id=actor.id, grounds=why, lodged_at=work.now,
            )
        )  # fmt: skip
        acted(work, actor, subject, ASK, {"petition": identity, "seat": seat_id})
        for one in people_holding(work, Role.ASSESSMENT_SECRETARY):
            _tell(work, subject, one.id, "recusal_petitioned", key=f"{identity}:lodged")
        return identity

    return noted(database, actor, unit, now=now, number=number, action=ASK)


def _demand_open(work: Work, subject: Subject) -> Round:
    """The round against whose panel one may ask today."""
    last, present = _window(subject), _present(work, subject)
    if last is None or present is None:
        raise Refused("recusal.not_open", case_number=subject.case.number)
    if last < work.today:
        raise Refused("recusal.window_closed", due_on=last)
    if present.concluded_at is not None:
        raise Refused("recusal.scores_open")
    return present


def _tell(work: Work, subject: Subject, person_id: str, message: str, *, key: str, reason: str = "") -> None:
    person = actor_by_id(work, person_id)
    facts = {"organization_name": subject.organization.name, "case_number": subject.case.number, "reason": reason}
    title, body = notice(message, person.language, **facts)
    tell(work, key=key, person_id=person.id, case_id=subject.case.id, message=message, title=title, body=body)


def rule_on_petition(
    database: Database, actor: Actor, *, petition_id: str, granted: bool, reason: str, coming: str = "",
    by_hand: str = "", now: datetime,
) -> None:  # fmt: skip
    """Rule on a petition with reasons; granted, the seat is emptied and another evaluator drawn (or named) for it.

    Refused when it was ruled on before, and when nobody can be seated instead. What the petition held up goes on: a
    round whose sheets are all locked concludes with the ruling. The petitioner is told.
    """
    why = told(("裁定理由", "reasons of the ruling"), reason, longest=1000)

    def unit(work: Work) -> None:
        demand(actor, RULE)
        found = petition(work, petition_id)
        if found is None:
            raise NotFound("recusal.petition_not_found")
        subject = load_subject(work, case_id=found.case_id, lock=True)
        values = {"ruling": "granted" if granted else "refused", "ruling_reason": why, "ruled_by": actor.id}
        still = (recusal_petitions.c.id == petition_id, recusal_petitions.c.ruling.is_(None))
        if work.connection.execute(
            update(recusal_petitions).where(*still).values(**values, ruled_at=work.now)
        ).rowcount != 1:  # fmt: skip
            raise Refused("recusal.already_ruled")
        details = {"petition": petition_id, "granted": granted}
        if granted:
            details |= seat_instead(
                work, actor, subject, assessment_id=found.assessment_id, seat_id=found.seat_id, coming=coming,
                by_hand=by_hand,
            )  # fmt: skip
        else:
            conclude(work, round_by_id(work, found.assessment_id), rules_of(work, subject.case.rule_set_id))
        acted(work, actor, subject, RULE, details)
        _tell(work, subject, found.petitioner_id, "recusal_ruled", key=f"{petition_id}:ruled", reason=why)

    run(database, now, unit)


def seat_instead(
    work: Work, actor: Actor, subject: Subject, *, assessment_id: str, seat_id: str, coming: str, by_hand: str
) -> dict[str, object]:
    """Empty a seat, locked or not, and seat whoever is drawn or named; answers what the audit entry tells of it."""
    present = round_by_id(work, assessment_id)
    leaving = next(seat for seat in present.seats if seat.seat_id == seat_id)
    named = named_person(work, coming) if coming else ""
    found = one_more(work, actor, subject, present, named=named, by_hand=by_hand)
    refuse_former(work, subject, (found.person,))
    assessments.vacate(work, seat_id)
    assessments.replace_evaluator(
        work, assessment_id=assessment_id, leaving_id=leaving.person_id, coming_id=found.person,
        organization_id=subject.case.organization_id, excluded=acted_on(subject) | {actor.id},
    )  # fmt: skip
    return dict(keep_one(work, actor, subject, found, assessment_id=assessment_id, purpose="replacement"))


def recusal_page(work: Work, actor: Actor, number: str) -> RecusalPage:
    """What stands about recusal on the case; the applicant sees the own petitions, the office what was voided too.

    NotFound for who may not know of the case, Forbidden for whoever has no part in recusals.
    """
    demand(actor, READ)
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    office = "centre" in scopes(actor, READ)
    own = Role.APPLICANT in standing_on(work, actor, subject).roles
    last, present = _window(subject), _present(work, subject)
    petitions = petitions_of(work, subject.case.id)
    rounds = {one.id: one for one in rounds_of(work, subject.case.id)}
    running = present is not None and present.concluded_at is None
    open_now = running and last is not None and last >= work.today
    waited = {one.seat_id for one in petitions if one.ruling is None}
    sitting = present.sitting if present is not None and (office or open_now) else ()
    return RecusalPage(
        number, subject.organization.name, last, own and open_now, bool(scopes(actor, RULE)),
        tuple(seat for seat in sitting if seat.seat_id not in waited),
        tuple(_line(one, rounds[one.assessment_id]) for one in petitions), tuple(rounds.values()) if office else (),
        voided_of(work, subject.case.id) if office else (),
    )  # fmt: skip


def _line(one: Petition, present: Round) -> PetitionLine:
    name = next(seat.name for seat in present.seats if seat.seat_id == one.seat_id)
    return PetitionLine(one.id, name, one.grounds, one.lodged_at, one.ruling, one.ruling_reason, one.ruled_at)

"""追回 as it begins: a finding left by what happened to a case, or entered by its manager; and how they are listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from services.actors import SYSTEM, Actor
from services.cases.lists import visible
from services.cases.models import cases
from services.cases.opening import Opened, open_recovery
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Refused
from services.funding.models import recoveries, recovery_cases
from services.funding.queries import award as award_line
from services.funding.queries import is_decided, is_looked_into, kept_fen
from services.organizations.models import organizations
from services.organizations.queries import holds_post
from services.people.acts import act, allowed_in, hold, unfit
from statemachines.check import CAUSES
from statemachines.registry import process_of


@dataclass(frozen=True, slots=True)
class RecoveryLine:
    """One recovery in a list; amounts in fen, None while nobody has said them."""

    number: str
    award_number: str
    organization: str
    cause: str
    state_zh: str
    state_en: str
    asked_fen: int | None
    decided_fen: int | None
    repaid_fen: int
    due_on: date | None
    live: bool


def open_findings(work: Work, award_ids: Sequence[str], *, cause: str) -> tuple[Opened, ...]:
    """Open a finding on each of the awards of which the organization keeps money, as the system.

    None on an award where one is open or where it was decided before: whoever errs twice is not asked twice.
    """
    found = []
    for award_id in award_ids:
        hold(work, f"recovery:{award_id}")
        asked_before = is_looked_into(work, award_id) or is_decided(work, award_id)
        if not asked_before and kept_fen(work, award_id) > 0:
            award = load_subject(work, case_id=award_id)
            found.append(open_recovery(work, actor=SYSTEM, award=award, cause=cause))
    return tuple(found)


def find_recovery(database: Database, actor: Actor, *, award_number: str, cause: str, now: datetime) -> Opened:
    """The case manager enters a finding on an award of which money was paid; answers the case it opens.

    Refuses anyone with a post in the organization, an award that is not in payment, of which nothing is kept any more,
    where a finding is open, or where a recovery was decided before.
    """
    if cause not in CAUSES:
        raise unfit("input.not_a_choice", ("追回原因", "cause"))

    def unit(work: Work) -> Opened:
        award = load_subject(work, number=award_number)
        allowed_in(work, actor, "recovery:find", division=award.organization.home_division)
        award_line(work, award.case.id)
        if holds_post(work, actor.id, award.case.organization_id):
            raise Forbidden("case.duties_must_be_separate", case_number=award_number)
        hold(work, f"recovery:{award.case.id}")
        _refuse_another(work, award)
        return open_recovery(work, actor=actor, award=award, cause=cause)

    return act(
        database, actor, unit, now=now, action="recovery:find", stream=f"award:{award_number}", object=award_number
    )


def _refuse_another(work: Work, award: Subject) -> None:
    if is_looked_into(work, award.case.id):
        raise Refused("recovery.already_open", case_number=award.case.number)
    if is_decided(work, award.case.id):
        raise Refused("recovery.already_decided")
    if kept_fen(work, award.case.id) <= 0:
        raise Refused("recovery.nothing_to_recover")


def recovery_lines(work: Work, actor: Actor) -> tuple[RecoveryLine, ...]:
    """The recoveries the actor may see: those still open first, then the latest found."""
    above = cases.alias("above")
    rows = work.connection.execute(
        select(
            cases.c.number, cases.c.kind, cases.c.edition, cases.c.state, cases.c.live, organizations.c.name,
            above.c.number.label("award_number"), recovery_cases.c.cause, recovery_cases.c.asked_fen,
            recovery_cases.c.due_on, recoveries.c.amount_fen, recoveries.c.repaid_fen,
        )
        .join(recovery_cases, recovery_cases.c.case_id == cases.c.id)
        .join(above, above.c.id == recovery_cases.c.award_id)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .outerjoin(recoveries, recoveries.c.id == recovery_cases.c.recovery_id)
        .where(visible(actor))
        .order_by(cases.c.live.desc(), cases.c.opened_at.desc(), cases.c.id)
        .limit(500)
    )  # fmt: skip
    found = []
    for row in rows:
        state = process_of(row.kind, row.edition).state(row.state)
        found.append(
            RecoveryLine(
                row.number, row.award_number, row.name, row.cause, state.zh, state.en, row.asked_fen, row.amount_fen,
                row.repaid_fen or 0, row.due_on, row.live,
            )
        )  # fmt: skip
    return tuple(found)

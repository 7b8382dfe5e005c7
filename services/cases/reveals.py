"""查看完整信息: one sealed field in full, for one reason, noted under the viewer's name before it is shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, select

from services.actors import Actor
from services.audit.queries import AuditEntry, entries_of
from services.authority.rules import demand, demand_token, holds_all_below, policy
from services.cases.models import cases, objections
from services.cases.objections import contact_of
from services.database.engine import Database
from services.database.work import Work
from services.errors import NotFound
from services.organizations.models import organizations, payee_accounts
from services.organizations.queries import account_number_of, leader_phone_of
from services.people.acts import act, note, told
from services.protection.rules import mask_account, mask_contact, mask_phone

Kind = Literal["account_number", "leader_phone", "objection_contact"]
ACTIONS: dict[str, str] = {
    "account_number": "account:reveal",
    "leader_phone": "contact:reveal",
    "objection_contact": "contact:reveal",
}
"""What may be revealed, one field of one row at a time, and the action it asks for; there is no way to ask for many."""

REASON = ("查看理由", "reason")
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Hidden:
    """A field as it is shown by default: whose it is, and the mask."""

    kind: str
    id: str
    whose: str
    masked: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """The field in full, for this answer only."""

    kind: str
    id: str
    whose: str
    text: str
    reason: str


def hidden(work: Work, actor: Actor, *, kind: str, of: str) -> Hidden:
    """What would be revealed, masked. NotFound where there is nothing, or nothing that this person may reveal."""
    whose, _, masked = _look(work, actor, kind, of)
    return Hidden(kind, of, whose, masked)


def reveal(database: Database, actor: Actor, *, kind: str, of: str, reason: str, now: datetime) -> Revealed:
    """Open the field and note who saw it and why; both happen or neither. Answers the field in full.

    Invalid without a reason. NotFound (which is noted too) where there is nothing or the person's roles do not reach,
    Forbidden by a token without that scope.
    """
    said = told(REASON, reason, longest=LONGEST_REASON)
    action, stream = ACTIONS.get(kind, "reveal"), stream_of(now.date())

    def unit(work: Work) -> Revealed | None:
        demand_token(actor, action)
        try:
            whose, text, _ = _look(work, actor, kind, of)
        except NotFound as missing:
            note(work, actor, action, stream=stream, object=of, details={"field": kind}, refused=missing.codes)
            return None
        details = {"field": kind, "whose": whose, "reason": said}
        note(work, actor, action, stream=stream, object=of, details=details)
        return Revealed(kind, of, whose, text, said)

    found = act(database, actor, unit, now=now, action=action, stream=stream, object=of)
    if found is None:
        raise NotFound("access.not_found")
    return found


def stream_of(day: date) -> str:
    """The trail of one month's reveals."""
    return f"reveals-{day:%Y-%m}"


def reveals_in(work: Work, actor: Actor, *, month: date) -> tuple[AuditEntry, ...]:
    """Who saw what in that month (UTC) and why, the latest first. Forbidden for who may not read of it."""
    demand(actor, "reveal:read")
    return entries_of(work, stream_of(month))[::-1]


def _look(work: Work, actor: Actor, kind: str, of: str) -> tuple[str, str, str]:
    """Whose the field is, its text, its mask."""
    if kind == "account_number":
        row = _row(work, select(payee_accounts).where(payee_accounts.c.id == of))
        _demand(work, actor, kind, row.organization_id)
        number = account_number_of(row)
        return row.holder_name, number, mask_account(number)
    if kind == "leader_phone":
        row = _row(work, select(organizations).where(organizations.c.id == of))
        _demand(work, actor, kind, row.id)
        phone = leader_phone_of(row)
        return f"{row.name} · {row.leader_name}", phone, mask_phone(phone)
    if kind == "objection_contact":
        joined = objections.join(cases, cases.c.id == objections.c.case_id)
        row = _row(work, select(objections, cases.c.number).select_from(joined).where(objections.c.id == of))
        _demand(work, actor, kind, None)
        contact = contact_of(row)
        return f"{row.number} · {row.by_name}", contact, mask_contact(contact)
    raise NotFound("access.not_found")


def _row(work: Work, statement: Any) -> Row[Any]:
    row = work.connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound("access.not_found")
    return row


def _demand(work: Work, actor: Actor, kind: str, organization_id: str | None) -> None:
    """NotFound unless a role reaches the row in the scope of the policy. Who objected is told to no party: only the
    centre's own people reach an objection.
    """
    home = work.connection.execute(
        select(organizations.c.home_division).where(organizations.c.id == organization_id)
    ).scalar()
    for grant in actor.grants:
        scope = policy().get((ACTIONS[kind], grant.role.value))
        if scope == "centre":
            return
        if organization_id is None:
            continue
        if scope == "own" and grant.organization_id == organization_id:
            return
        if scope == "territory" and holds_all_below(grant.division_code, str(home)):
            return
    raise NotFound("access.not_found")

"""Corrects what the register holds about an organization: field by field, with a reason, former names kept.

One act, one entry in the audit log, which tells before and after; what was printed on papers stays as it was.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.actors import Actor
from services.audit.queries import entries_of
from services.authority.rules import scopes
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused, Stale
from services.organizations import commands
from services.organizations.acts import as_stored, refuse_known
from services.organizations.commands import NewOrganization
from services.organizations.models import divisions, organization_names, organizations
from services.organizations.queries import holds_post, leader_phone_of, reachable
from services.people.acts import act, allowed_in, hold, note, told, unfit
from services.protection.rules import mask_phone
from services.protection.sealing import blind_index_if_any, seal_if_any

REASON = ("更正理由", "reason of the correction")
CORRECTED = (
    "name", "category", "subtype", "home_division", "leader_name", "leader_phone", "filing_number", "credit_code",
    "members", "full_party_members", "founded_on", "scope_text",
)  # fmt: skip
"""What may be corrected; legal form and status change by acts of registration, never by a correction."""

CATEGORIES = ("SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB")


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction as the log keeps it: by whom, when, why, and each field before and after."""

    at: datetime
    by: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name the organization had, and until which day."""

    name: str
    until: date


def standing_data(work: Work, actor: Actor, organization_id: str) -> tuple[dict[str, str], str]:
    """The fields as they stand, as a person would type them (the telephone stays empty), and a mark of exactly these.

    NotFound for one the actor may not know of.
    """
    row = work.connection.execute(
        select(organizations).where(organizations.c.id == organization_id, *reachable(actor))
    ).one_or_none()
    if row is None:
        raise NotFound("organization.not_found")
    return {**_typed(row), "leader_phone": ""}, _mark(row)


def _typed(row: Row[Any]) -> dict[str, str]:
    shown = {name: getattr(row, name) for name in CORRECTED if name != "leader_phone"}
    return {name: "" if value is None else str(value) for name, value in shown.items()}


def _mark(row: Row[Any]) -> str:
    whole = "\x1f".join((*_typed(row).values(), row.leader_phone_sealed or ""))
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def correct_organization(
    database: Database, actor: Actor, *, organization_id: str, given: Mapping[str, str], reason: str, seen: str = "",
    now: datetime,
) -> tuple[str, ...]:  # fmt: skip
    """Correct the fields that are given; answers the names of those that changed.

    Refuses what does not hold (Invalid), a name or number of another organization, a change of nothing, Stale where
    somebody corrected it since the mark `seen`; Forbidden outside the own territory, before and after, and for
    everybody with a post in the organization.
    """
    said = told(REASON, reason, longest=400)
    if strange := [name for name in given if name not in CORRECTED]:
        raise Invalid("input.unknown_field", field=strange[0])

    def unit(work: Work) -> tuple[str, ...]:
        hold(work, "organizations")
        row = _row(work, organization_id)
        for division in {row.home_division, given.get("home_division", row.home_division)}:
            allowed_in(work, actor, "organization:correct", division=division)
        if holds_post(work, actor.id, organization_id):
            raise Forbidden("case.duties_must_be_separate")
        if seen and seen != _mark(row):
            raise Stale("organization.corrected_since")
        before = _known(row)
        after = as_stored(_with(before, given))
        changed = tuple(one.name for one in fields(after) if getattr(before, one.name) != getattr(after, one.name))
        if not changed:
            raise Refused("organization.nothing_corrected")
        _refuse_division(work, after.home_division)
        refuse_known(work, after, but=organization_id)
        _write(work, actor, row, after, changed)
        _note(work, actor, organization_id, before, after, changed, said)
        return changed

    stream = f"organization:{organization_id}"
    return act(database, actor, unit, now=now, action="organization:correct", stream=stream, object=organization_id)


def _row(work: Work, organization_id: str) -> Row[Any]:
    found = work.connection.execute(
        select(organizations).where(organizations.c.id == organization_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound("organization.not_found")
    return found


def _known(row: Row[Any]) -> NewOrganization:
    own = {one.name: getattr(row, one.name) for one in fields(NewOrganization) if one.name != "leader_phone"}
    return NewOrganization(**own, leader_phone=leader_phone_of(row))


def _with(before: NewOrganization, given: Mapping[str, str]) -> NewOrganization:
    values: dict[str, Any] = dict(given)
    for name, label in (("members", ("成员数", "members")), ("full_party_members", ("正式党员数", "Party members"))):
        if name in values:
            if not (values[name].isascii() and values[name].isdigit() and len(values[name]) < 8):
                raise unfit("input.not_a_number", label)
            values[name] = int(values[name])
    if "founded_on" in values:
        try:
            values["founded_on"] = date.fromisoformat(values["founded_on"]) if values["founded_on"] else None
        except ValueError:
            raise unfit("input.not_a_date", ("成立日期", "founded on")) from None
    if values.get("category", before.category) not in CATEGORIES:
        raise unfit("input.not_a_choice", ("类别", "category"))
    for name in ("filing_number", "credit_code"):
        if name in values:
            values[name] = values[name].strip() or None
    return replace(before, **values)


def _refuse_division(work: Work, code: str) -> None:
    if work.connection.execute(select(divisions.c.code).where(divisions.c.code == code)).first() is None:
        raise Invalid("division.not_found", division=code)


def _write(work: Work, actor: Actor, row: Row[Any], after: NewOrganization, changed: tuple[str, ...]) -> None:
    values: dict[str, Any] = {name: getattr(after, name) for name in changed if name != "leader_phone"}
    if "leader_phone" in changed:
        phone = after.leader_phone
        values["leader_phone_sealed"] = seal_if_any("organizations", row.id, "leader_phone", phone)
        values["leader_phone_index"] = blind_index_if_any("organizations", "leader_phone", phone)
    if "name" in changed:
        former = {"organization_id": row.id, "name": row.name, "used_until": work.today, "corrected_by": actor.id}
        work.connection.execute(insert(organization_names).values(id=new_id(), **former))
        values |= commands.sounds_of(after.name)
    work.connection.execute(update(organizations).where(organizations.c.id == row.id).values(values))
    commands.keep_findable(work, row.id)


def _note(
    work: Work, actor: Actor, organization_id: str, before: NewOrganization, after: NewOrganization,
    changed: tuple[str, ...], reason: str,
) -> None:  # fmt: skip
    details: dict[str, Any] = {"reason": reason}
    for name in changed:
        details[name] = {"before": _told(before, name), "after": _told(after, name)}
    stream = f"organization:{organization_id}"
    note(work, actor, "organization:correct", stream=stream, object=after.name, details=details)


def _told(one: NewOrganization, name: str) -> str:
    value = getattr(one, name)
    return mask_phone(value) if name == "leader_phone" else "" if value is None else str(value)


def corrections(work: Work, actor: Actor, organization_id: str) -> tuple[Correction, ...]:
    """What was corrected so far, the latest first; nothing for who may not correct anything."""
    if not scopes(actor, "organization:correct"):
        return ()
    return tuple(
        Correction(
            one.at, one.actor_name, str(one.details.get("reason", "")),
            tuple((name, said["before"], said["after"]) for name, said in one.details.items() if name in CORRECTED),
        )
        for one in reversed(entries_of(work, f"organization:{organization_id}"))
        if one.action == "organization:correct" and one.result == "done"
    )  # fmt: skip


def former_names(work: Work, organization_id: str) -> tuple[FormerName, ...]:
    """The names it had before, the latest first."""
    rows = work.connection.execute(
        select(organization_names.c.name, organization_names.c.used_until)
        .where(organization_names.c.organization_id == organization_id)
        .order_by(organization_names.c.used_until.desc(), organization_names.c.id.desc())
    )
    return tuple(FormerName(row.name, row.used_until) for row in rows)

"""How an edition comes about: one person drafts and proposes it, another approves it or sends it back.

Each act is its own unit of work with permission from the policy table and exactly one entry in the audit log. Drawing
takes seconds and happens before the unit of work begins. Nothing ever changes an edition that was approved: papers
drawn from it keep it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from documents.editions.source import Source, shipped
from documents.registry import KINDS
from services.actors import Actor
from services.authority.rules import scopes
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, office_instant, reading
from services.errors import Forbidden, NotFound, Refused
from services.people.acts import act, allowed, hold, note, told
from services.templates.commands import edition_in_force
from services.templates.drawing import check
from services.templates.models import template_editions
from services.templates.rules import cleaned, facts_of

STREAM = "templates"
REASON = ("理由", "reason")
_ONE = template_editions.c


def save_draft(
    database: Database, actor: Actor, *, kind: str, page: str, style: str, reason: str, wanted_from: date | None = None,
    now: datetime,
) -> str:  # fmt: skip
    """Keep what one person wrote as their draft for that kind, in place of an earlier one; its id.

    Refuses (Invalid) a source that may not stand, that breaks or warns when the sample is drawn, or that leaves a field
    unprinted; and (Refused) one that changes nothing, and a day that is over.
    """
    if kind not in KINDS:
        raise NotFound("template.unknown")
    said = told(REASON, reason, longest=400)
    source = Source(cleaned(page), cleaned(style))
    pages = check(kind, source) if scopes(actor, "template:propose") else 0

    def unit(work: Work) -> str:
        allowed(work, actor, "template:propose")
        hold(work, STREAM)
        base, before = source_in_force(work, kind)
        if (source.page, source.style) == (cleaned(before.page), cleaned(before.style)):
            raise Refused("template.nothing_changed")
        if wanted_from is not None and wanted_from < work.today:
            raise Refused("template.day_over", day=wanted_from)
        values = {
            "based_on": base, "page": source.page, "style": source.style, "pages": pages, "reason": said,
            "wanted_from": wanted_from, "saved_at": work.now,
        }  # fmt: skip
        mine = select(_ONE.id).where(_ONE.kind == kind, _ONE.standing == "draft", _ONE.proposed_by == actor.id)
        identity = work.connection.execute(mine).scalar()
        if identity is not None:
            work.connection.execute(update(template_editions).where(_ONE.id == identity).values(**values))
        else:
            identity = new_id()
            work.connection.execute(
                insert(template_editions).values(
                    id=identity, kind=kind, standing="draft", proposed_by=actor.id, **values
                )
            )
        details = {"edition": identity, "based_on": base, "reason": said, **facts_of(source)}
        note(work, actor, "template:draft", stream=STREAM, object=kind, details=details)
        return str(identity)

    return act(database, actor, unit, now=now, action="template:draft", stream=STREAM, object=kind)


def propose_edition(database: Database, actor: Actor, *, edition_id: str, now: datetime) -> None:
    """Ask a second person to approve the own draft. Refuses somebody else's, and a second one while one waits."""

    def unit(work: Work) -> None:
        found = _own(work, actor, edition_id, "draft")
        waiting = select(_ONE.id).where(_ONE.kind == found.kind, _ONE.standing == "waiting")
        if work.connection.execute(waiting).first() is not None:
            raise Refused("template.one_waits")
        _write(work, edition_id, standing="waiting", proposed_at=work.now)
        details = {"edition": edition_id, **facts_of(Source(found.page, found.style))}
        note(work, actor, "template:propose", stream=STREAM, object=found.kind, details=details)

    act(database, actor, unit, now=now, action="template:propose", stream=STREAM, object=edition_id)


def approve_edition(database: Database, actor: Actor, *, edition_id: str, now: datetime) -> int:
    """Put what somebody else proposed in force, from now or from the day it asks for; answers the edition's number.

    Refuses whoever proposed it (Forbidden), one that does not wait, one written over an edition that is no longer in
    force, and (Invalid) one that the software of today would not let through any more.
    """
    with reading(database, now) as work:
        seen = edition_row(work, edition_id)
    if seen.standing == "waiting" and seen.proposed_by != actor.id and scopes(actor, "template:approve"):
        check(seen.kind, Source(seen.page, seen.style))

    def unit(work: Work) -> int:
        found = _waiting(work, actor, edition_id)
        base, _ = source_in_force(work, found.kind)
        if base != found.based_on:
            raise Refused("template.base_changed")
        highest = select(func.max(_ONE.edition)).where(_ONE.kind == found.kind)
        number = int(work.connection.execute(highest).scalar() or 0) + 1
        begins = max(work.now, office_instant(found.wanted_from, 0, 0)) if found.wanted_from else work.now
        _write(
            work, edition_id, standing="approved", edition=number, in_force_from=begins, decided_by=actor.id,
            decided_at=work.now,
        )  # fmt: skip
        details = {
            "edition": edition_id, "number": number, "proposed_by": found.proposed_by, "from": begins.isoformat(),
            **facts_of(Source(found.page, found.style)),
        }  # fmt: skip
        note(work, actor, "template:approve", stream=STREAM, object=found.kind, details=details)
        return number

    return act(database, actor, unit, now=now, action="template:approve", stream=STREAM, object=edition_id)


def send_back_edition(database: Database, actor: Actor, *, edition_id: str, reason: str, now: datetime) -> None:
    """Send back what somebody else proposed, with the reason. Refuses whoever proposed it (they withdraw it)."""
    said = told(REASON, reason, longest=400)

    def unit(work: Work) -> None:
        found = _waiting(work, actor, edition_id)
        _write(work, edition_id, standing="refused", decided_by=actor.id, decided_at=work.now, decided_because=said)
        details = {"edition": edition_id, "reason": said}
        note(work, actor, "template:refuse", stream=STREAM, object=found.kind, details=details)

    act(database, actor, unit, now=now, action="template:refuse", stream=STREAM, object=edition_id)


def withdraw_edition(database: Database, actor: Actor, *, edition_id: str, now: datetime) -> None:
    """Take the own draft or proposal back. Refuses one of somebody else (Forbidden) and one that is decided."""

    def unit(work: Work) -> None:
        found = _own(work, actor, edition_id, "draft", "waiting")
        _write(work, edition_id, standing="withdrawn", decided_by=actor.id, decided_at=work.now)
        note(work, actor, "template:withdraw", stream=STREAM, object=found.kind, details={"edition": edition_id})

    act(database, actor, unit, now=now, action="template:withdraw", stream=STREAM, object=edition_id)


def retire_edition(database: Database, actor: Actor, *, edition_id: str, reason: str, now: datetime) -> None:
    """Let no further paper be drawn from an approved edition; the one before it, or the shipped page, takes its place.

    Papers already decided keep it. One person may do that at once: every page that can follow was let through by two.
    """
    said = told(REASON, reason, longest=400)

    def unit(work: Work) -> None:
        allowed(work, actor, "template:retire")
        hold(work, STREAM)
        found = edition_row(work, edition_id)
        if found.standing != "approved" or found.retired_at is not None:
            raise Refused("template.not_approved")
        _write(work, edition_id, retired_by=actor.id, retired_at=work.now, retired_because=said)
        details = {"edition": edition_id, "number": found.edition, "reason": said}
        note(work, actor, "template:retire", stream=STREAM, object=found.kind, details=details)

    act(database, actor, unit, now=now, action="template:retire", stream=STREAM, object=edition_id)


def source_in_force(work: Work, kind: str) -> tuple[int, Source]:
    """The edition in force of a kind and its page: (0, what we ship) when none is."""
    found = edition_in_force(work, kind)
    if found is None:
        return 0, shipped(kind)
    row = edition_row(work, found[0])
    return found[1], Source(row.page, row.style)


def edition_row(work: Work, edition_id: str) -> Row[Any]:
    """The row of one edition; NotFound when there is none."""
    found = work.connection.execute(select(template_editions).where(_ONE.id == edition_id)).one_or_none()
    if found is None:
        raise NotFound("template.edition_unknown")
    return found


def _waiting(work: Work, actor: Actor, edition_id: str) -> Row[Any]:
    """The proposal, which nobody else decides meanwhile, for a second person whom the policy lets do that."""
    allowed(work, actor, "template:approve")
    hold(work, STREAM)
    found = edition_row(work, edition_id)
    if found.standing != "waiting":
        raise Refused("template.already_decided")
    if found.proposed_by == actor.id:
        raise Forbidden("template.two_people")
    return found


def _own(work: Work, actor: Actor, edition_id: str, *standings: str) -> Row[Any]:
    allowed(work, actor, "template:propose")
    hold(work, STREAM)
    found = edition_row(work, edition_id)
    if found.proposed_by != actor.id:
        raise Forbidden("template.not_yours")
    if found.standing not in standings:
        raise Refused("template.already_decided")
    return found


def _write(work: Work, edition_id: str, **values: Any) -> None:
    work.connection.execute(update(template_editions).where(_ONE.id == edition_id).values(**values))

"""公示与异议: what is published now, objections lodged by anyone or entered from a letter, and the rulings on them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.actors import SYSTEM_ID, Actor
from services.audit.commands import record
from services.authority.rules import demand
from services.calendar.queries import load_calendar
from services.cases.addressees import recipients
from services.cases.lists import demand_seen, visible
from services.cases.models import case_clocks, cases, objection_terms, objections
from services.cases.noting import acted, noted
from services.cases.turn import Subject, load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, office_instant, reading, run
from services.errors import Invalid, NotFound, Refused
from services.messages import notice
from services.notices.commands import tell
from services.organizations.models import centres, organizations
from services.outbox.commands import leave_errand
from services.outbox.rules import Errand
from services.people import throttle
from services.people.acts import told
from services.people.models import persons
from services.protection.rules import mask_contact
from services.protection.sealing import seal, unseal
from services.rulesets.commands import rules_of
from statemachines.registry import EDITIONS, process_of
from statemachines.roles import Role
from statemachines.table import State

RULE = "case:rule_objection"
ENTER = "case:enter_objection"
CLOCKS = ("publicity", "star_publicity")
"""The clocks of publicities: a star's has a length of its own."""
TELL = "tell_of_objection"
DUE = "objection_due"
NOTICES = ("objection_lodged", "objection_to_rule", DUE, "objection_dismissed", "objection_found_right")
"""What is told of an objection: to the applicant that there is one and how it was ruled on, to whoever rules."""

PUBLIC = Actor(SYSTEM_ID, "public", "公众")
"""Whoever objects without signing in, as the audit log names them; who it was stands in the objection alone."""

BY_NAME, CONTACT = ("异议人姓名", "name of the objector"), ("联系方式", "contact")
TEXT, REASON = ("异议内容", "objection"), ("理由", "reason")


@dataclass(frozen=True, slots=True)
class Publicity:
    """What anybody may know of one running publicity: whose case, what is intended, where it is, for how long."""

    number: str
    organization: str
    centre: str
    phone: str
    state: State
    begun_on: date
    ends_on: date
    over: bool


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection to a publicity, for the centre; `late` while its limit is over and nobody has ruled."""

    id: str
    by_name: str
    text: str
    lodged_on: date
    ruling: str | None
    contact: str
    """Masked; in full it is revealed for a reason."""
    channel: str = "page"
    due_on: date | None = None
    late: bool = False
    ruling_reason: str = ""
    ruled_by: str = ""
    ruled_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpenObjection:
    """An objection that waits for a ruling, with its case."""

    id: str
    number: str
    organization: str
    channel: str
    lodged_on: date
    due_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody objects, with name and contact."""

    by_name: str
    contact: str
    text: str

    def checked(self) -> "Objection":
        """The same in order. Invalid when a part is missing, too long or holds invisible marks."""
        if not (self.by_name.strip() and self.contact.strip() and self.text.strip()):
            raise Invalid("publicity.objection_needs_name_and_contact")
        lines = [told(TEXT, line, longest=4000, needed=False) for line in self.text.strip().splitlines()]
        return Objection(
            told(BY_NAME, self.by_name, longest=60), told(CONTACT, self.contact, longest=60), "\n".join(lines)[:4000]
        )


def running_publicities(work: Work, *, limit: int = 200) -> tuple[Publicity, ...]:
    """Everything that is published today, what ends first first; nothing of it tells more than the notice does."""
    names = {
        state.name for editions in EDITIONS.values() for one in editions.values() for state in one.states
        if "PUBLICITY" in state.name
    }  # fmt: skip
    rows = work.connection.execute(
        _PUBLISHED.where(cases.c.state.in_(sorted(names)), case_clocks.c.due_on >= work.today)
        .order_by(case_clocks.c.due_on, cases.c.number)
        .limit(limit)
    )
    return tuple(_publicity(work, row) for row in rows)


def publicity_of(work: Work, number: str) -> Publicity:
    """What anybody may know of the publicity of one case; NotFound while it is not published."""
    row = work.connection.execute(_PUBLISHED.where(cases.c.number == number)).one_or_none()
    if row is None or "PUBLICITY" not in row.state:
        raise NotFound("access.not_found")
    return _publicity(work, row)


_PUBLISHED = (
    select(
        cases.c.number, cases.c.kind, cases.c.edition, cases.c.state, organizations.c.name.label("organization"),
        centres.c.name.label("centre"), centres.c.phone, case_clocks.c.started_on, case_clocks.c.due_on,
    )
    .join(organizations, organizations.c.id == cases.c.organization_id)
    .join(centres, centres.c.id == cases.c.centre_id)
    .join(case_clocks, (case_clocks.c.case_id == cases.c.id) & case_clocks.c.key.in_(CLOCKS))
)  # fmt: skip


def _publicity(work: Work, row: Any) -> Publicity:
    state = process_of(row.kind, row.edition).state(row.state)
    return Publicity(
        row.number, row.organization, row.centre, row.phone, state, row.started_on, row.due_on,
        row.due_on < work.today,
    )  # fmt: skip


def lodge_objection(database: Database, *, number: str, objection: Objection, address: str = "", now: datetime) -> str:
    """Anyone may object to a running publicity, with name and contact; answers the objection's id.

    Refused("publicity.over") after its last day, Refused("publicity.too_many") when so many came from one address that
    they have to wait. The applicant is told that there is one, never whose.
    """
    said = objection.checked()

    def unit(work: Work) -> str:
        subject = _published(work, number, received_on=work.today)
        if address:
            _count(work, address)
        identity = keep_objection(work, subject, said, channel="page", entered_by=None, received_on=work.today)
        record(
            work, stream=subject.case.id, actor=PUBLIC, role="public", action="case:object", object=subject.case.number,
            details={"channel": "page"},
        )  # fmt: skip
        return identity

    return run(database, now, unit)


def enter_objection(
    database: Database, actor: Actor, *, number: str, objection: Objection, received_on: date, now: datetime
) -> str:
    """Enter an objection that came as a letter or by word of mouth, with the day it came; answers its id.

    Refusals as for `lodge_objection`, asked of the day it came; Invalid for a day to come.
    """
    said = objection.checked()

    def unit(work: Work) -> str:
        demand(actor, ENTER)
        demand_seen(work, actor, number)
        if received_on > work.today:
            raise Invalid("publicity.received_later", field="received_on")
        subject = _published(work, number, received_on=received_on)
        identity = keep_objection(work, subject, said, channel="letter", entered_by=actor.id, received_on=received_on)
        acted(work, actor, subject, ENTER, {"channel": "letter", "received_on": received_on.isoformat()})
        return identity

    return noted(database, actor, unit, now=now, number=number, action=ENTER)


def _published(work: Work, number: str, *, received_on: date) -> Subject:
    """The case under its lock, in a publicity that ran on that day."""
    subject = load_subject(work, number=number, lock=True)
    if "PUBLICITY" not in subject.case.state:
        # A case that was never published is not known to exist.
        if not any("PUBLICITY" in move.dest for move in subject.moves):
            raise NotFound("case.not_found", case_number=number)
        raise Refused("publicity.not_running", case_number=number)
    (clock,) = (one for key, one in subject.clocks.items() if key in CLOCKS)
    entered = subject.entered
    if clock.due_on < received_on:
        raise Refused("publicity.over", case_number=number, ended_on=clock.due_on)
    if entered is not None and received_on < entered.on_date:
        raise Refused("publicity.not_begun", case_number=number, begun_on=entered.on_date)
    return subject


def _count(work: Work, address: str) -> None:
    """Let the next one from the same address wait, the longer the more came."""
    counter = f"objection:{throttle.network(address)}"
    waiting = throttle.wait(work, counter)
    if waiting.total_seconds() > 0:
        raise Refused("publicity.too_many", minutes=max(1, -(-int(waiting.total_seconds()) // 60)))
    throttle.count(work, counter)


def keep_objection(
    work: Work, subject: Subject, said: Objection, *, channel: str, entered_by: str | None, received_on: date
) -> str:
    """Write an objection with its limit and the errands that tell of it; answers its id. The caller holds the lock."""
    identity, case = new_id(), subject.case
    length, unit = rules_of(work, case.rule_set_id).limit("objection")
    calendar = load_calendar(work)
    add = calendar.add_working_days if unit == "working_days" else calendar.add_calendar_days
    due_on = add(received_on, length)
    work.connection.execute(
        insert(objections).values(
            id=identity, case_id=case.id, move_sequence=case.version, by_name=said.by_name, text=said.text,
            lodged_on=received_on, contact_sealed=seal("objections", identity, "contact", said.contact),
        )
    )  # fmt: skip
    work.connection.execute(
        insert(objection_terms).values(
            objection_id=identity, channel=channel, entered_by=entered_by, due_on=due_on
        )
    )  # fmt: skip
    _owe(work, subject, identity, "objection_lodged", Role.APPLICANT)
    _owe(work, subject, identity, "objection_to_rule", Role.CENTRE_MANAGER)
    _owe(work, subject, identity, DUE, Role.CENTRE_MANAGER, due_at=office_instant(due_on, 8))
    return identity


def _owe(
    work: Work, subject: Subject, objection_id: str, message: str, to: Role, *, due_at: datetime | None = None
) -> None:
    """Leave the errand that tells them; one a message and objection, however often this is asked for."""
    leave_errand(
        work, key=f"objection:{objection_id}:{message}", effect=TELL, case_id=subject.case.id,
        case_number=subject.case.number, move_sequence=subject.case.version, due_at=due_at,
        payload={"objection_id": objection_id, "message": message, "to": to.value},
    )  # fmt: skip


def tell_of_objection(work: Work, errand: Errand) -> None:
    """Tell those who hold the role on the case; of a limit that ends today only while nobody has ruled."""
    row = work.connection.execute(_LINES.where(objections.c.id == errand.payload["objection_id"])).one()
    message = errand.payload["message"]
    if message == DUE and row.ruling is not None:
        return
    subject = load_subject(work, case_id=errand.case_id)
    for person in recipients(work, subject, Role(errand.payload["to"])):
        title, body = notice(
            message, person.language, organization_name=row.organization, case_number=row.number, due_on=row.due_on,
            reason=row.ruling_reason,
        )  # fmt: skip
        tell(work, key=errand.key, person_id=person.id, case_id=errand.case_id, message=message, title=title, body=body)


def rule_on_objection(
    database: Database, actor: Actor, *, objection_id: str, upheld: bool, reason: str, now: datetime
) -> None:
    """The centre manager rules on an objection, with the reason; the applicant is told how.

    While one is open nothing confirms what is published; one that is upheld opens the way back into the review.
    Refused when it was ruled on already. A ruling after its limit counts, and the audit log says that it was late.
    """
    lines = [told(REASON, line, longest=4000, needed=False) for line in reason.strip().splitlines()]
    said = "\n".join(lines)[:4000] or told(REASON, "", longest=4000)
    with reading(database, now) as work:
        number = _number_of(work, objection_id)

    def unit(work: Work) -> None:
        demand(actor, RULE)
        subject = load_subject(work, number=number, lock=True)
        row = work.connection.execute(_LINES.where(objections.c.id == objection_id)).one()
        if row.ruling is not None:
            raise Refused("publicity.objection_already_ruled")
        ruling = "upheld" if upheld else "dismissed"
        work.connection.execute(
            update(objections)
            .where(objections.c.id == objection_id)
            .values(ruling=ruling, ruling_reason=said, ruled_by=actor.id, ruled_on=work.today)
        )
        late = row.due_on is not None and row.due_on < work.today
        acted(work, actor, subject, RULE, {"upheld": upheld, **({"late": True} if late else {})})
        message = "objection_found_right" if upheld else "objection_dismissed"
        _owe(work, subject, objection_id, message, Role.APPLICANT)

    noted(database, actor, unit, now=now, number=number, action=RULE)


def _number_of(work: Work, objection_id: str) -> str:
    found = work.connection.execute(
        select(cases.c.number)
        .join(objections, objections.c.case_id == cases.c.id)
        .where(objections.c.id == objection_id)
    ).scalar()
    if found is None:
        raise NotFound("publicity.objection_not_found")
    return str(found)


_LINES = (
    select(
        objections, objection_terms.c.channel, objection_terms.c.due_on, persons.c.name.label("ruler"),
        cases.c.number, organizations.c.name.label("organization"),
    )
    .join(cases, cases.c.id == objections.c.case_id)
    .join(organizations, organizations.c.id == cases.c.organization_id)
    .outerjoin(objection_terms, objection_terms.c.objection_id == objections.c.id)
    .outerjoin(persons, persons.c.id == objections.c.ruled_by)
)  # fmt: skip


def objections_on(work: Work, case_id: str) -> tuple[ObjectionLine, ...]:
    """Every objection to a publicity of the case, oldest first."""
    rows = work.connection.execute(_LINES.where(objections.c.case_id == case_id).order_by(objections.c.id))
    return tuple(
        ObjectionLine(
            row.id, row.by_name, row.text, row.lodged_on, row.ruling, mask_contact(contact_of(row)),
            row.channel or "page", row.due_on, _late(work, row), row.ruling_reason or "", row.ruler or "", row.ruled_on,
        )
        for row in rows
    )  # fmt: skip


def open_objections(work: Work, actor: Actor, *, limit: int = 200) -> tuple[OpenObjection, ...]:
    """Every objection nobody has ruled on, the nearest limit first. Forbidden for who may not rule."""
    demand(actor, RULE)
    rows = work.connection.execute(
        _LINES.where(objections.c.ruling.is_(None), visible(actor))
        .order_by(objection_terms.c.due_on, objections.c.id)
        .limit(limit)
    )
    return tuple(
        OpenObjection(row.id, row.number, row.organization, row.channel or "page", row.lodged_on, row.due_on,
                      _late(work, row))
        for row in rows
    )  # fmt: skip


def _late(work: Work, row: Row[Any]) -> bool:
    return row.ruling is None and row.due_on is not None and row.due_on < work.today


def contact_of(row: Row[Any]) -> str:
    """The way to reach an objector, in a row of objections, opened."""
    return unseal("objections", row.id, "contact", row.contact_sealed)

"""What people do to set up and keep the register: centre, divisions, organizations, posts and payee accounts.

Each act is its own unit of work with permission from the policy table and exactly one entry in the audit log.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, select, update

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.organizations import commands, rules
from services.organizations.commands import NewOrganization
from services.organizations.models import centres, divisions, organizations
from services.organizations.queries import division_lines, organization_row
from services.organizations.rules import Division
from services.people.acts import act, allowed, allowed_in, hold, note, told, unfit
from services.people.queries import actor_by_id
from services.rulesets.commands import seed_rule_set


@dataclass(frozen=True, slots=True)
class NewCentre:
    """A centre: the characters its papers, the bureau's papers and its case numbers begin with, places, contact."""

    name: str
    number_prefix: str
    bureau_prefix: str
    case_prefix: str
    division_code: str
    places: int
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class DivisionsImported:
    """The codes an import added or changed, and how many it found just as they were."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


# Centre and divisions -----------------------------------------------------------------------------


def add_centre(database: Database, actor: Actor, new: NewCentre, *, now: datetime) -> str:
    """Add an incubation centre and put the shipped rule set in force when there is none; answers the centre's id.

    Refuses a name that is taken and an unknown division (NotFound).
    """
    checked = replace(
        new,
        name=told(("中心名称", "name of the centre"), new.name, longest=80),
        number_prefix=told(("发文字号前缀", "prefix of paper numbers"), new.number_prefix, longest=20),
        bureau_prefix=told(("民政发文字号前缀", "prefix of the bureau's paper numbers"), new.bureau_prefix, longest=20),
        case_prefix=told(("案号前缀", "prefix of case numbers"), new.case_prefix, longest=12),
        contact=told(("联系人", "contact"), new.contact, longest=60),
        phone=told(("联系电话", "telephone"), new.phone, longest=30),
    )
    if checked.places < 0:
        raise unfit("input.out_of_range", ("名额", "places"))
    values = asdict(checked)

    def unit(work: Work) -> str:
        allowed(work, actor, "centre:manage")
        hold(work, "centres")
        _division(work, new.division_code)
        if work.connection.execute(select(centres.c.id).where(centres.c.name == checked.name)).first():
            raise Refused("centre.name_used")
        rule_set = seed_rule_set(work)
        identity = commands.add_centre(work, **values)
        details = values | {"rule_set": rule_set}
        note(work, actor, "centre:add", stream=f"centre:{identity}", object=checked.name, details=details)
        return identity

    return act(database, actor, unit, now=now, action="centre:add", stream="centres", object=checked.name)


def import_divisions(
    database: Database, actor: Actor, rows: Sequence[tuple[int, Division]], *, now: datetime, dry_run: bool = False
) -> DivisionsImported:
    """Take over divisions from the (line number, division) of a file: new ones are added, known ones brought up to it.

    Nothing is written when one line is wrong: Invalid("division.rows_refused") carries every fault in `faults`.
    """

    def unit(work: Work) -> DivisionsImported:
        allowed(work, actor, "division:manage")
        hold(work, "divisions")
        known = {one.code: one for one in division_lines(work)}
        if not rows:
            raise Invalid("division.no_rows")
        if faults := rules.division_faults(rows, known=known):
            raise Invalid("division.rows_refused", faults=faults, count=len({one.line for one in faults}))
        done = _take_over(work, [one for _, one in rows], known)
        details = {"added": len(done.added), "changed": list(done.changed[:200]), "unchanged": done.unchanged}
        note(work, actor, "division:import", stream="divisions", object=rows[0][1].code, details=details)
        return done

    return act(
        database, actor, unit, now=now, action="division:import", stream="divisions", object="divisions",
        dry_run=dry_run,
    )  # fmt: skip


def _take_over(work: Work, listed: list[Division], known: dict[str, Division]) -> DivisionsImported:
    added = sorted((one for one in listed if one.code not in known), key=_depth)
    changed = [one for one in listed if one.code in known and one != known[one.code]]
    if added:
        work.connection.execute(insert(divisions), [asdict(one) for one in added])
    for one in changed:
        work.connection.execute(update(divisions).where(divisions.c.code == one.code).values(asdict(one)))
    return DivisionsImported(
        tuple(one.code for one in added), tuple(one.code for one in changed), len(listed) - len(added) - len(changed)
    )


def _depth(one: Division) -> tuple[int, str]:
    """Parents before their children."""
    return tuple(rules.LEVELS).index(one.level), one.code


def _division(work: Work, code: str) -> None:
    if work.connection.execute(select(divisions.c.code).where(divisions.c.code == code)).first() is None:
        raise NotFound("division.not_found", division=code)


# Organizations and posts --------------------------------------------------------------------------


def enter_organization(database: Database, actor: Actor, new: NewOrganization, *, now: datetime) -> str:
    """Enter an organization; answers the id.

    Refuses what does not hold (Invalid), a name or number entered before, an unknown home division (NotFound), and a
    street handler outside the own territory (Forbidden).
    """
    checked = as_stored(new)

    def unit(work: Work) -> str:
        allowed_in(work, actor, "organization:enter", division=new.home_division)
        hold(work, "organizations")
        _division(work, new.home_division)
        refuse_known(work, checked)
        identity = commands.enter_organization(work, checked)
        details = {
            "home_division": new.home_division, "legal_status": new.legal_status,
            "filing_number": new.filing_number, "credit_code": checked.credit_code,
        }  # fmt: skip
        stream = f"organization:{identity}"
        note(work, actor, "organization:enter", stream=stream, object=checked.name, details=details)
        return identity

    return act(database, actor, unit, now=now, action="organization:enter", stream="organizations", object=checked.name)


def as_stored(new: NewOrganization) -> NewOrganization:
    """The organization as it is stored; Invalid when something of it does not hold by itself."""
    numbers = {"REGISTERED": new.credit_code, "FILED": new.filing_number}
    if not numbers.get(new.legal_status, "none needed"):
        raise Invalid("organization.number_missing")
    if new.filing_number:
        street = new.home_division[:9] if len(new.home_division) >= 9 else None
        if faults := rules.check_filing_number(new.filing_number, street_code=street):
            raise Invalid(*faults)
    code = None
    if new.credit_code:
        found = rules.check_credit_code(new.credit_code)
        if found.reasons:
            raise Invalid(*found.reasons, credit_code=found.code)
        code = found.code
    if min(new.members, new.full_party_members) < 0 or new.full_party_members > new.members:
        raise unfit("input.out_of_range", ("人数", "members"))
    return replace(
        new,
        name=told(("组织名称", "name of the organization"), new.name, longest=rules.NAME_LENGTH),
        subtype=told(("服务类型", "subtype"), new.subtype, longest=40),
        leader_name=told(("负责人", "leader"), new.leader_name, longest=60),
        leader_phone=told(("负责人电话", "leader's telephone"), new.leader_phone, longest=30, needed=False),
        scope_text=told(("业务范围", "scope"), new.scope_text, longest=500, needed=False),
        credit_code=code,
        filing_number=new.filing_number or None,
    )


def refuse_known(work: Work, new: NewOrganization, *, but: str = "") -> None:
    """Refuse a name in the same division and a number that another organization than `but` has."""
    column = organizations.c
    same: list[tuple[ColumnElement[bool], str]] = [
        ((column.name == new.name) & (column.home_division == new.home_division), "organization.already_entered")
    ]
    # An organization without a number shares it with nobody.
    if new.filing_number:
        same.append((column.filing_number == new.filing_number, "organization.filing_number_used"))
    if new.credit_code:
        same.append((column.credit_code == new.credit_code, "organization.credit_code_used"))
    others = (column.id != but,) if but else ()
    for condition, code in same:
        if work.connection.execute(select(column.id).where(condition, *others)).first():
            raise Refused(code, name=new.name)


def record_post(
    database: Database, actor: Actor, *, organization_id: str, person_id: str, post: str, held_from: date,
    held_to: date | None = None, now: datetime,
) -> None:  # fmt: skip
    """Record that a person holds or held a post in an organization; recusal and separation of duties rest on it.

    Nobody records an own post. Refuses an end before the beginning (Invalid) and a beginning still to come.
    """
    if held_to is not None and held_to < held_from:
        raise unfit("input.out_of_range", ("任职起止日期", "days of the post"))
    if post not in ("leader", "deputy", "finance", "staff", "member", "founder", "donor"):
        raise unfit("input.not_a_choice", ("职务", "post"))

    def unit(work: Work) -> None:
        home = organization_row(work, organization_id).home_division
        allowed_in(work, actor, "organization:record_post", division=home)
        if person_id == actor.id:
            raise Forbidden("case.duties_must_be_separate")
        if held_from > work.today:
            raise unfit("input.out_of_range", ("任职起止日期", "days of the post"))
        person = actor_by_id(work, person_id)
        commands.record_post(
            work, organization_id=organization_id, person_id=person_id, post=post, held_from=held_from, held_to=held_to
        )
        details = {"person": person.username, "post": post, "from": held_from.isoformat()}
        details |= {"to": held_to.isoformat()} if held_to else {}
        stream = f"organization:{organization_id}"
        note(work, actor, "organization:record_post", stream=stream, object=organization_id, details=details)

    act(
        database, actor, unit, now=now, action="organization:record_post", stream=f"organization:{organization_id}",
        object=organization_id,
    )  # fmt: skip


__all__ = [
    "DivisionsImported",
    "NewCentre",
    "NewOrganization",
    "add_centre",
    "as_stored",
    "enter_organization",
    "import_divisions",
    "record_post",
    "refuse_known",
]

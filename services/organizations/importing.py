"""Takes over many organizations from a file: every row is looked at first, and either all are entered or none."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid, Refused, RowFault
from services.organizations import commands
from services.organizations.acts import as_stored
from services.organizations.commands import NewOrganization
from services.organizations.models import divisions, organizations
from services.people.acts import act, allowed, allowed_in, hold, note

MOST_ROWS = 1000
Rows = Sequence[tuple[int, NewOrganization]]


def import_organizations(
    database: Database, actor: Actor, rows: Rows, *, now: datetime, dry_run: bool = False
) -> tuple[str, ...]:
    """Enter the organizations of (line, organization); answers their names in the order of the lines.

    Nothing is written when one line is wrong: Invalid("organization.rows_refused") carries every fault in `faults`, as
    `enter_organization` would refuse it, or as said twice in the file. With `dry_run` all is tried and nothing kept.
    """

    def unit(work: Work) -> tuple[str, ...]:
        allowed(work, actor, "organization:enter")
        hold(work, "organizations")
        if not rows:
            raise Invalid("organization.no_rows")
        if len(rows) > MOST_ROWS:
            raise Invalid("input.too_many_rows", most=MOST_ROWS)
        faults = sorted(_faults(work, actor, rows), key=lambda one: one.line)
        if faults:
            raise Invalid("organization.rows_refused", faults=faults, count=len({one.line for one in faults}))
        return tuple(_enter(work, actor, new) for _, new in rows)

    return act(
        database, actor, unit, now=now, action="organization:import", stream="organizations", object="organizations",
        dry_run=dry_run,
    )  # fmt: skip


def _enter(work: Work, actor: Actor, new: NewOrganization) -> str:
    sound = as_stored(new)
    identity = commands.enter_organization(work, sound)
    details = {
        "home_division": sound.home_division, "legal_status": sound.legal_status,
        "filing_number": sound.filing_number, "credit_code": sound.credit_code, "from_file": True,
    }  # fmt: skip
    stream = f"organization:{identity}"
    note(work, actor, "organization:enter", stream=stream, object=sound.name, details=details)
    return sound.name


def _faults(work: Work, actor: Actor, rows: Rows) -> Iterator[RowFault]:
    sound: list[tuple[int, NewOrganization]] = []
    known = set(work.connection.scalars(select(divisions.c.code)))
    for line, new in rows:
        codes: list[tuple[str, dict[str, Any]]] = []
        try:
            sound.append((line, as_stored(new)))
        except Refused as refused:
            codes += [(code, refused.facts) for code in refused.codes]
        if new.home_division not in known:
            codes.append(("division.not_found", {"division": new.home_division}))
        else:
            try:
                allowed_in(work, actor, "organization:enter", division=new.home_division)
            except Forbidden as forbidden:
                codes += [(code, forbidden.facts) for code in forbidden.codes]
        yield from (RowFault(line, code, facts) for code, facts in codes)
    yield from _twice(sound)
    yield from _entered_before(work, sound)


def _keys(new: NewOrganization) -> Iterator[tuple[str, Any, str]]:
    """What no two organizations share: (code of the refusal, value, code when it stands twice in the file)."""
    yield "organization.already_entered", (new.name, new.home_division), "organization.row_twice"
    if new.filing_number:
        yield "organization.filing_number_used", new.filing_number, "organization.row_twice"
    if new.credit_code:
        yield "organization.credit_code_used", new.credit_code, "organization.row_twice"


def _twice(rows: Rows) -> Iterator[RowFault]:
    seen: dict[tuple[str, Any], int] = {}
    for line, new in rows:
        for code, value, twice in _keys(new):
            first = seen.setdefault((code, value), line)
            if first != line:
                yield RowFault(line, twice, {"first": first, "name": new.name})


def _entered_before(work: Work, rows: Rows) -> Iterator[RowFault]:
    column = organizations.c
    names = _present(work, column.name, {new.name for _, new in rows}, column.home_division)
    filed = _present(work, column.filing_number, {new.filing_number for _, new in rows if new.filing_number})
    coded = _present(work, column.credit_code, {new.credit_code for _, new in rows if new.credit_code})
    present = {
        "organization.already_entered": names, "organization.filing_number_used": filed,
        "organization.credit_code_used": coded,
    }  # fmt: skip
    for line, new in rows:
        for code, value, _ in _keys(new):
            if value in present[code]:
                yield RowFault(line, code, {"name": new.name})


def _present(work: Work, column: Any, values: Iterable[Any], *beside: Any) -> set[Any]:
    wanted, found = sorted(values), set[Any]()
    for start in range(0, len(wanted), 500):
        statement = select(column, *beside).where(column.in_(wanted[start : start + 500]))
        found |= {tuple(row) if beside else row[0] for row in work.connection.execute(statement)}
    return found

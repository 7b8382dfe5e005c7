"""Acts of reconciliation: take a statement over, record what it shows as paid, settle what differs, sign months off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.actors import SYSTEM, Actor
from services.cases.advance import AdvanceCase, advance
from services.cases.models import cases
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Invalid, Refused, Stale
from services.people.acts import act, allowed, hold, note, told
from services.reconciliation import commands, months
from services.reconciliation.queries import to_record
from services.reconciliation.reading import read_statement
from services.reconciliation.rules import Statement

READ, IMPORT, SETTLE = "reconciliation:read", "reconciliation:import", "reconciliation:settle"
PREPARE, APPROVE = "reconciliation:prepare", "reconciliation:approve"
STREAM = "reconciliation"
REASON = ("说明", "explanation")


@dataclass(frozen=True, slots=True)
class Imported:
    """What taking a statement over came to: lines new and known, matched, and what is open now, by kind."""

    statement_id: str
    new: int
    known: int
    matched: int
    open: tuple[str, ...]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Recorded:
    """Payments recorded off statements: the numbers of their instalments, and of the others (number, reason codes)."""

    done: tuple[str, ...]
    refused: tuple[tuple[str, tuple[str, ...]], ...]


def import_statement(
    database: Database, actor: Actor, *, content: bytes, file_name: str, now: datetime, dry_run: bool = False
) -> Imported:
    """Take a bank's file over and match every line; with `dry_run` everything is tried and nothing is kept.

    Nothing is written when any row of it is wrong: Invalid("reconciliation.refused") carries every fault in `faults`.
    Refused for a file that was taken over before, and for new lines in a month that was signed off.
    """
    statement = read_statement(content)

    def unit(work: Work) -> Imported:
        allowed(work, actor, IMPORT)
        hold(work, STREAM)
        taken = commands.keep_statement(work, actor, statement, content=content, file_name=file_name)
        outcome = commands.match_all(work, owner_id=actor.id)
        details = {
            "tail": statement.account[-4:], "from": statement.from_on.isoformat(), "to": statement.to_on.isoformat(),
            "lines": taken.new, "known": taken.known, "matched": len(outcome.matches), "open": len(outcome.open),
        }  # fmt: skip
        note(work, actor, IMPORT, stream=STREAM, object=taken.statement_id, details=details)
        kinds = tuple(sorted(one.kind for one in outcome.open))
        return Imported(taken.statement_id, taken.new, taken.known, len(outcome.matches), kinds, statement)

    return act(
        database, actor, unit, now=now, action=IMPORT, stream=STREAM, object=file_name or "statement", dry_run=dry_run
    )


def record_payments(database: Database, actor: Actor, *, now: datetime) -> Recorded:
    """The payer's own confirmation of everything that statements show as paid: each a move of its instalment, with the
    serial and the day the bank gave it. What cannot be moved by this person now stays and is told with its reasons.
    """

    def listing(work: Work) -> list[tuple[Any, Any]]:
        allowed(work, actor, SETTLE)
        found = to_record(work)
        rows = work.connection.execute(
            select(cases.c.id, cases.c.number, cases.c.state).where(
                cases.c.id.in_([one.instalment_case_id for one in found])
            )
        )
        known = {row.id: row for row in rows}
        return [(known[one.instalment_case_id], one) for one in found]

    waiting = act(database, actor, listing, now=now, action=SETTLE, stream=STREAM, object="payments")
    done: list[str] = []
    refused: list[tuple[str, tuple[str, ...]]] = []
    for (_, number, state), one in waiting:
        details = {"bank_serial": one.serial, "value_date": one.booked_on.isoformat()}
        # What nobody knew is known by the statement alone, whoever reads it.
        unknown = state == "UNKNOWN"
        trigger = "settle_payment" if unknown else "record_payment"
        evidence = {"evidence": f"对账单{one.booked_on.isoformat()}，流水号{one.serial}"} if unknown else {}
        wish = AdvanceCase(number, trigger, None, details | evidence, f"statement:{one.line_id}")
        by = SYSTEM if unknown else actor
        try:
            run(database, now, lambda work, wish=wish, by=by: advance(work, by, wish))
        except (Refused, Stale) as error:
            refused.append((number, error.codes))
        else:
            done.append(number)
    if done:
        _match_again(database, actor, now=now)
    return Recorded(tuple(done), tuple(refused))


def _match_again(database: Database, actor: Actor, *, now: datetime) -> None:
    def unit(work: Work) -> None:
        hold(work, STREAM)
        commands.match_all(work, owner_id=actor.id)

    run(database, now, unit)


def close_item(database: Database, actor: Actor, *, item_id: str, accept: bool, reason: str, now: datetime) -> None:
    """Take what differs for the payment after all (`accept`), or say what it is; with the reason, which is kept.

    Refused as `commands.close_item`.
    """
    said = told(REASON, reason, longest=400)

    def unit(work: Work) -> None:
        allowed(work, actor, SETTLE)
        hold(work, STREAM)
        commands.close_item(work, actor, item_id=item_id, accept=accept, reason=said)
        commands.match_all(work, owner_id=actor.id)
        details = {"accepted": accept, "reason": said}
        note(work, actor, SETTLE, stream=STREAM, object=item_id, details=details)

    act(database, actor, unit, now=now, action=SETTLE, stream=STREAM, object=item_id)


def prepare_month(database: Database, actor: Actor, *, account_id: str, month: str, now: datetime) -> None:
    """Put a month forward: every day covered, nothing open, every payment recorded; refused with each that is not."""
    _month(database, actor, PREPARE, account_id=account_id, month=month, now=now)


def approve_month(database: Database, actor: Actor, *, account_id: str, month: str, now: datetime) -> None:
    """A second person signs the month off; what was put forward must still be exactly so."""
    _month(database, actor, APPROVE, account_id=account_id, month=month, now=now)


def _month(database: Database, actor: Actor, action: str, *, account_id: str, month: str, now: datetime) -> None:
    _readable(month)

    def unit(work: Work) -> None:
        allowed(work, actor, action)
        hold(work, STREAM)
        found = months.month_of(work, account_id, month)
        if found.faults:
            raise Refused(*found.faults, month=month)
        write = months.prepare_month if action == PREPARE else months.approve_month
        write(work, actor, account_id=account_id, month=month, figures=dict(found.figures))
        note(work, actor, action, stream=STREAM, object=month, details=dict(found.figures))

    act(database, actor, unit, now=now, action=action, stream=STREAM, object=month)


def _readable(month: str) -> None:
    year, _, number = month.partition("-")
    sound = len(month) == 7 and year.isdigit() and number.isdigit() and 1 <= int(number) <= 12
    if not sound:
        raise Invalid("input.not_a_date", label="月份", label_en="month")


def faults_of(error: Refused) -> Sequence[Any]:
    """The faults row by row that a refused statement carries."""
    return tuple(error.facts.get("faults", ()))

"""What time brings, by plain calls: timers that pull, reminders that fall due, and the seal on the audit log."""

from dataclasses import dataclass
from datetime import datetime

from services.audit.commands import SealResult, seal
from services.cases.timers import due_cases, leave_reminders, pull_timers
from services.cases.unspent import remind_of_unspent_money
from services.database.engine import Database
from services.database.work import office_now, reading, run
from services.grades.reminders import remind_of_ending_grades
from services.issuance.scrubbing import Scrub, scrub
from services.webhooks.feeding import anyone_subscribed, feed

Due = tuple[tuple[str, int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many cases their timers moved, and of how many things people were reminded."""

    moved: int
    reminded: int


def close_what_is_overdue(database: Database, *, now: datetime) -> Overdue:
    """Pull every due timer through the one door, then remind of each mark a clock or the end of a grade has reached,
    and of money that was not used up for two years.

    Twice on one day changes nothing the second time: a moved case has another version, a reminder its own key.
    """
    try:
        moved = pull_timers(database, now=now)
    finally:
        # A timer that broke is told by its error; nobody misses a reminder for it.
        told = (leave_reminders, remind_of_ending_grades, remind_of_unspent_money)
        reminded = sum(run(database, now, one) for one in told)
    return Overdue(len(moved), reminded)


def seal_audit(database: Database, *, now: datetime, everything: bool = False) -> SealResult:
    """Number the committed audit entries that have no number yet; `everything` also looks for very late ones."""
    return seal(database, now, everything=everything)


def feed_webhooks(database: Database, *, now: datetime) -> int:
    """Owe subscribers what happened since the last time; answers how many messages. Nothing twice."""
    with reading(database, now) as work:
        if not anyone_subscribed(work):
            return 0
    return run(database, now, feed)


def scrub_files(database: Database, *, now: datetime) -> Scrub:
    """Compare every stored file with its hash, and keep what was found; there is no copy to restore from."""
    return scrub(database, now=now, clock=office_now)


def due_now(database: Database, now: datetime) -> Due:
    """Which timers of which version of which cases are due: when this is as it was, trying again brings nothing."""
    with reading(database, now) as work:
        return tuple((one.case_id, one.version, one.triggers) for one in due_cases(work))

"""Runs every check over one database, in one consistent look at it."""

from datetime import datetime

from sqlalchemy import text

from services.database.engine import Database
from services.database.work import Work, office_now, reading
from services.invariants.batches import batches
from services.invariants.clocks import check_clocks
from services.invariants.findings import Finding, Report
from services.invariants.histories import check_histories
from services.invariants.money import check_money
from services.invariants.owed import check_occasions, check_owed, check_releases, check_results, check_waiting
from services.invariants.papers import check_papers
from services.invariants.payments import check_payments
from services.invariants.requests import check_requests
from services.invariants.storage import check_log, check_quiet, check_sheets, check_storage


def check(database: Database, *, now: datetime | None = None, quiet: bool = False) -> tuple[Finding, ...]:
    """Every broken invariant of the database as it stands at `now`; an empty tuple when all hold. Changes nothing.

    `quiet` says that nobody is at work, so that nothing may be waiting or held. Memory stays flat: cases are read in
    batches, everything else in streams.
    """
    with reading(database, now or office_now()) as work:
        if not database.is_sqlite:
            # Several statements must see one and the same moment.
            work.connection.execute(text("set transaction isolation level repeatable read, read only"))
        return check_in(work, quiet=quiet)


def check_in(work: Work, *, quiet: bool = False) -> tuple[Finding, ...]:
    """The same within an open transaction."""
    report = Report()
    check_requests(work, report)
    for batch in batches(work):
        check_histories(batch, report)
        check_owed(batch, report)
        check_clocks(batch, report)
    check_log(work, report)
    check_results(work, report)
    check_occasions(work, report)
    check_releases(work, report)
    check_waiting(work, report, now=work.now)
    check_money(work, report)
    check_payments(work, report)
    check_papers(work, report)
    check_sheets(work, report)
    check_storage(work, report)
    if quiet:
        check_quiet(work, report)
    return report.findings()

"""I5, I20 and the sheets: log, locked sheets and database are sound; when all is quiet nothing is held."""

from sqlalchemy import select, text

from services.assessments.commitments import changed_sheets
from services.audit.queries import verify
from services.database.work import Work
from services.invariants.findings import Report
from services.outbox.models import errands


def check_log(work: Work, report: Report) -> None:
    """Chains, leaves and heads, each row read once."""
    found = verify(work)
    if found.first_bad is not None:
        report.add("I5", f"the log stops being whole at {found.first_bad}")


def check_sheets(work: Work, report: Report) -> None:
    """Every locked score sheet against the hash it was committed to with."""
    for one in changed_sheets(work):
        report.add("sheets", f"score sheet {one.sheet_id} of assessment {one.assessment_id} was changed after its lock")


def check_storage(work: Work, report: Report) -> None:
    """What the database itself can say about its soundness."""
    if work.connection.dialect.name == "sqlite":
        for row in work.connection.execute(text("pragma integrity_check(20)")):
            if row[0] != "ok":
                report.add("I20", f"integrity check: {row[0]}")
        for row in work.connection.execute(text("pragma foreign_key_check")):
            report.add("I20", f"row {row[1]} of {row[0]} names a {row[2]} that does not exist")
        return
    unsound = text(
        "select 'index ' || indexrelid::regclass from pg_index where not indisvalid "
        "union all select 'constraint ' || conname from pg_constraint where not convalidated"
    )
    for name in work.connection.scalars(unsound):
        report.add("I20", f"{name} is not valid")


def check_quiet(work: Work, report: Report) -> None:
    """When nobody works: no errand is leased, and none waits."""
    left = select(errands.c.key, errands.c.leased_by).where(errands.c.done_at.is_(None), errands.c.parked_at.is_(None))
    for row in work.connection.execute(left.execution_options(yield_per=500)):
        held = f"held by {row.leased_by}" if row.leased_by else "waiting"
        report.add("I20", f"errand {row.key} is still {held}")

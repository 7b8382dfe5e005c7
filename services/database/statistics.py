"""Lets the database count how its rows are spread, without which it may walk a large table where an index would do."""

from datetime import datetime

from sqlalchemy import text

from services.database.engine import Database
from services.database.work import run


def refresh_statistics(database: Database, now: datetime) -> None:
    """Count anew; changes nothing that anyone reads.

    PostgreSQL samples, SQLite reads every index from end to end (half a second for 20,000 cases): a daily affair.
    """
    run(database, now, lambda work: work.connection.execute(text("analyze")))

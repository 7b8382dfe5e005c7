"""Brings the schema of a database up to this edition of the code, and says where it stands."""

from dataclasses import dataclass

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from services.database.engine import Database
from services.database.work import Work, office_now, reading, unit_of_work
from services.errors import Refused

# Any number serves, as long as every process that upgrades asks PostgreSQL for the same lock.
_UPGRADE_LOCK = 2_017_080


class SchemaNewer(Refused):
    """The database was upgraded by a newer edition of the code than this one; install that edition to open it."""


@dataclass(frozen=True, slots=True)
class SchemaStanding:
    """The last step applied (None for an empty database) beside the last one this code knows."""

    current: str | None
    head: str
    at_head: bool


def upgrade(database: Database) -> tuple[str, ...]:
    """Apply the steps that are missing, all in one transaction, and return their numbers; none when up to date.

    Several processes may call it at once: one works, the others wait and find nothing to do. Refuses (SchemaNewer)
    a database that is ahead of this code, and changes nothing then.
    """
    config = _config()
    with unit_of_work(database, office_now()) as work:
        if not database.is_sqlite:
            work.connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        known = _standing(work)
        if known.at_head:
            return ()
        config.attributes.update(connection=work.connection, now=work.now)
        command.upgrade(config, "head")
    missing = ScriptDirectory.from_config(config).iterate_revisions(known.head, known.current or "base")
    return tuple(step.revision for step in missing)[::-1]


def standing(database: Database) -> SchemaStanding:
    """Where the schema stands; changes nothing. Refuses (SchemaNewer) a database that is ahead of this code."""
    with reading(database) as work:
        return _standing(work)


def _standing(work: Work) -> SchemaStanding:
    script = ScriptDirectory.from_config(_config())
    head = script.get_current_head() or ""
    current = MigrationContext.configure(work.connection).get_current_revision()
    if current is not None and current not in {step.revision for step in script.walk_revisions()}:
        raise SchemaNewer("database.newer_than_code", current=current, head=head)
    return SchemaStanding(current, head, current == head)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "services.database:migrations")
    config.set_main_option("path_separator", "os")
    return config

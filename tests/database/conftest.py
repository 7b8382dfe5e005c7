"""What the database tests share: a person to act, and rows written or tampered with by hand."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, text

from services.actors import Actor, Grant
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import unit_of_work
from services.people.models import persons
from statemachines.roles import Role
from tests.database_fixtures import NOW

Tamper = Callable[..., None]


@pytest.fixture
def clerk(backend: str, request: pytest.FixtureRequest) -> Actor:
    """A person of the office, with a row in the database the test works on."""
    assert backend
    actor = Actor(new_id(), "lihua", "李华", grants=(Grant(Role.SYSTEM),))
    row = {"id": actor.id, "username": actor.username, "name": actor.name, "created_at": NOW}
    if "work" in request.fixturenames:
        # A unit of its own would wait for the test's on SQLite, for ever.
        request.getfixturevalue("work").connection.execute(insert(persons), row)
        return actor
    with unit_of_work(request.getfixturevalue("database"), NOW) as work:
        work.connection.execute(insert(persons), row)
    return actor


def without_guards(database: Database, act: Callable[[Connection], object], *, triggers: bool = False) -> None:
    """Act as only an administrator of the database can: no foreign key and no trigger (unless kept) holds."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # Foreign keys can only be turned off between transactions, so the one just begun is ended.
            connection.exec_driver_sql("rollback")
            connection.exec_driver_sql("pragma foreign_keys = off")
            kept = "where false" if triggers else "where type = 'trigger'"
            for name in connection.scalars(text(f"select name from sqlite_master {kept}")).all():
                connection.exec_driver_sql(f"drop trigger {name}")
        else:
            connection.execute(text("set session_replication_role = replica"))
        act(connection)
        connection.commit()
    # The connection's settings must not reach the next user.
    database.engine.dispose()


@pytest.fixture
def tamper(database: Database) -> Tamper:
    """Runs a statement behind the back of the application."""
    return lambda statement, **values: without_guards(
        database, lambda connection: connection.execute(text(statement), values)
    )

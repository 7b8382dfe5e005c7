"""The shipped steps build, on both databases, exactly the schema the tables describe."""

import importlib
import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, delete, func, inspect, select, text, update

from services.actors import SYSTEM
from services.calendar.models import calendar_days, calendar_years
from services.calendar.queries import load_calendar
from services.calendar.rules import load_seed
from services.database import migrations
from services.database.engine import Database, open_database
from services.database.schema import SchemaNewer, SchemaStanding, standing, upgrade
from services.database.tables import all_tables
from services.database.work import reading, unit_of_work
from services.people.models import persons
from tests.database_fixtures import NOW, PostgresServer, text_of

STEPS = tuple(sorted(path.stem[:4] for path in Path(str(migrations.__file__)).parent.glob("versions/0*.py")))
HEAD = STEPS[-1]

COLUMNS = """
    select table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
    from information_schema.columns where table_schema = 'public' and table_name <> 'alembic_version'"""
CONSTRAINTS = """
    select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'alembic_version'"""
INDEXES = """
    select tablename, indexname, indexdef from pg_indexes
    where schemaname = 'public' and tablename <> 'alembic_version'"""


def shape(connection: Connection) -> set[tuple[Any, ...]]:
    """Everything that makes up the tables, constraints and indexes of a database, in its own words."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            text("select type, name, sql from sqlite_master where name <> 'alembic_version' and type <> 'trigger'")
        )
        return {
            (kind, name, piece)
            for kind, name, sql in rows
            if "alembic" not in name
            for piece in pieces(re.sub(r"\s+", " ", sql or "").replace('"', ""))
        }
    return {tuple(row) for query in (COLUMNS, CONSTRAINTS, INDEXES) for row in connection.execute(text(query))}


def pieces(sql: str) -> Iterator[str]:
    """The columns and constraints of a CREATE TABLE, each for itself: a step may add a column behind the others."""
    if not sql.startswith("CREATE TABLE"):
        yield sql
        return
    depth, start = 0, sql.index("(") + 1
    for position in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[position], 0)
        if depth < 0 or (depth == 0 and sql[position] == ","):
            yield sql[start:position].strip()
            start = position + 1


def differences(one: Connection, other: Connection) -> set[tuple[Any, ...]]:
    return shape(one) ^ shape(other)


def test_an_empty_database_is_upgraded_to_the_head(empty_database: Database) -> None:
    assert standing(empty_database) == SchemaStanding(None, HEAD, at_head=False)
    assert upgrade(empty_database) == STEPS
    assert standing(empty_database) == SchemaStanding(HEAD, HEAD, at_head=True)


def test_a_second_upgrade_does_nothing(database: Database) -> None:
    assert upgrade(database) == ()


def test_every_table_is_there_and_no_other(database: Database) -> None:
    assert set(inspect(database.engine).get_table_names()) == {*all_tables().tables, "alembic_version"}


def test_a_new_step_would_be_empty(database: Database) -> None:
    with database.engine.connect() as connection:
        # The library cannot tell '' from no default on SQLite; the test of the letter below can.
        opts = {"compare_type": True, "compare_server_default": not database.is_sqlite}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, all_tables()) == []


def test_the_steps_build_what_the_tables_describe_to_the_letter(
    database: Database, backend: str, request: pytest.FixtureRequest
) -> None:
    described = described_database(backend, request)
    with described.engine.connect() as one, database.engine.connect() as other:
        assert differences(one, other) == set()
    described.close()


def test_a_forgotten_check_would_be_seen(database: Database, backend: str, request: pytest.FixtureRequest) -> None:
    described = described_database(backend, request)
    with described.engine.begin() as connection:
        connection.execute(text("create index ix_forgotten on persons (name)"))
        if backend == "postgresql":
            connection.execute(text("alter table cases drop constraint ck_cases_version_not_negative"))
    with described.engine.connect() as one, database.engine.connect() as other:
        assert len(differences(one, other)) == (2 if backend == "postgresql" else 1)
    described.close()


def described_database(backend: str, request: pytest.FixtureRequest) -> Database:
    if backend == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        described = open_database(text_of(server.empty()))
    else:
        described = open_database(f"sqlite:///{request.getfixturevalue('tmp_path')}/described.sqlite")
    with unit_of_work(described, NOW) as work:
        all_tables().create_all(work.connection)
    return described


def test_a_database_of_newer_code_is_refused_and_left_alone(database: Database) -> None:
    with unit_of_work(database, NOW) as work:
        work.connection.execute(text("update alembic_version set version_num = '9999'"))
    for act in (upgrade, standing):
        with pytest.raises(SchemaNewer) as refused:
            act(database)
        assert refused.value.codes == ("database.newer_than_code",)
        assert refused.value.facts == {"current": "9999", "head": HEAD}


def test_processes_that_start_together_upgrade_once(empty_database: Database) -> None:
    others = [open_database(text_of(empty_database.url)) for _ in range(3)]
    applied: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda each=each: applied.append(upgrade(each))) for each in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert sorted(applied) == [(), (), STEPS]


def test_a_broken_step_leaves_nothing_behind(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off() -> None:
        raise OSError("the seed cannot be read")

    monkeypatch.setattr("services.calendar.rules.load_seed", break_off)
    with pytest.raises(OSError, match="seed"):
        upgrade(empty_database)
    assert inspect(empty_database.engine).get_table_names() == []


def test_the_system_person_is_the_one_timers_act_as(database: Database) -> None:
    with reading(database) as work:
        row = work.connection.execute(select(persons)).mappings().one()
    assert (row["id"], row["username"], row["name"]) == (SYSTEM.id, SYSTEM.username, SYSTEM.name)
    assert row["password_hash"] is None


def test_the_working_day_table_is_seeded_with_its_standing(database: Database) -> None:
    query = select(calendar_years.c.year, calendar_years.c.standing)
    with reading(database) as work:
        years = dict(work.connection.execute(query).all())
        days = work.connection.execute(select(func.count()).select_from(calendar_days)).scalar_one()
    assert sorted(years) == list(range(2004, 2041))
    assert {year for year, known in years.items() if known == "projected"} == set(range(2027, 2041))
    assert days == len(load_seed())


def test_an_older_table_of_working_days_gets_the_years_it_lacks_and_keeps_its_own(database: Database) -> None:
    with unit_of_work(database, NOW) as work:
        work.connection.execute(delete(calendar_days).where(calendar_days.c.day >= date(2028, 1, 1)))
        work.connection.execute(delete(calendar_years).where(calendar_years.c.year >= 2028))
        work.connection.execute(update(calendar_years).where(calendar_years.c.year == 2027).values(standing="official"))
        with Operations.context(MigrationContext.configure(work.connection)):
            importlib.import_module("services.database.migrations.versions.0021_projected_years").upgrade()
    with reading(database) as work:
        calendar = load_calendar(work)
    assert calendar.knows(date(2028, 1, 1), date(2040, 12, 31))
    assert 2027 in calendar.official_years


@pytest.mark.parametrize("tier", ["unit", "property"])
def test_tests_of_pure_code_cannot_open_a_database(
    database: Database, monkeypatch: pytest.MonkeyPatch, tier: str
) -> None:
    monkeypatch.setattr("tests.conftest._running", [f"tests/{tier}/test_scoring.py::test_mean"])
    with pytest.raises(AssertionError, match="tests of pure code have none"):
        database.engine.connect()

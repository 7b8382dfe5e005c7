"""Invented cases in any number: nothing of what must always hold is broken by them, and they never meet real ones."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.cases.models import case_moves, cases
from services.database.engine import Database, open_database
from services.database.work import reading
from services.errors import Refused
from services.invariants.check import check
from services.issuance.models import issued_documents
from services.organizations.models import organizations
from services.people.queries import actor_named
from services.reports.queries import board
from services.samples.loading import load
from tests.database_fixtures import NOW


def test_what_was_loaded_breaks_no_invariant(database: Database) -> None:
    loaded = load(database, scale=160, seed=7, now=NOW)
    assert check(database, now=NOW, quiet=True) == ()
    assert (loaded.cases, loaded.organizations) == (160, 160 - 160 // 8 - 160 // 10)
    with reading(database, NOW) as work:
        count = work.connection.scalar
        assert count(select(func.count()).select_from(case_moves)) == loaded.moves > 800
        assert count(select(func.count()).select_from(issued_documents)) == loaded.papers > 300
        assert (count(select(func.count(cases.c.state.distinct()))) or 0) > 15
        shown = board(work, actor_named(work, "manager1"))
        assert shown.open > 50
        assert [one.days.number > 0 for one in shown.cycles] == [True, True, True]


def _told(template: Path, copy: Path, seed: int) -> list[tuple[object, ...]]:
    shutil.copyfile(template, copy)
    database = open_database(f"sqlite:///{copy}")
    load(database, scale=30, seed=seed, now=NOW)
    statement = select(cases.c.number, cases.c.state, cases.c.moved_at, organizations.c.name).order_by(cases.c.number)
    with reading(database, NOW) as work:
        joined = statement.join(organizations, organizations.c.id == cases.c.organization_id)
        told = [tuple(row) for row in work.connection.execute(joined)]
    database.close()
    return told


def test_the_same_seed_tells_the_same_stories(sqlite_template: Path, tmp_path: Path) -> None:
    first, again, other = (_told(sqlite_template, tmp_path / f"{n}.sqlite", seed) for n, seed in enumerate((3, 3, 4)))
    assert first == again != other


def test_nothing_is_loaded_beside_what_is_there(database: Database) -> None:
    load(database, scale=5, seed=1, now=NOW)
    with pytest.raises(Refused) as refused:
        load(database, scale=5, seed=1, now=NOW)
    assert refused.value.codes == ("samples.not_empty",)

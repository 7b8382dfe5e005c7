"""What an installation opens its embedded database with."""

from pathlib import Path

import pytest

from services.database import engine
from services.database.engine import SYNCHRONOUS, open_database

FULL = 2


def test_a_commit_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SYNCHRONOUS", SYNCHRONOUS)
    opened = open_database(f"sqlite:///{tmp_path}/chuke.sqlite")
    with opened.engine.connect() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == FULL
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
    opened.close()

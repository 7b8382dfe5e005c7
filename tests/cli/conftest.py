"""An installation for the command line: the founded city with one application; and a way to run commands."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.demo.acting import City, Diary, play
from cli.demo.city import FIRST_DAY, found
from cli.demo.phases import Who, apply
from cli.main import run
from services.database.engine import open_database
from services.database.work import office_instant
from services.settings import settings


@dataclass(frozen=True, slots=True)
class Said:
    """What one command answered."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Chuke:
    """Runs command lines in this process, as the installed command does."""

    def __init__(self, capsys: pytest.CaptureFixture[str], number: str) -> None:
        self.capsys, self.number = capsys, number

    def __call__(self, *tokens: str) -> Said:
        self.capsys.readouterr()
        status = run(list(tokens))
        said = self.capsys.readouterr()
        return Said(status, said.out, said.err)


@pytest.fixture(scope="session")
def installed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database file with the founded city and one application, and that case's number."""
    path = tmp_path_factory.mktemp("installed") / "chuke.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    city = City(database, found(database, password=None), lambda _now: 0, office_instant(FIRST_DAY))
    diary = Diary("O4")
    apply(diary, Who("O4", "马跃"), on=date(2026, 11, 16), plan="秧歌")
    play(city, diary.steps, told=lambda _step: None)
    database.close()
    return path, city.cases["O4"]


@pytest.fixture
def home(installed: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a copy of that database, which the settings point to."""
    with open_database(f"sqlite:///{installed[0]}").engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
    shutil.copyfile(installed[0], tmp_path / "chuke.db")
    for name in ("CHUKE_AS", "CHUKE_LANG", "CHUKE_DATABASE_URL", "CHUKE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path))
    # A demonstration sets these for its process; they are put back with the rest.
    monkeypatch.setenv("CHUKE_SEAL", "none")
    monkeypatch.setenv("CHUKE_SEAL_MODE", "none")
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def chuke(home: Path, installed: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> Chuke:
    """The command line on that installation."""
    return Chuke(capsys, installed[1])

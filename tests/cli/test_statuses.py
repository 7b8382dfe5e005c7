"""Exit statuses: 0 done, 1 failed, 2 asked wrongly, 3 set-up, 4 refused, 5 not found, 75 later."""

import sqlite3
from pathlib import Path

import pytest

from cli import main
from services.errors import Unavailable
from services.settings import settings
from tests.cli.conftest import Chuke


def test_done_is_0_with_the_result_on_stdout(chuke: Chuke) -> None:
    said = chuke("case", "list")
    assert said.status == 0
    assert chuke.number in said.out
    assert said.err == ""


def test_a_broken_invariant_is_1_with_its_rows(chuke: Chuke, home: Path) -> None:
    assert chuke("relay", "--once").status == 0
    assert chuke("invariants").status == 0
    with sqlite3.connect(home / "chuke.db") as connection:
        connection.execute("update cases set state = 'ADMITTED'")
    said = chuke("invariants")
    assert said.status == 1
    assert "✗ I3" in said.out


def test_an_altered_audit_log_is_1(chuke: Chuke, home: Path) -> None:
    assert chuke("audit", "seal").status == 0
    assert chuke("audit", "verify").status == 0
    with sqlite3.connect(home / "chuke.db") as connection:
        connection.execute("drop trigger audit_entries_refuses_update")
        connection.execute("update audit_entries set actor_name = '别人' where action = 'case:move:submit'")
    assert chuke("audit", "verify").status == 1


@pytest.mark.parametrize(
    "tokens",
    [
        ("nonsense",),
        ("case", "advance"),
        ("case", "advance", "N", "submit"),
        ("case", "advance", "N", "submit", "--as", "mayue", "--set", "novalue"),
        ("case", "list", "--on", "someday"),
        ("calendar", "count", "2026-13-01", "3"),
        ("process", "check", "marriage"),
        ("serve", "--port", "0"),
        ("token", "create"),
    ],
)
def test_a_command_line_that_cannot_be_understood_is_2(chuke: Chuke, tokens: tuple[str, ...]) -> None:
    assert chuke(*tokens).status == 2


def test_an_unreachable_database_is_3(chuke: Chuke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUKE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    settings.cache_clear()
    said = chuke("case", "list")
    assert said.status == 3
    assert "cannot be opened" in said.err


def test_a_database_newer_than_the_code_is_3(chuke: Chuke, home: Path) -> None:
    with sqlite3.connect(home / "chuke.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    assert chuke("case", "list").status == 3


def test_a_demo_on_a_database_in_use_is_3(chuke: Chuke, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUKE_DATABASE_URL", f"sqlite:///{home / 'chuke.db'}")
    said = chuke("demo", "--out", str(home / "demo"), "--carrier", "in-process")
    assert said.status == 3
    assert chuke.number in chuke("case", "list").out


def test_a_refused_move_is_4(chuke: Chuke) -> None:
    assert chuke("case", "advance", chuke.number, "submit", "--as", "mayue").status == 4


def test_a_person_without_the_role_is_4(chuke: Chuke) -> None:
    said = chuke("case", "advance", chuke.number, "accept_application", "--as", "mayue")
    assert said.status == 4
    assert "[case.role_missing]" in said.err


def test_an_unknown_year_is_4_and_says_whom_to_ask(chuke: Chuke) -> None:
    said = chuke("calendar", "count", "2045-01-01", "3")
    assert said.status == 4
    assert "2045" in said.err


@pytest.mark.parametrize(
    "tokens",
    [
        ("case", "show", "QYFH-2026-9999"),
        ("document", "verify", "0000-0000-0000-0000"),
        ("case", "list", "--as", "nobody"),
        ("process", "diff", "award", "1", "99"),
    ],
)
def test_what_does_not_exist_is_5(chuke: Chuke, tokens: tuple[str, ...]) -> None:
    assert chuke(*tokens).status == 5


def test_a_case_of_others_reads_as_if_it_did_not_exist(chuke: Chuke) -> None:
    assert chuke("case", "show", chuke.number, "--as", "zhounuan").status == 5


def test_a_busy_database_is_75(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def busy() -> None:
        raise Unavailable("database.busy")

    monkeypatch.setattr(main, "build", lambda: lambda *_tokens, **_options: busy())
    assert main.run(["anything"]) == 75
    assert "[database.busy]" in capsys.readouterr().err

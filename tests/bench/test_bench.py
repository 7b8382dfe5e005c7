"""The benchmarks run and tell what they promise; no pass time is asserted."""

from pathlib import Path

import pytest

from cli.bench import advance, effects, ledger, pages
from cli.bench.kept import markdown, show, write
from cli.bench.places import FilePlace, opened
from services.invariants.check import check


def test_an_advance_is_told_beside_its_own_statements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = advance.measure(FilePlace(tmp_path), cases=8)
    told = {row[0].strip(): row for row in result.rows}
    assert {"advance, 1 caller", "advance, 8 callers", "same SQL, raw driver", "ratio", "decision alone"} == set(told)
    assert all(row[1] > 0 and row[2] > 0 for row in result.rows)
    show([result], as_json=False)
    assert "| advance, 1 caller |" in capsys.readouterr().out


def test_entries_are_told_beside_their_rows_and_approvals_with_their_refusals(tmp_path: Path) -> None:
    result = ledger.measure(FilePlace(tmp_path), entries=20)
    told = {row[0].strip(): row for row in result.rows}
    assert {"post, 1 caller", "post, 8 callers", "same rows, raw driver", "ratio"} < set(told)
    assert told["commit an award, 16 approvers"][1] > 0
    assert told["committed"][1] == 12
    assert told["refused, award.budget_exceeded"][1] == 4
    assert told["tries"][1] >= 16


def test_what_was_sent_raw_leaves_a_sound_database(tmp_path: Path) -> None:
    """The raw statements are the whole of the work, so the checker finds nothing but errands nobody carried."""
    place = FilePlace(tmp_path)
    start = place.fresh()
    numbers, city = advance.prepare(start, 3)
    sent = advance._recorded(place.copy(start), numbers, city)
    copy = place.copy(start)
    advance.raw(place, copy, sent, callers=1)
    database = opened(copy)
    assert {one.code for one in check(database, now=advance.NOW)} == set()
    database.close()


def test_errands_are_timed_to_the_commit_that_books_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "DRAWN", 2)
    result = effects.measure(FilePlace(tmp_path), cases=3, prefect=None)
    assert [row[1] for row in result.rows] == [15, 5]
    monkeypatch.chdir(tmp_path)
    write([result])
    assert markdown(result) in (tmp_path / "docs" / "benchmarks" / "effects.md").read_text(encoding="utf-8")


def test_pages_are_told_beside_an_empty_one_with_their_statements(tmp_path: Path) -> None:
    result = pages.measure(FilePlace(tmp_path), cases=160, rounds=2)
    assert result.rows[0][:2] == ("empty page", "—")
    told = {(row[0], row[1]): row for row in result.rows}
    asked = {"work list", "all cases", "search: initials", "board", "organizations", "export, Excel"}
    assert {(name, "manager1") for name in asked} <= told.keys()
    assert {(name, "street1") for name in asked} <= told.keys()
    assert ("case page", "manager1") in told
    assert all(row[2] > 0 and row[3] >= row[2] and row[4] > 0 for row in result.rows)
    assert 0 < told["board", "manager1"][-1] < 25

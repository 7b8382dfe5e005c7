"""However a bank orders its lines and cuts them into files, and whichever files overlap: matching comes to the same."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reconciliation.matching import Outcome
from services.reconciliation.reading import read_statement
from tests.statements import FIRST, OPENING, Booked, matched, paid, written

EXPECTED, BOOKED = paid(30, seed=3)
LAST = date(2026, 12, 31)
TWINS = [
    *BOOKED,
    Booked(date(2026, 12, 9), "", "甲", "", "手续费", -500),
    Booked(date(2026, 12, 9), "", "甲", "", "手续费", -500),
]
SORTED = sorted(TWINS, key=lambda one: (one.on, one.serial))


def _balances(lines: list[Booked]) -> list[int]:
    balance, found = OPENING, []
    for one in lines:
        balance += one.amount_fen
        found.append(balance)
    return found


BALANCES = _balances(SORTED)


def _said(outcome: Outcome) -> tuple[list[str], list[tuple[str, str | None]]]:
    return (
        [f"{one.expected} {one.by} {one.facts}" for one in outcome.matches],
        sorted((one.kind, one.expected) for one in outcome.open),
    )


def _whole() -> Outcome:
    return matched(EXPECTED, read_statement(written(SORTED, balances=BALANCES)))


def _rearranged(order: list[int]) -> Outcome:
    lines = [SORTED[place] for place in order]
    statement = read_statement(written(lines, balances=[BALANCES[place] for place in order]))
    return matched(EXPECTED[::-1], statement)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(len(SORTED))))
def test_the_order_of_the_rows_changes_nothing(order: list[int]) -> None:
    assert _said(_rearranged(order)) == _said(_whole())


def _cut(cuts: list[int], overlap: int) -> Outcome:
    """The month in several files, each beginning `overlap` days before the one before it ended."""
    ends = [*sorted(FIRST + timedelta(days=one) for one in set(cuts)), LAST]
    statements, start = [], FIRST
    for end in ends:
        inside = [place for place, one in enumerate(SORTED) if start <= one.on <= end]
        opening = OPENING + sum(one.amount_fen for one in SORTED if one.on < start)
        content = written(
            [SORTED[place] for place in inside], opening=opening, first=start, last=end,
            balances=[BALANCES[place] for place in inside],
        )  # fmt: skip
        statements.append(read_statement(content))
        start = max(FIRST, end + timedelta(days=1 - overlap))
    return matched(EXPECTED, *statements)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 29), max_size=4), st.integers(0, 3))
def test_the_cutting_into_files_and_their_overlap_change_nothing(cuts: list[int], overlap: int) -> None:
    assert _said(_cut(cuts, overlap)) == _said(_whole())


def test_a_planted_bug_that_lets_the_order_decide_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = lambda lines: {line: f"{line.row}" for line in lines}  # noqa: E731
    monkeypatch.setattr("tests.statements.line_keys", keys)
    assert _said(_cut([10], 3)) != _said(_whole())

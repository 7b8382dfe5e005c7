"""Who comes first among those who passed: the same order whatever way they are listed, and never against the rules."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assessments.ranking import Candidate, rank

DAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
candidates = st.builds(
    Candidate,
    number=st.integers(1, 10_000).map(lambda number: f"QYFH-2026-{number:04}"),
    priority=st.booleans(),
    result=st.sampled_from([Decimal("70.00"), Decimal("70.01"), Decimal("85.33"), Decimal("100.00")]),
    rural=st.booleans(),
    need=st.sampled_from([Decimal(0), Decimal("15.5"), Decimal(20)]),
    accepted_at=st.integers(0, 3).map(lambda days: DAY + timedelta(days=days)),
)
lists = st.lists(candidates, max_size=12, unique_by=lambda one: one.number)


def beats(one: Candidate, other: Candidate) -> bool:
    """The rule as the specification tells it, said another way: the first difference decides."""
    for mine, theirs in ((one.priority, other.priority), (one.result, other.result), (one.rural, other.rural)):
        if mine != theirs:
            return mine > theirs
    if one.need != other.need:
        return one.need > other.need
    if one.accepted_at != other.accepted_at:
        return one.accepted_at < other.accepted_at
    return one.number < other.number


def in_order(found: list[Candidate]) -> bool:
    return all(beats(one, after) for one, after in pairwise(found))


@settings(max_examples=400)
@given(lists, st.randoms())
def test_the_order_follows_the_rule_and_not_the_list(waiting: list[Candidate], chance: Any) -> None:
    ranked = rank(waiting)
    shuffled = list(waiting)
    chance.shuffle(shuffled)
    assert in_order([one.candidate for one in ranked])
    assert rank(shuffled) == ranked
    assert [one.place for one in ranked] == list(range(1, len(waiting) + 1))
    assert all(one.before_next for one in ranked[:-1])


@pytest.mark.parametrize(
    ("bug", "key"),
    [
        ("the lower result first", lambda one: (not one.priority, one.result, one.number)),
        ("the later acceptance first", lambda one: (*one.key()[:4], -one.accepted_at.timestamp())),
        ("ties by number alone", lambda one: (not one.priority, -one.result, one.number)),
        ("no priority", lambda one: (-one.result, not one.rural, -one.need, one.accepted_at, one.number)),
    ],
)  # fmt: skip
def test_a_wrong_order_would_be_seen(bug: str, key: Callable[[Candidate], Any]) -> None:
    base = Candidate("QYFH-2026-0001", True, Decimal(80), True, Decimal(15), DAY)
    waiting = [
        base,
        Candidate("QYFH-2026-0002", True, Decimal(90), False, Decimal(15), DAY),
        Candidate("QYFH-2026-0003", False, Decimal(95), True, Decimal(15), DAY),
        Candidate("QYFH-2026-0000", True, Decimal(80), True, Decimal(10), DAY + timedelta(days=1)),
        Candidate("QYFH-2026-0009", True, Decimal(80), True, Decimal(15), DAY + timedelta(days=1)),
    ]
    assert not in_order(sorted(waiting, key=key)), bug
    assert in_order([one.candidate for one in rank(waiting)])

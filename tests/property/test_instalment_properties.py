"""Public money: every split is exact, every entry sums to zero, and the books balance after any sequence."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.funding.rules import (
    NOTHING,
    Account,
    AmountRefused,
    BalanceRefused,
    Balances,
    Postings,
    appropriate,
    bank_return,
    commit,
    floor_reasons,
    fold,
    identity_holds,
    instruct,
    pay,
    recovery_decided,
    recovery_repaid,
    refund,
    release_commitment,
    split_instalments,
)

SEED = 20171225
ROUNDS = 100_000 if os.environ.get("CHUKE_NIGHTLY") else 20_000


def random_plan(source: random.Random) -> tuple[int, ...]:
    cuts = sorted(source.sample(range(1, 100), source.randint(0, 5)))
    return tuple(high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True))


def first_wrong_split(split: Callable[[int, tuple[int, ...]], tuple[int, ...]], *, rounds: int) -> object:
    """The first of `rounds` random splits that is not exact to the fen, or None; the sequence is always the same."""
    source = random.Random(SEED)
    for _ in range(rounds):
        total, plan = source.randint(1_000, 10 ** source.randint(4, 13)), random_plan(source)
        shares = split(total, plan)
        parts = [divmod(total * percent, 100) for percent in plan[:-1]]
        wanted = [whole + (rest >= 50) for whole, rest in parts]
        if sum(shares) != total or list(shares[:-1]) != wanted or min(shares) < 1:
            return total, plan, shares
    return None


def test_random_splits_are_exact_to_the_fen() -> None:
    assert first_wrong_split(split_instalments, rounds=ROUNDS) is None


def rounding_every_share(total: int, plan: tuple[int, ...]) -> tuple[int, ...]:
    return tuple((total * percent * 2 + 100) // 200 for percent in plan)


def reckoning_in_floats(total: int, plan: tuple[int, ...]) -> tuple[int, ...]:
    first = [round(total * (percent / 100)) for percent in plan[:-1]]
    return (*first, total - sum(first))


@pytest.mark.parametrize("weakened", [rounding_every_share, reckoning_in_floats])
def test_a_split_that_rounds_wrongly_is_caught(
    weakened: Callable[[int, tuple[int, ...]], tuple[int, ...]],
) -> None:
    assert first_wrong_split(weakened, rounds=10_000) is not None


@given(st.integers(1, 200), st.integers(0, 10**6))
def test_even_tiny_awards_are_split_exactly_or_refused(total: int, seed: int) -> None:
    plan = random_plan(random.Random(seed))
    try:
        shares = split_instalments(total, plan)
    except AmountRefused:
        return
    assert sum(shares) == total
    assert min(shares) >= 1


LINES, AWARDS = ("county", "lottery"), ("first", "second", "third")
AMOUNTS = st.integers(1, 1_000)
ON_AWARDS = (
    commit,
    release_commitment,
    instruct,
    pay,
    bank_return,
    refund,
    recovery_decided,
    recovery_repaid,
)
ENTRIES = st.one_of(
    st.builds(appropriate, st.sampled_from(LINES), AMOUNTS),
    *(st.builds(build, st.sampled_from(LINES), st.sampled_from(AWARDS), amount_fen=AMOUNTS) for build in ON_AWARDS),
)


@given(ENTRIES)
def test_every_entry_sums_to_zero(entry: Postings) -> None:
    assert sum(posting.amount_fen for posting in entry) == 0
    assert all(posting.amount_fen for posting in entry)


@given(st.lists(ENTRIES, max_size=40))
def test_the_identity_holds_after_any_sequence(entries: list[Postings]) -> None:
    books = NOTHING
    for entry in entries:
        books = books.post(entry)
        assert identity_holds(books)
        assert all(identity_holds(books, line_id=line) for line in LINES)
    assert fold(entries) == books
    assert sum(books.of(account) for account in Account) == 0


@given(st.lists(ENTRIES, min_size=10, max_size=60))
@settings(deadline=None)
def test_guarded_books_never_spend_what_is_not_there(entries: list[Postings]) -> None:
    books: Balances = NOTHING.post(appropriate("county", 2_000))
    for entry in entries:
        after = books.post(entry)
        if not any(floor_reasons(after, posting.line_id, posting.award_id) for posting in entry):
            books = after
    for line in LINES:
        figures = books.figures(line_id=line)
        assert min(figures.available, figures.committed, figures.payable, figures.returned, figures.receivable) >= 0
        assert figures.receivable <= figures.net_paid <= figures.appropriated


@given(st.lists(ENTRIES, max_size=20), st.randoms(use_true_random=False))
def test_balances_do_not_depend_on_the_order_of_entries(entries: list[Postings], source: random.Random) -> None:
    shuffled = list(entries)
    source.shuffle(shuffled)
    assert fold(shuffled) == fold(entries)


def test_an_entry_that_forgets_one_side_is_caught() -> None:
    whole = recovery_repaid("county", "first", amount_fen=5)
    assert len(whole) == 4
    for missing in range(4):
        with pytest.raises(BalanceRefused):
            NOTHING.post(posting for place, posting in enumerate(whole) if place != missing)

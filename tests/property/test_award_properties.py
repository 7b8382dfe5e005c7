"""Advice of panels, plans, budgets, shifts and the order of a call under any inputs, each with the bug it catches."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.awards import rules
from services.awards.rules import Applied
from services.funding.rules import advised_award

YUAN = 100
amounts = st.integers(10_000, 10**9)
sheets = st.lists(amounts, min_size=1, max_size=9)
plans = st.lists(st.integers(1, 100), min_size=1, max_size=6)


def median_by_definition(advised: Sequence[int], requested: int) -> int:
    """The greatest multiple of 100 yuan that is at most the median and at most the request."""
    ordered, half = sorted(advised), len(advised) // 2
    twice = ordered[half] * 2 if len(ordered) % 2 else ordered[half - 1] + ordered[half]
    return max(step for step in (min(twice // 2, requested) // 10_000 * 10_000,) if step * 2 <= twice)


@given(sheets, amounts)
def test_an_award_is_the_median_rounded_down_to_a_hundred_yuan_and_never_above_the_request(
    advised: list[int], requested: int
) -> None:
    award = advised_award(advised, requested_fen=requested)
    assert award == median_by_definition(advised, requested)
    assert award % 10_000 == 0
    assert award <= requested


def rounded_half_up(advised: Sequence[int], requested: int) -> int:
    """The classic mistake: the nearest hundred yuan, which may lie above what the panel advised."""
    ordered = sorted(advised)
    return (min(ordered[len(ordered) // 2], requested) + 5_000) // 10_000 * 10_000


def test_rounding_to_the_nearest_hundred_would_be_noticed() -> None:
    assert rounded_half_up([12_345 * YUAN], 20_000 * YUAN) == 12_300 * YUAN
    assert rounded_half_up([12_360 * YUAN], 20_000 * YUAN) != median_by_definition([12_360 * YUAN], 20_000 * YUAN)


@given(plans)
def test_a_plan_is_whole_exactly_when_it_totals_a_hundred(plan: list[int]) -> None:
    assert (rules.plan_fault(plan) is None) == (sum(plan) == 100)


@pytest.mark.parametrize("plan", [(), (50, 30, 19), (50, 30, 21), (100, 0), (0, 100), (110, -10), (20,) * 5 + (1,)])
def test_a_plan_that_does_not_total_a_hundred_is_none(plan: tuple[int, ...]) -> None:
    assert rules.plan_fault(plan) == "award.plan_not_whole"


def test_only_a_small_activity_subsidy_is_paid_at_once() -> None:
    def allowed(plan: tuple[int, ...], kind: str, yuan: int) -> bool:
        return rules.plan_allowed(plan, funding_type=kind, amount_fen=yuan * YUAN, at_once_to_fen=300_000)

    assert allowed((100,), "activity_subsidy", 3_000)
    assert not allowed((100,), "activity_subsidy", 3_001)
    assert not allowed((100,), "project_grant", 3_000)
    assert allowed((50, 50), "project_grant", 100_000)


@given(st.integers(1, 6))
def test_the_last_part_is_earned_by_acceptance_and_the_first_by_signing(count: int) -> None:
    stages = [rules.stage_of(number, count) for number in range(1, count + 1)]
    assert stages[-1] == rules.ACCEPTED
    assert stages == sorted(stages)
    assert count == 1 or stages[0] == rules.SIGNED


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.data())
def test_a_budget_cut_to_the_award_sums_to_it_exactly(items: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(1, sum(items)))
    cut = rules.scaled(items, total)
    assert sum(cut) == total
    assert all(part >= 0 for part in cut)


@given(st.integers(1, 10**9), st.integers(0, 10**8), st.integers(1, 10**8))
def test_exactly_a_tenth_is_free_and_a_fen_more_is_not(granted: int, shifted: int, amount: int) -> None:
    free = rules.shift_is_free(granted, shifted_fen=shifted, amount_fen=amount, percent=10)
    assert free == (shifted + amount <= granted * 10 // 100)


def shift_below_only(granted: int, shifted: int, amount: int) -> bool:
    """The classic mistakes: a strict comparison, and looking at each shift by itself."""
    return amount * 100 < granted * 10 and shifted >= 0


@pytest.mark.parametrize(
    ("granted", "shifted", "amount", "free"),
    [(10_000, 0, 1_000, True), (10_000, 0, 1_001, False), (10_000, 600, 401, False)],
)
def test_the_planted_shifts_differ_at_the_edge(granted: int, shifted: int, amount: int, free: bool) -> None:
    assert rules.shift_is_free(granted, shifted_fen=shifted, amount_fen=amount, percent=10) is free
    assert shift_below_only(10_000, 0, 1_000) is False
    assert shift_below_only(10_000, 600, 401) is True


applied = st.builds(
    Applied, number=st.integers(1, 9_999).map(str), score=st.integers(0, 10_000).map(lambda one: Decimal(one) / 100),
    priority=st.booleans(), rural=st.booleans(), need=st.integers(0, 40).map(lambda one: Decimal(one) / 2),
    accepted_at=st.integers(0, 10**6).map(lambda one: datetime.fromtimestamp(one, UTC)), advised_fen=amounts,
)  # fmt: skip
calls = st.lists(applied, max_size=8, unique_by=lambda one: one.number)


def overtaken(rank: Callable[..., tuple[rules.Ranked, ...]], found: list[Applied], budget: int) -> list[str]:
    """Numbers that are funded although somebody with a higher score is not, and everything above the budget."""
    ranked = rank(found, budget_fen=budget, mark=Decimal(70))
    funded = [one for one in ranked if one.funded]
    worst = min((one.applied.score for one in funded), default=Decimal(0))
    passed_over = [one.applied.number for one in ranked if not one.funded and one.applied.score > worst and funded]
    above = [] if sum(one.applied.advised_fen for one in funded) <= budget else ["above"]
    return passed_over + above + [one.applied.number for one in funded if one.applied.score < 70]


@given(calls, st.integers(0, 4 * 10**9))
def test_a_call_is_funded_by_score_until_the_budget_ends(found: list[Applied], budget: int) -> None:
    assert overtaken(rules.rank, found, budget) == []


def skipping(found: list[Applied], *, budget_fen: int, mark: Decimal) -> tuple[rules.Ranked, ...]:
    """The classic mistake: who no longer fits is passed over, and somebody with a lower score gets the rest."""
    left, ranked = budget_fen, []
    for place, one in enumerate(sorted(found, key=Applied.key), start=1):
        funded = one.score >= mark and one.advised_fen <= left
        left -= one.advised_fen if funded else 0
        ranked.append(rules.Ranked(place, one, funded, ""))
    return tuple(ranked)


def test_passing_over_who_no_longer_fits_would_be_noticed() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    three = [
        Applied(number, Decimal(score), priority=False, rural=False, need=Decimal(10), accepted_at=day, advised_fen=fen)
        for number, score, fen in (("1", 90, 500_000), ("2", 85, 800_000), ("3", 80, 300_000))
    ]
    assert overtaken(skipping, three, 900_000) == ["2"]
    assert overtaken(rules.rank, three, 900_000) == []


@given(st.text(max_size=12), st.integers(1, 9_999))
def test_a_lot_can_be_derived_again_and_lies_in_range(seed: str, number: int) -> None:
    lot = rules.lot_of(seed, str(number))
    assert lot == rules.lot_of(seed, str(number))
    assert 0 <= lot < rules.LOTS


def test_about_a_tenth_of_the_awards_is_drawn_and_every_large_one_audited() -> None:
    drawn = sum(
        rules.audit_reason(100_000, from_fen=5_000_000, lot=rules.lot_of("种子", str(one)), percent=10) == "drawn"
        for one in range(2_000)
    )
    assert 150 < drawn < 250
    assert rules.audit_reason(5_000_000, from_fen=5_000_000, lot=9_999, percent=10) == "amount"
    assert rules.audit_reason(4_999_999, from_fen=5_000_000, lot=1_000, percent=10) == "neither"
    assert rules.audit_reason(4_999_999, from_fen=5_000_000, lot=999, percent=10) == "drawn"


@pytest.mark.parametrize(
    "typed", ["044002100111 12345678", "０４４００２１００１１１12345678", "044-00210011112345678"]
)
def test_an_invoice_is_the_same_however_it_is_typed(typed: str) -> None:
    assert rules.invoice_key(typed) == "04400210011112345678"


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_goes_back_is_never_below_nothing(paid: int, returned: int, spent: int) -> None:
    left = rules.balance_fen(paid_fen=paid, returned_fen=returned, spent_fen=spent)
    assert left == max(paid - returned - spent, 0)

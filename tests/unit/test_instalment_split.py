"""Public money in fen: instalments, ceilings to the fen, and the books of a fund year."""

from __future__ import annotations

from typing import Any

import pytest

from services.funding.rules import (
    MAXIMUM_FEN,
    NOTHING,
    Account,
    AmountRefused,
    BalanceRefused,
    Balances,
    Figures,
    Posting,
    Postings,
    advised_award,
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
    reverse,
    split_instalments,
)

YUAN = 100


@pytest.mark.parametrize(
    ("yuan", "plan", "shares"),
    [
        (24_000, (50, 30, 20), (12_000, 7_200, 4_800)),
        (18_000, (50, 30, 20), (9_000, 5_400, 3_600)),
        (10_000, (50, 30, 20), (5_000, 3_000, 2_000)),
        (3_000, (100,), (3_000,)),
    ],
)
def test_awards_are_shared_out_by_the_plan(yuan: int, plan: tuple[int, ...], shares: tuple[int, ...]) -> None:
    assert split_instalments(yuan * YUAN, plan) == tuple(share * YUAN for share in shares)


def test_all_but_the_last_are_rounded_half_up_and_the_last_takes_the_rest() -> None:
    assert split_instalments(101, (50, 30, 20)) == (51, 30, 20)
    assert split_instalments(333, (50, 30, 20)) == (167, 100, 66)
    assert split_instalments(10_001, (33, 33, 34)) == (3300, 3300, 3401)


@pytest.mark.parametrize("plan", [(), (50, 30), (50, 30, 30), (110, -10), (100, 0), (50.0, 50), (True, 99)])
def test_a_plan_that_is_not_positive_percentages_totalling_100_is_refused(plan: Any) -> None:
    with pytest.raises(AmountRefused, match="percentages"):
        split_instalments(10_000, plan)


@pytest.mark.parametrize("amount", [0, -1, 1.0, "100", True, None, MAXIMUM_FEN + 1, 2**63])
def test_only_positive_whole_fen_are_an_amount(amount: Any) -> None:
    for act in (
        lambda: split_instalments(amount, (50, 50)),
        lambda: appropriate("line", amount),
        lambda: commit("line", "award", amount_fen=amount),
        lambda: advised_award([amount], requested_fen=1000),
    ):
        with pytest.raises(AmountRefused, match="whole number of fen"):
            act()


def test_an_award_too_small_for_its_plan_is_refused_rather_than_given_an_empty_or_negative_instalment() -> None:
    with pytest.raises(AmountRefused, match="too few"):
        split_instalments(2, (25, 25, 25, 25))
    with pytest.raises(AmountRefused, match="too few"):
        split_instalments(1, (50, 30, 20))


def test_the_panel_advises_the_median_rounded_down_to_a_hundred_yuan() -> None:
    advice = [yuan * YUAN for yuan in (20_000, 24_150, 26_000)]
    assert advised_award(advice, requested_fen=30_000 * YUAN) == 24_100 * YUAN
    assert advised_award(advice, requested_fen=22_000 * YUAN) == 22_000 * YUAN
    assert advised_award([10_000 * YUAN, 10_350 * YUAN], requested_fen=20_000 * YUAN) == 10_100 * YUAN
    with pytest.raises(AmountRefused, match="no evaluator"):
        advised_award([], requested_fen=100)
    with pytest.raises(AmountRefused):
        advised_award([9_999], requested_fen=9_999)


# The 2026 special fund of the demonstration city --------------------------------------------------


def _award(line: str, award: str, *, yuan: int, paid: tuple[int, ...], cancelled: int = 0) -> list[Postings]:
    entries = [commit(line, award, amount_fen=yuan * YUAN)]
    for amount in paid:
        entries += [instruct(line, award, amount_fen=amount * YUAN), pay(line, award, amount_fen=amount * YUAN)]
    if cancelled:
        entries.append(release_commitment(line, award, amount_fen=cancelled * YUAN))
    return entries


FUND_2026: list[Postings] = [
    appropriate("county", 180_000 * YUAN),
    appropriate("lottery", 100_000 * YUAN),
    appropriate("donation", 20_000 * YUAN),
    *_award("county", "O1", yuan=24_000, paid=(12_000,)),
    *_award("county", "O7", yuan=18_000, paid=(9_000,)),
    *_award("county", "O11", yuan=20_000, paid=(10_000, 6_000), cancelled=4_000),
    *_award("lottery", "O8", yuan=10_000, paid=(5_000,)),
    *_award("lottery", "O9", yuan=16_000, paid=(8_000, 4_800)),
    *_award("donation", "O10", yuan=6_000, paid=(3_000,), cancelled=3_000),
    refund("donation", "O10", amount_fen=1_200 * YUAN),
    recovery_decided("county", "O11", amount_fen=12_000 * YUAN),
    recovery_repaid("county", "O11", amount_fen=5_000 * YUAN),
]


def test_the_fund_year_comes_to_the_expected_figures() -> None:
    books = fold(FUND_2026)
    figures = books.figures()
    assert figures == Figures(
        appropriated=300_000 * YUAN,
        available=219_200 * YUAN,
        committed=29_200 * YUAN,
        payable=0,
        paid=57_800 * YUAN,
        returned=6_200 * YUAN,
        receivable=7_000 * YUAN,
    )
    assert figures.net_paid == 51_600 * YUAN
    available = {line: books.figures(line_id=line).available // YUAN for line in ("county", "lottery", "donation")}
    assert available == {"county": 127_000, "lottery": 74_000, "donation": 18_200}


def broken_floors(books: Balances, entry: Postings) -> list[str]:
    """The floors that the books break where the entry touched them."""
    touched = {(posting.line_id, posting.award_id) for posting in entry}
    return [reason for line_id, award_id in touched for reason in floor_reasons(books, line_id, award_id)]


def test_the_identity_holds_after_every_entry_and_no_floor_is_broken() -> None:
    books: Balances = NOTHING
    for entry in FUND_2026:
        books = books.post(entry)
        assert broken_floors(books, entry) == []
        assert identity_holds(books)
        assert all(identity_holds(books, line_id=line) for line in ("county", "lottery", "donation"))
    assert books == fold(FUND_2026)


def test_the_figures_of_one_award() -> None:
    award = fold(FUND_2026).figures(award_id="O11")
    assert (award.paid, award.returned, award.receivable) == (16_000 * YUAN, 5_000 * YUAN, 7_000 * YUAN)
    assert award.committed == 0


def test_a_bank_return_makes_the_money_committed_again() -> None:
    before = fold([appropriate("line", 500), commit("line", "award", amount_fen=300)])
    after = fold([instruct("line", "award", amount_fen=300), bank_return("line", "award", amount_fen=300)], onto=before)
    assert after == before


def test_reversing_an_entry_restores_the_books() -> None:
    books = fold([appropriate("line", 500)])
    entry = commit("line", "award", amount_fen=300)
    assert books.post(entry).post(reverse(entry)) == books


COMMITTED = fold([appropriate("line", 500), commit("line", "award", amount_fen=300)])
PAID = fold([instruct("line", "award", amount_fen=200), pay("line", "award", amount_fen=200)], onto=COMMITTED)


@pytest.mark.parametrize(
    ("books", "entry", "reason"),
    [
        (COMMITTED, commit("line", "other", amount_fen=201), "ledger.available_below_zero"),
        (COMMITTED, instruct("line", "award", amount_fen=301), "ledger.committed_below_zero"),
        (COMMITTED, release_commitment("line", "award", amount_fen=301), "ledger.committed_below_zero"),
        (COMMITTED, instruct("line", "other", amount_fen=1), "ledger.committed_below_zero"),
        (COMMITTED, pay("line", "award", amount_fen=1), "ledger.payable_below_zero"),
        (COMMITTED, bank_return("line", "award", amount_fen=1), "ledger.payable_below_zero"),
        (PAID, refund("line", "award", amount_fen=201), "ledger.returned_above_paid"),
        (PAID, refund("line", "other", amount_fen=1), "ledger.returned_above_paid"),
        (PAID, recovery_decided("line", "award", amount_fen=201), "ledger.receivable_above_paid"),
        (PAID, recovery_repaid("line", "award", amount_fen=1), "ledger.receivable_below_zero"),
        (PAID, reverse(refund("line", "award", amount_fen=1)), "ledger.returned_below_zero"),
        (PAID, reverse(pay("line", "award", amount_fen=201)), "ledger.paid_below_zero"),
        (NOTHING, reverse(appropriate("line", 1)), "ledger.appropriated_below_zero"),
    ],
)
def test_no_entry_takes_an_account_below_its_floor(books: Balances, entry: Postings, reason: str) -> None:
    assert reason in broken_floors(books.post(entry), entry)


def test_the_last_fen_of_each_account_may_be_used() -> None:
    for books, entry in (
        (COMMITTED, commit("line", "other", amount_fen=200)),
        (COMMITTED, instruct("line", "award", amount_fen=300)),
        (PAID, refund("line", "award", amount_fen=200)),
    ):
        assert broken_floors(books.post(entry), entry) == []


def test_an_entry_that_does_not_sum_to_zero_is_refused_also_when_two_lines_would_cancel_out() -> None:
    one_sided = (Posting(Account.AVAILABLE, "line", None, 100),)
    across = (Posting(Account.AVAILABLE, "line", None, 100), Posting(Account.AVAILABLE, "other", None, -100))
    for entry in (one_sided, across):
        with pytest.raises(BalanceRefused, match="sum to zero"):
            NOTHING.post(entry)

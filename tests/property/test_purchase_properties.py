"""Who wins a purchase: the federation only among equals, only for civil affairs, only where the call said so."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.purchases.rules import (
    CIVIL_AFFAIRS,
    NOT_PURCHASABLE,
    STREET,
    Ranked,
    Won,
    contractor_reasons,
    due_fen,
    longest_end,
    not_purchasable,
    price_points,
    winner,
)

POINTS = st.sampled_from([Decimal(10), Decimal("10.5"), Decimal(11)])
BIDS = st.lists(
    st.builds(
        lambda price, federation, plan, capacity: Ranked("", price, federation, {"plan": plan, "capacity": capacity}),
        st.sampled_from([500, 600]), st.booleans(), POINTS, POINTS,
    ),
    min_size=1, max_size=5,
).map(lambda found: [replace(one, id=f"b{place}") for place, one in enumerate(found)])  # fmt: skip
SEEDS = st.text("abc123", min_size=1, max_size=4)
Choice = Callable[..., Won | None]


def by_id(bids: Collection[Ranked]) -> dict[str, Ranked]:
    return {one.id: one for one in bids}


def faults(choose: Choice, bids: list[Ranked], purchaser: str, announced: bool, seed: str) -> list[str]:
    """What is wrong with a choice; each line is one promise of the rule."""
    found, of = [], by_id(bids)
    won = choose(bids, purchaser=purchaser, announced=announced, seed=seed)
    assert won is not None
    mine, best = of[won.bid_id], max(one.total for one in bids)
    cheapest = min(one.price_fen for one in bids if one.total == best)
    if (mine.total, mine.price_fen) != (best, cheapest):
        found.append("a worse bid won")
    equals = [one for one in bids if (one.total, one.price_fen) == (best, cheapest)]
    preferring = purchaser == CIVIL_AFFAIRS and announced and len({tuple(sorted(e.means.items())) for e in equals}) == 1
    if won.why == "federation_first" and not preferring:
        found.append("a federation was preferred where the rule does not hold")
    if preferring and any(one.federation for one in equals) and not mine.federation:
        found.append("an equal federation did not go first")
    blind = choose(
        [replace(one, federation=False) for one in bids], purchaser=purchaser, announced=announced, seed=seed
    )
    if not preferring and blind is not None and blind.bid_id != won.bid_id:
        found.append("who is a federation mattered")
    again = choose(list(reversed(bids)), purchaser=purchaser, announced=announced, seed=seed)
    if again != won:
        found.append("the order of the list mattered")
    return found


@given(BIDS, st.sampled_from([CIVIL_AFFAIRS, STREET]), st.booleans(), SEEDS)
@settings(max_examples=300)
def test_the_best_bid_wins_and_a_federation_only_among_equals(
    bids: list[Ranked], purchaser: str, announced: bool, seed: str
) -> None:
    assert faults(winner, bids, purchaser, announced, seed) == []


def _quota(bids: Collection[Ranked], **said: Any) -> Won | None:
    federations = [one for one in bids if one.federation]
    return winner(federations or bids, **said)


def _any_purchaser(bids: Collection[Ranked], *, purchaser: str, announced: bool, seed: str) -> Won | None:
    return winner(bids, purchaser=CIVIL_AFFAIRS, announced=announced, seed=seed)


def _unannounced(bids: Collection[Ranked], *, purchaser: str, announced: bool, seed: str) -> Won | None:
    return winner(bids, purchaser=purchaser, announced=True, seed=seed)


def _price_forgotten(bids: Collection[Ranked], **said: Any) -> Won | None:
    leveled = [replace(one, price_fen=1) for one in bids]
    return winner(leveled, **said)


def _by_place(bids: Collection[Ranked], **said: Any) -> Won | None:
    best = max(one.total for one in bids)
    level = [one for one in bids if one.total == best]
    return Won(min(level, key=lambda one: one.price_fen).id, "drawn")


@pytest.mark.parametrize("weak", [_quota, _any_purchaser, _unannounced, _price_forgotten, _by_place])
def test_each_weakened_choice_is_caught(weak: Choice) -> None:
    """A quota, a street's preference, an unannounced one, a forgotten price, a lot by place in the list."""
    caught = []
    prices, marks = (500, 600), (Decimal(10), Decimal(11))
    for first in ((p, f, m) for p in prices for f in (True, False) for m in marks):
        for second in ((p, f, m) for p in prices for f in (True, False) for m in marks):
            bids = [Ranked(f"b{n}", p, f, {"plan": m}) for n, (p, f, m) in enumerate((first, second))]
            for purchaser in (CIVIL_AFFAIRS, STREET):
                for announced in (True, False):
                    caught += faults(weak, bids, purchaser, announced, "seed")
    assert caught


EQUALS = [Ranked("hub", 6_000_000, False, {"plan": Decimal("66.40")}),
          Ranked("union", 6_000_000, True, {"plan": Decimal("66.40")})]  # fmt: skip


@pytest.mark.parametrize(
    ("purchaser", "announced", "why"),
    [(CIVIL_AFFAIRS, True, "federation_first"), (STREET, True, "drawn"), (CIVIL_AFFAIRS, False, "drawn")],
)
def test_of_two_equals_the_federation_goes_first_for_civil_affairs_alone(
    purchaser: str, announced: bool, why: str
) -> None:
    won = winner(EQUALS, purchaser=purchaser, announced=announced, seed="s")
    assert won is not None
    assert won.why == why
    assert won.tied == ("hub", "union")


def test_without_the_rule_each_equal_wins_by_some_seed() -> None:
    drawn = {winner(EQUALS, purchaser=STREET, announced=True, seed=str(n)).bid_id for n in range(20)}  # type: ignore[union-attr]
    assert drawn == {"hub", "union"}


def test_equal_totals_of_unequal_scores_are_no_tie_for_a_federation() -> None:
    uneven = [Ranked("hub", 500, False, {"plan": Decimal(30), "capacity": Decimal(20)}),
              Ranked("union", 500, True, {"plan": Decimal(20), "capacity": Decimal(30)})]  # fmt: skip
    won = winner(uneven, purchaser=CIVIL_AFFAIRS, announced=True, seed="s")
    assert won is not None
    assert won.why == "drawn"


def test_the_lowest_price_earns_all_its_points() -> None:
    assert (price_points(500, 500), price_points(750, 500)) == (Decimal(20), Decimal("13.33"))


@given(st.integers(1, 10**9), st.integers(1, 5_000), st.data())
def test_what_is_due_never_exceeds_the_contract_and_grows_with_what_was_accepted(
    contract: int, quantity: int, data: st.DataObject
) -> None:
    accepted, quality = data.draw(st.integers(0, quantity)), data.draw(st.integers(0, 100))
    due = due_fen(contract_fen=contract, quantity=quantity, accepted=accepted, quality=quality)
    assert 0 <= due <= contract
    if accepted < quantity:
        assert due <= due_fen(contract_fen=contract, quantity=quantity, accepted=accepted + 1, quality=quality)
    assert due_fen(contract_fen=contract, quantity=quantity, accepted=quantity, quality=80) == contract


def test_a_contract_lasts_a_year_or_three_where_the_money_is_secured() -> None:
    start = date(2026, 4, 1)
    assert longest_end(start, stable=False, budget_secured=True) == date(2027, 3, 31)
    assert longest_end(start, stable=True, budget_secured=False) == date(2027, 3, 31)
    assert longest_end(start, stable=True, budget_secured=True) == date(2029, 3, 31)
    assert longest_end(date(2028, 2, 29), stable=False, budget_secured=False) - date(2028, 2, 29) < timedelta(367)


@pytest.mark.parametrize("rule", [one.key for one in NOT_PURCHASABLE])
def test_each_thing_of_the_closed_list_is_kept_out_when_declared(rule: str) -> None:
    found = not_purchasable("为老巡访", "每月两次", rule)
    assert found is not None
    assert found.key == rule


@pytest.mark.parametrize(
    ("title", "rule"),
    [("社区保洁劳务派遣", "staffing"), ("活动室装修及保洁", "goods_or_works"), ("行政许可受理", "own_duty"),
     ("小额贷款推介", "financing")],
)  # fmt: skip
def test_words_give_away_what_may_not_be_bought(title: str, rule: str) -> None:
    found = not_purchasable(title)
    assert found is not None
    assert found.key == rule


def test_an_ordinary_service_may_be_bought() -> None:
    assert not_purchasable("为老巡访", "独居老年人每月上门两次，有记录") is None


def test_a_filed_organization_takes_nothing_alone() -> None:
    said = {"is_operator": False, "listed": False, "granted": False}
    alone = contractor_reasons(legal_status="FILED", on_committee=False, **said)
    assert alone == ("purchase.filed_sole_contractor",)
    assert contractor_reasons(legal_status="FILED", on_committee=True, **said) == ()
    assert contractor_reasons(legal_status="UNFILED", on_committee=True, **said) == alone
    assert contractor_reasons(legal_status="REGISTERED", on_committee=False, **said) == ()


def test_every_reason_against_a_contractor_is_told_at_once() -> None:
    assert contractor_reasons(
        legal_status="FILED", on_committee=False, is_operator=True, listed=True, granted=True
    ) == ("purchase.filed_sole_contractor", "purchase.operator_sells_to_itself", "purchase.bidder_on_list",
          "purchase.granted_already")  # fmt: skip

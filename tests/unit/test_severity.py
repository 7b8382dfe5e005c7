"""Severity, drift, agreement and their effect on a ranking, over sheets small enough to reckon by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from services.assessments.severity import Sheet, agreement, ranking, severities

START = datetime(2026, 3, 2, tzinfo=UTC)


def rounds(*totals: dict[str, float]) -> list[Sheet]:
    """One round for each dict of evaluator to total, a day apart."""
    return [
        Sheet(f"r{place}", evaluator, Fraction(total), START + timedelta(days=place))
        for place, lines in enumerate(totals)
        for evaluator, total in lines.items()
    ]


def test_severity_is_the_mean_deviation_from_the_panel() -> None:
    found = severities(rounds({"a": 70, "b": 80, "c": 90}, {"a": 74, "b": 80, "c": 86}))
    assert [(one.evaluator, one.deviation, one.sheets) for one in found] == [("a", -8, 2), ("b", 0, 2), ("c", 8, 2)]
    assert not any(one.counts for one in found)


def test_a_round_with_one_sheet_says_nothing_of_anybody() -> None:
    assert severities(rounds({"a": 40})) == ()


def test_drift_is_the_later_half_less_the_earlier_half() -> None:
    growing = [{"a": 80 - 2 * place, "b": 80} for place in range(6)]
    severe = {one.evaluator: one for one in severities(rounds(*growing))}["a"]
    assert severe.drift == Fraction(-3)
    assert severities(rounds(*growing[:5]))[0].drift is None


def test_the_ranking_shows_who_was_behind_only_for_the_evaluator() -> None:
    sheets = rounds({"a": 70, "b": 82}, {"b": 79, "c": 80})
    found = ranking(sheets, {"a": Fraction(-10), "b": Fraction(1)})
    assert [(one.round_id, one.place, one.adjusted_place, one.moved) for one in found] == [
        ("r1", 1, 2, -1), ("r0", 2, 1, 1),
    ]  # fmt: skip
    assert ranking(sheets, {})[0].adjusted_place == 1


def test_equal_means_share_a_place() -> None:
    found = ranking(rounds({"a": 80, "b": 80}, {"a": 79, "b": 81}, {"a": 70, "b": 70}), {})
    assert [one.place for one in found] == [1, 1, 3]


def test_full_agreement_is_one_and_no_variation_cannot_be_told() -> None:
    assert agreement(rounds({"a": 70, "b": 70}, {"a": 90, "b": 90})) == pytest.approx(1)
    assert agreement(rounds({"a": 70, "b": 70}, {"a": 70, "b": 70})) is None
    assert agreement(rounds({"a": 70, "b": 80})) is None


def test_agreement_is_the_alpha_one_reckons_by_hand() -> None:
    """Interval scale: one less the observed mean squared difference within rounds over that of all pairs."""
    sheets = rounds({"a": 70, "b": 74}, {"a": 80, "b": 86}, {"a": 90, "b": 85})
    values = [float(one.total) for one in sheets]
    observed = sum((one - other) ** 2 for one, other in ((70, 74), (80, 86), (90, 85))) / 3
    pairs = [(one - other) ** 2 for place, one in enumerate(values) for other in values[place + 1 :]]
    assert agreement(sheets) == pytest.approx(1 - observed / (sum(pairs) / len(pairs)))

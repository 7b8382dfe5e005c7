"""Dates, amounts, numbers, scores and masks are printed the way Chinese offices write them."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import format as printed

VOUCHER_RULES = {
    140_950: "壹仟肆佰零玖元伍角整",
    600_714: "陆仟零柒元壹角肆分",
    168_032: "壹仟陆佰捌拾元零叁角贰分",
    10_700_053: "壹拾万柒仟元零伍角叁分",
    1_640_902: "壹万陆仟肆佰零玖元零贰分",
    32_504: "叁佰贰拾伍元零肆分",
    10_010_000: "壹拾万零壹佰元整",
    100_200_345: "壹佰万贰仟零叁元肆角伍分",
    10_005_000_000: "壹亿零伍万元整",
    1_000: "壹拾元整",
    5: "伍分",
    50: "伍角整",
    1_200_000: "壹万贰仟元整",
    35_950: "叁佰伍拾玖元伍角整",
    10**14: "壹万亿元整",
}


@pytest.mark.parametrize(("fen", "words"), VOUCHER_RULES.items())
def test_amounts_follow_the_rules_for_settlement_vouchers(fen: int, words: str) -> None:
    assert printed.amount_in_capitals(fen) == "人民币" + words


@given(st.integers(min_value=1, max_value=10**15))
def test_whole_yuan_agree_with_an_independent_writer(yuan: int) -> None:
    assert printed.amount_in_capitals(yuan * 100) == f"人民币{cn2an.an2cn(yuan, 'up')}元整"


VALUES = 100_000 if os.environ.get("CHUKE_NIGHTLY") else 1_500


def written_otherwise(fen: int) -> str:
    """The same amount by the other road: every digit with its place, then the zeros that the annex leaves out.

    It is tried on the vectors first, because it stands in judgement over everything else.
    """
    yuan, rest = divmod(fen, 100)
    places = [high + low for high in ("元", "万", "亿", "万亿") for low in ("", "拾", "佰", "仟")]
    digits = [
        ("零壹贰叁肆伍陆柒捌玖"[int(digit)], place) for digit, place in zip(reversed(str(yuan)), places, strict=False)
    ]
    text = ""
    for digit, place in reversed(digits):
        group, own = place.rstrip("拾佰仟"), place.lstrip("元万亿")
        text += digit + ("" if digit == "零" else own) + (group if not own else "")
    text = re.sub("零+", "零", text)
    text = re.sub("零(万亿|亿|万|元)", r"\1", text)
    text = re.sub("万亿(?=[^元]*亿)", "万", text)  # two groups share one 亿
    text = text.replace("亿万", "亿")
    if not yuan:
        text = ""
    jiao, cent = ("零壹贰叁肆伍陆柒捌玖"[digit] for digit in divmod(rest, 10))
    if not rest:
        return f"人民币{text}整"
    if rest < 10:
        return f"人民币{text}{'零' if yuan else ''}{cent}分"
    gap = "零" if yuan and yuan % 10 == 0 else ""
    return f"人民币{text}{gap}{jiao}角" + ("整" if cent == "零" else f"{cent}分")


def wrong_of(write: Callable[[int], str], count: int) -> list[int]:
    """The amounts, of so many of every size up to ten thousand billion yuan, that are written otherwise."""
    chance = random.Random(20_261_126)
    amounts = (max(1, int(10 ** chance.uniform(0, 15))) for _ in range(count))
    return [fen for fen in amounts if write(fen) != written_otherwise(fen)]


def test_amounts_agree_with_a_writer_of_another_making() -> None:
    assert [fen for fen, words in VOUCHER_RULES.items() if written_otherwise(fen) != "人民币" + words] == []
    assert wrong_of(printed.amount_in_capitals, VALUES) == []


@pytest.mark.parametrize(
    "planted",
    [
        lambda words: words.replace("元零", "元"),
        lambda words: words.replace("万零", "万"),
        lambda words: words.replace("角整", "角"),
        lambda words: words.replace("亿零", "亿"),
    ],
    ids=["no 零 after 元", "no 零 after 万", "no 整 after 角", "no 零 after 亿"],
)
def test_a_writer_with_one_rule_forgotten_is_found_among_the_random_ones(planted: Callable[[str], str]) -> None:
    assert wrong_of(lambda fen: planted(printed.amount_in_capitals(fen)), 500)


@given(st.integers(min_value=1, max_value=10**14))
def test_amounts_in_capitals_read_back_to_the_same_fen(fen: int) -> None:
    assert _read_capitals(printed.amount_in_capitals(fen)) == fen


def test_a_writer_that_forgets_zero_is_caught_by_the_vectors() -> None:
    forgetful = {fen: printed.amount_in_capitals(fen).replace("零", "") for fen in VOUCHER_RULES}
    assert any(words != "人民币" + VOUCHER_RULES[fen] for fen, words in forgetful.items())


@pytest.mark.parametrize("fen", [0, -1, 10**18])
def test_amounts_that_belong_on_no_document_are_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="not printable"):
        printed.amount_in_capitals(fen)


def test_money_in_figures() -> None:
    assert [printed.money(fen) for fen in (1_200_000, 5, -35_950, 0)] == ["¥12,000.00", "¥0.05", "-¥359.50", "¥0.00"]
    assert printed.money_with_capitals(1_200_000) == "¥12,000.00（人民币壹万贰仟元整）"


def test_dates_have_no_zero_padding() -> None:
    assert printed.chinese_date(date(2026, 3, 5)) == "2026年3月5日"
    assert printed.chinese_time(datetime(2026, 11, 18, 9, 5)) == "2026年11月18日9时05分"  # noqa: DTZ001 printed as given


def test_an_office_writes_numbers_by_its_own_pattern() -> None:
    pattern = "{prefix}-{year}-{serial:04d}"
    assert printed.patterned_number(pattern, "229902001", 2026, 3) == "229902001-2026-0003"
    assert printed.patterned_number("望河备〔{year}〕{serial}号", "", 2026, 12) == "望河备〔2026〕12号"
    for unfit in (
        "{prefix}-{serial}",
        "{year}",
        "{year}{serial}{secret}",
        "{year}{serial.__class__}",
        "{year}{{serial}}",
    ):
        with pytest.raises(ValueError, match="no pattern"):
            printed.patterned_number(unfit, "", 2026, 1)


def test_document_numbers_have_hexagonal_brackets_and_no_padding() -> None:
    assert printed.document_number("青河民孵", "入", 2026, 12) == "青河民孵入〔2026〕12号"
    assert printed.certificate_number("QYFH-CQ", 2026, 3) == "QYFH-CQ-2026-0003"
    for year, serial in ((2026, 0), (26, 1)):
        with pytest.raises(ValueError, match="no such document number"):
            printed.document_number("青河孵", "入", year, serial)


@pytest.mark.parametrize(("number", "numeral"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_ordinals(number: int, numeral: str) -> None:
    assert printed.chinese_ordinal(number) == numeral


def test_scores_round_half_up_to_two_decimals() -> None:
    assert printed.score(Decimal(233) / 3) == "77.67"
    assert printed.score(Decimal("69.995")) == "70.00"
    assert [printed.mark(Decimal(text)) for text in ("78.0", "82.50", "100")] == ["78", "82.5", "100"]


def test_masks_hide_all_but_what_is_needed() -> None:
    assert printed.masked_name("林知夏") == "林**"
    assert printed.masked_phone("19900000001") == "199****0001"
    assert printed.masked_account("6222000000000031") == "尾号0031"


@given(st.text(max_size=20))
def test_masks_of_short_values_show_nothing(text: str) -> None:
    assert set(printed.masked_phone(text[:10])) <= {"*"}
    assert set(printed.masked_account(text[:4])) <= {"*"}


def _read_capitals(words: str) -> int:
    """An own reader, written the other way round, for the round trip."""
    digits = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
    whole, _, rest = words.removeprefix("人民币").removesuffix("整").rpartition("元")
    fen = sum(
        digits[rest[position - 1]] * worth
        for unit, worth in (("角", 10), ("分", 1))
        if (position := rest.find(unit)) > 0
    )
    total = section = digit = 0
    for character in whole:
        if character in digits:
            digit = digits[character]
        elif character in "拾佰仟":
            section += digit * 10 ** ("拾佰仟".index(character) + 1)
            digit = 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return (total + section + digit) * 100 + fen

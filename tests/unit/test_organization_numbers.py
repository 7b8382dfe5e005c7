"""Credit codes, filing numbers and names of organizations."""

from __future__ import annotations

import unicodedata

import pytest

from services.organizations.rules import (
    check_credit_code,
    check_filing_number,
    check_name,
    filing_number,
    legal_form_of,
    normalize_credit_code,
    normalize_name,
    organization_code_check,
)

SOUND = (
    "91350100M000100Y43",
    "91350203MA31NDF85F",
    "91350200MA2YJ1XR9G",
    "52229902MJ9000014X",
    "51229902MJ9000030N",
    "52229902MJ9000022Q",
    "52229902MJ9000057B",
    "52229902MJ9000081U",
)
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def naive_check_character(seventeen: str) -> str:
    """GB 32100-2015 by its formula: weights are powers of three modulo 31."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(seventeen))
    return ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize("code", SOUND)
def test_sound_codes_pass_and_agree_with_the_formula(code: str) -> None:
    assert check_credit_code(code).reasons == ()
    assert naive_check_character(code[:17]) == code[17]
    assert organization_code_check(code[8:16]) == code[16]


def test_the_worked_organization_code() -> None:
    assert organization_code_check("MJ900001") == "4"
    with pytest.raises(ValueError, match="eight"):
        organization_code_check("MJ90000")


def test_the_organization_code_check_may_be_x_or_nought() -> None:
    checks = {organization_code_check(f"MJ90{number:04d}") for number in range(30)}
    assert {"X", "0"} <= checks


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("52229902MJ9000014Y", ("organization.credit_code_check_digit",)),
        (
            "52229902MJ9000041X",
            ("organization.credit_code_organization_code", "organization.credit_code_check_digit"),
        ),
        ("52229902MJ9000014", ("organization.credit_code_length",)),
        ("", ("organization.credit_code_length",)),
        ("52229902MJ9000014S", ("organization.credit_code_character",)),
        ("5222990AMJ9000014X", ("organization.credit_code_character",)),
        ("52229902MJ90000中4X", ("organization.credit_code_character",)),
    ],
)
def test_unsound_codes_are_refused_with_their_reasons(code: str, reasons: tuple[str, ...]) -> None:
    assert check_credit_code(code).reasons == reasons


def test_every_single_wrong_character_is_caught() -> None:
    code = "52229902MJ9000014X"
    for place in range(18):
        for character in ALPHABET:
            if character != code[place]:
                assert check_credit_code(code[:place] + character + code[place + 1 :]).reasons


def test_every_exchange_of_two_neighbours_is_caught() -> None:
    code = "52229902MJ9000014X"
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or check_credit_code(swapped).reasons


def test_a_code_is_normalized_before_it_is_checked() -> None:
    assert normalize_credit_code(" ５２２２９９０２-ｍｊ9000\u3000014x ") == "52229902MJ9000014X"
    assert check_credit_code("5222 9902 mj90 0001 4x").reasons == ()


def test_letters_o_and_i_are_refused_with_the_code_that_was_meant() -> None:
    with_o = check_credit_code("52229902MJ9OOOO14X")
    assert with_o.reasons == ("organization.credit_code_letter_o",)
    assert with_o.suggestion == "52229902MJ9000014X"
    with_i = check_credit_code("52229902MJ90000I4X")
    assert (with_i.reasons, with_i.suggestion) == (("organization.credit_code_letter_i",), "52229902MJ9000014X")
    assert check_credit_code("52229902MJ9OOOO14Y").suggestion is None


def test_the_first_two_characters_tell_the_legal_form() -> None:
    assert legal_form_of("51229902MJ9000030N") == "association"
    assert legal_form_of("52229902MJ9000014X") == "service_organization"
    assert legal_form_of("53229902MJ9000014X") == "foundation"
    assert legal_form_of("91350100M000100Y43") is None


# Filing numbers -----------------------------------------------------------------------------------


def test_a_filing_number_is_street_year_and_serial() -> None:
    assert filing_number("229902001", year=2026, serial=3) == "229902001-2026-0003"
    assert check_filing_number("229902001-2026-0003", street_code="229902001") == ()
    assert check_filing_number(filing_number("229902001", year=2026, serial=12_345)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "229902001-2026-3",
        "229902001-2026-0000",
        "229902001-2026-00012",
        "22990200-2026-0003",
        "229902001-1999-0003",
        "229902001—2026—0003",
        "２29902001-2026-0003",
        "229902001-2026-0003\n",
        "",
    ],
)
def test_other_numbers_are_refused(text: str) -> None:
    assert check_filing_number(text) == ("organization.filing_number_format",)


def test_a_number_of_another_street_is_refused() -> None:
    assert check_filing_number("229902001-2026-0003", street_code="229902002") == ("organization.filing_number_street",)


def test_no_filing_number_is_made_of_wrong_parts() -> None:
    for street, year, serial in (("2299020", 2026, 1), ("229902001", 1999, 1), ("229902001", 2026, 0)):
        with pytest.raises(ValueError, match="no filing number"):
            filing_number(street, year=year, serial=serial)


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "晨光社区邻里互助社",
        "北甸镇志愿者协会（筹）",
        "阿依古丽·买买提工作室",
        "𠮷野社",
        "葛\U000e0100社",
        "\U00031350社",
    ],
)
def test_ordinary_and_rare_names_pass(name: str) -> None:
    assert check_name(name) == ()


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\n",
        "\t",
        "\x00",
        "\u2028",
        "\ue000",
        "\u3164",
        "\u3000",
    ],
)
def test_characters_that_cannot_be_seen_are_refused(hidden: str) -> None:
    assert check_name(f"晨光{hidden}互助社") == ("organization.name_invisible_character",)


def test_a_name_is_stored_composed_and_without_blanks_around_it() -> None:
    decomposed = unicodedata.normalize("NFD", "가온봉사단")
    assert check_name(decomposed) == ("organization.name_not_normalized",)
    assert check_name(normalize_name(f" {decomposed} ")) == ()
    assert check_name(" 互助社") == ("organization.name_not_normalized",)


def test_a_name_has_one_to_sixty_characters() -> None:
    assert check_name("社" * 60) == ()
    assert check_name("社" * 61) == ("organization.name_too_long",)
    assert check_name("") == ("organization.name_empty",)
    assert "organization.name_empty" in check_name("  ")


def test_words_that_a_rule_set_forbids_are_named() -> None:
    assert check_name("中华互助社", forbidden=("中国", "全国", "中华")) == ("organization.name_forbidden_word",)


# Masks --------------------------------------------------------------------------------------------

"""Why an errand failed is kept in no language and read in either, and what earlier editions kept still reads."""

from datetime import date

import pytest

from services.errors import Broken, Refused
from services.outbox.reasons import codes_of, kept, told

GLYPH = Refused(
    "document.missing_glyph", field="负责人", field_en="leader", text="张𰻞 ↻ {x}", character="𰻞", code_point="U+30EDE"
)


def test_one_reason_reads_in_either_language_with_its_facts() -> None:
    reason = kept(GLYPH)
    assert told(reason, "zh").startswith("文书不能生成：负责人“张𰻞 ↻ {x}”中的“𰻞”（U+30EDE）")
    assert 'no typeface has "𰻞" (U+30EDE) in leader "张𰻞 ↻ {x}"' in told(reason, "en")
    assert codes_of(reason) == ("document.missing_glyph",)
    assert "文书不能生成" not in reason


def test_who_sent_it_off_again_stands_in_front_however_often() -> None:
    assert told(f"lihua ↻ wang.mou ↻ {kept(GLYPH)}", "zh").startswith("lihua ↻ wang.mou ↻ 文书不能生成：")


def test_days_and_lists_among_the_facts_read_as_people_write_them() -> None:
    reason = kept(Refused("calendar.year_unknown", year=date(2027, 1, 4)))
    assert "2027年1月4日" in told(reason, "zh")
    assert "4 Jan 2027" in told(reason, "en")


def test_several_reasons_follow_one_another() -> None:
    reason = kept(Refused("case.duties_must_be_separate", "document.not_found"))
    assert told(reason, "zh").count("。") >= 2
    assert codes_of(reason) == ("case.duties_must_be_separate", "document.not_found")


def test_a_code_alone_is_kept_as_itself_and_one_without_a_sentence_is_never_hidden() -> None:
    assert kept(Refused("errand.no_answer")) == "errand.no_answer"
    assert told("errand.no_answer", "en") != "errand.no_answer"
    assert told(kept(Broken("nobody says this", at="x")), "zh") == "nobody says this"


@pytest.mark.parametrize(
    "earlier",
    ["文书不能生成：负责人“张𰻞”中的“𰻞”没有字形。", "ValueError: {}", '{"codes": broken', "已电话告知负责人", ""],
)
def test_what_is_no_code_is_shown_as_it_stands(earlier: str) -> None:
    assert told(earlier, "en") == earlier
    assert codes_of(earlier) == ()
    assert told(None, "zh") == ""

"""The Yanbian edition: Chinese and Korean on one paper, from the same stored inputs, with a face of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from documents import pdf
from documents.context import from_json, to_json
from documents.glyphs import MissingGlyph
from documents.html import to_html
from documents.registry import KINDS
from services.settings import Settings

from .reading import squeezed, text_of, unprinted_fields

CENTRE, STREET = "청첨시 하만구 사회구역 사회조직 부화중심", "청첨시 하만구 망하가두판사처"
SAID = {
    "admission_notice": (
        CENTRE,
        "입주통지서",
        "부화기간: 2026년 12월 1일부터 2027년 11월 30일까지",
        "포기한것으로 간주한다",
    ),
    "filing_certificate": (STREET, "등록비치증서", "책임자", "활동지역", "정본", "부본", "법인자격을 갖지 않는다"),
}


def bilingual(kind: str) -> Any:
    example = KINDS[kind].sample()
    return replace(example, head=replace(example.head, language="zh-ko", issuer_name_ko=SAID[kind][0]))


@pytest.mark.parametrize("kind", SAID)
def test_both_languages_stand_on_the_paper_with_every_field(kind: str) -> None:
    context = bilingual(kind)
    drawn = pdf.render(kind, context)
    text = text_of(drawn.pdf, context.head)
    assert "Doc Batang" in drawn.fonts
    assert [one for one in SAID[kind] if squeezed(one) not in text] == []
    assert unprinted_fields(context, text, allowed=KINDS[kind].unprinted) == []


@pytest.mark.parametrize("kind", SAID)
def test_the_chinese_edition_has_no_word_of_korean(kind: str) -> None:
    assert not any("가" <= one <= "힣" for one in to_html(kind, KINDS[kind].sample()))


def test_a_kind_without_a_korean_page_is_printed_in_chinese() -> None:
    example = KINDS["refusal_decision"].sample()
    context = replace(example, head=replace(example.head, language="zh-ko"))
    assert to_html("refusal_decision", context) == to_html("refusal_decision", example)


def test_the_edition_is_stored_and_says_nothing_where_it_is_chinese() -> None:
    context = bilingual("admission_notice")
    stored = to_json(context)
    assert stored["head"]["language"] == "zh-ko"
    assert from_json(KINDS["admission_notice"], stored) == context
    chinese = to_json(KINDS["admission_notice"].sample())
    assert {"language", "issuer_name_ko"}.isdisjoint(chinese["head"])
    assert from_json(KINDS["admission_notice"], chinese) == KINDS["admission_notice"].sample()


def test_a_syllable_outside_of_the_face_is_refused_and_named() -> None:
    context = bilingual("admission_notice")
    with pytest.raises(MissingGlyph, match=r"head\.issuer_name_ko"):
        pdf.render("admission_notice", replace(context, head=replace(context.head, issuer_name_ko="똠방각하 뷁")))


def test_offices_of_yanbian_write_both_languages_and_others_do_not() -> None:
    settings = Settings()
    assert settings.language_of("222401001") == "zh-ko"
    assert settings.language_of("229902001") == "zh"
    assert Settings(bilingual_divisions="").language_of("222401") == "zh"

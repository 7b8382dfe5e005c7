"""Letters keep to GB/T 9704-2012, measured in millimetres in the finished file; each figure catches a planted shift."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest

from documents import html, pdf, press
from documents.registry import KINDS

from .measuring import RED, Mark, Page, Rule, bottom, middle, pages_of, top

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
LINE, CHARACTER = 225 / 22, 156 / 28
OFFICE, CENTRE = "青檐市河湾区民政局", "青檐市河湾区社会组织孵化中心"
OFFICIAL, LETTER = "star_result_notice", "admission_notice"
SENTENCE = "经评审组独立评分并公示五个工作日无异议现将有关事项通知如下请遵照执行并按时报送情况"
BODY = """{% extends "parts/letter.html" %}{% block body %}
<p>第一段{{ text * 30 }}。</p><p>末段到此为止。</p>
{% endblock %}
{% block imprint %}{% if kind.family == "A" %}{{ imprint(head, "青檐市民政局") }}{% endif %}{% endblock %}"""


def long_letter(kind_name: str, planted: str = "", **head: Any) -> tuple[list[Page], press.SealPlace]:
    """A letter of two pages and some lines, set with the shared parts of its family; `planted` is a style sheet laid
    over them.
    """
    pdf.start()
    kind = KINDS[kind_name]
    issuer = OFFICE if kind.family == "A" else CENTRE
    head = {"document_title": "关于公布评定结果的通知", "issuer_name": issuer, "addressee": "河湾区社区书画社", **head}
    filled = replace(kind.sample().head, **head)
    page = (
        html._environment().from_string(BODY).render(head=filled, document=None, kind=kind, receipt="", text=SENTENCE)
    )
    sheets = (*html.stylesheets(kind_name), *([planted] if planted else []))
    document = pdf._layout(page, sheets)
    (place,) = press.seal_places(document)
    return pages_of(document.write_pdf()), place


@cache
def measured(kind_name: str, planted: str = "") -> MappingProxyType[str, float]:
    """Every figure the standard gives for the page, taken from a drawn letter of the family of `kind_name`."""
    pages, place = long_letter(kind_name, planted)
    official = KINDS[kind_name].family == "A"
    figures = {**_type_area(pages), **_signature(pages[-1], place), **_page_numbers(pages)}
    figures |= _red_head(pages[0]) if official else _letter_head(pages[0])
    return MappingProxyType(figures | (_imprint(pages[-1]) if official else {}))


def _type_area(pages: list[Page]) -> dict[str, float]:
    first, second = pages[0], pages[1]
    addressee, opening = first.line("河湾区社区书画社："), first.line("第一段")
    rows = [row for row in second.lines(opening[0].size / 25.4 * 72) if len(row[1]) > 20]
    full = max((marks for _, marks in rows), key=len)
    return {
        "paper width": second.width,
        "paper height": second.height,
        "top margin": rows[0][0] - 0.88 * CHARACTER - (LINE - CHARACTER) / 2,
        "left margin": min(marks[0].x for _, marks in rows),
        "right margin": second.width - max(marks[-1].end for _, marks in rows),
        "bottom margin": second.height - rows[21][0] - 0.12 * CHARACTER - (LINE - CHARACTER) / 2 if rows[21:] else 0,
        "lines on a full page": len(rows),
        "characters in a full line": len(full),
        "line pitch": (rows[-1][0] - rows[0][0]) / (len(rows) - 1),
        "character pitch": (full[-1].x - full[0].x) / (len(full) - 1),
        "addressee from the left": addressee[0].x,
        "indent in characters": (opening[0].x - addressee[0].x) / CHARACTER,
        "lines from addressee to body": (opening[0].baseline - addressee[0].baseline) / LINE,
    }


def _title(first: Page) -> dict[str, float]:
    title, addressee = first.line("关于公布评定结果的通知"), first.line("河湾区社区书画社：")
    return {
        "title type size": title[0].size / 25.4 * 72,
        "title off centre": middle(title) - 106,
        "title to addressee": top(addressee) - bottom(title),
    }


def _red_head(first: Page, office: str = OFFICE) -> dict[str, float]:
    head, number = first.line(office + "文件"), first.line("青河民星")
    (rule,) = (rule for rule in first.rules if rule.colour == RED)
    title = first.line("关于公布评定结果的通知")
    return {
        "head below the type area's top": top(head) - 37,
        "head off centre": middle(head) - 106,
        "head is red": float(all(mark.colour == RED for mark in head)),
        "number below the head": top(number) - bottom(head),
        "number off centre": middle(first.line("青河民星〔2026〕2号")) - 106,
        "rule below the number": rule.top - bottom(number),
        "rule from the left": rule.left,
        "rule length": rule.right - rule.left,
        "title below the rule": top(title) - rule.bottom,
        **_title(first),
    }


def _letter_head(first: Page, centre: str = CENTRE) -> dict[str, float]:
    head, number = first.line(centre), first.line("青河孵入")
    title = first.line("关于公布评定结果的通知")
    red: list[Rule] = sorted({rule for rule in first.rules if rule.colour == RED}, key=lambda rule: rule.top)
    return {
        "head below the paper's edge": top(head),
        "head off centre": middle(head) - 106,
        "head is red": float(all(mark.colour == RED for mark in head)),
        "rule below the head": red[0].top - bottom(head),
        "rule from the left": red[0].left,
        "rule length": red[0].right - red[0].left,
        "foot rule above the paper's foot": first.height - red[-1].bottom,
        "foot rule length": red[-1].right - red[-1].left,
        "number below the rule": top(number) - red[0].bottom,
        "number from the right": 184 - first.line("〔2026〕7号")[-1].end,
        "title below the number": top(title) - bottom(number),
        **_title(first),
    }


def _signature(last: Page, place: press.SealPlace) -> dict[str, float]:
    body = last.line("末段到此为止。")
    name = last.line(place.name)
    day = next(
        marks
        for _, marks in last.lines(name[0].size / 25.4 * 72)
        if "".join(mark.text for mark in marks).endswith("日")
    )
    return {
        "date from the right in characters": (184 - day[-1].end) / CHARACTER,
        "name off the date's middle": (name[0].x + name[-1].end - day[0].x - day[-1].end) / 2,
        "seal off the name's middle": place.left + place.width / 2 - (name[0].x + name[-1].end) / 2,
        "seal below the body": place.top - bottom(body),
        "name and date below the seal's middle": (top(name) + bottom(day)) / 2 - place.top - place.height / 2,
        "seal width": place.width,
    }


def _page_numbers(pages: list[Page]) -> dict[str, float]:
    # The first page of a letter has no number, so the third is the odd one looked at.
    numbers = [[mark for mark in page.marks if mark.text in "—123" and mark.baseline > 262] for page in pages]
    odd, even = numbers[2], numbers[1]
    odd, even = ([mark for mark in one if mark.size > 3.6] for one in (odd, even))
    return {
        "numbers on the first page": len([mark for mark in numbers[0] if mark.text == "—"]),
        "number type size": even[0].size / 25.4 * 72,
        "odd number from the right": 184 - odd[-1].right - (odd[-1].left - odd[-1].x),
        "even number from the left": even[0].x - 28,
        "dash below the type area": even[0].top - 262,
    }


def _imprint(last: Page) -> dict[str, float]:
    rules = [rule for rule in last.rules if rule.right - rule.left > 150 and rule.colour != RED]
    copies, day = last.line("抄送：青檐市民政局。"), last.line("日印发")
    return {
        "last rule at the type area's foot": 262 - max(rule.bottom for rule in rules),
        "imprint rules": len({int(edge / 3) for rule in rules for edge in (rule.top, rule.bottom)}),
        "imprint type size": copies[0].size / 25.4 * 72,
        "copies from the left in characters": (copies[0].x - 28) / copies[0].size,
        "printing date from the right in characters": (184 - day[-1].end) / day[0].size,
    }


# Value and how far a page may be off it: what the standard says (clause), in the standard's own unit where it counts
# lines or characters. Two blank lines between inks are two pitches plus what the characters leave of their own lines.
BOTH = {
    "paper width": (210, 0.1),
    "paper height": (297, 0.1),
    "top margin": (37, 1),
    "left margin": (28, 0.3),
    "right margin": (26, 0.6),
    "bottom margin": (35, 1),
    "lines on a full page": (22, 0),
    "characters in a full line": (28, 0),
    "line pitch": (LINE, 0.02),
    "character pitch": (CHARACTER, 0.03),
    "addressee from the left": (28, 0.1),
    "indent in characters": (2, 0.05),
    "lines from addressee to body": (1, 0.02),
    "title type size": (21.75, 0.3),
    "title off centre": (0, 0.6),
    "title to addressee": (LINE + 4, 2.5),
    "date from the right in characters": (4, 0.15),
    "name off the date's middle": (0, 0.6),
    "seal off the name's middle": (0, 0.6),
    "seal below the body": (5.2, 5),
    "name and date below the seal's middle": (2.5, 2),
    "seal width": (42, 0.1),
    "number type size": (14, 0.1),
    "odd number from the right": (14 / 72 * 25.4, 0.3),
    "even number from the left": (14 / 72 * 25.4, 0.3),
    "dash below the type area": (7, 0.5),
}
FAMILY_A = {
    "numbers on the first page": (2, 0),
    "head below the type area's top": (35, 0.8),
    "head off centre": (0, 0.6),
    "head is red": (1, 0),
    "number below the head": (2 * LINE, 1.2),
    "number off centre": (0, 0.6),
    "rule below the number": (4, 0.6),
    "rule from the left": (28, 0.1),
    "rule length": (156, 0.1),
    "title below the rule": (2 * LINE + 2, 2.2),
    "last rule at the type area's foot": (0, 0.4),
    "imprint rules": (3, 0),
    "imprint type size": (14, 0.1),
    "copies from the left in characters": (1, 0.1),
    "printing date from the right in characters": (1, 0.1),
}
FAMILY_B = {
    "numbers on the first page": (0, 0),
    "head below the paper's edge": (30, 0.8),
    "head off centre": (0, 0.6),
    "head is red": (1, 0),
    "rule below the head": (4, 0.6),
    "rule from the left": (21, 0.1),
    "rule length": (170, 0.1),
    "foot rule above the paper's foot": (20, 0.3),
    "foot rule length": (170, 0.1),
    "number below the rule": (16 / 72 * 25.4 * 7 / 8, 0.6),
    "number from the right": (0, 0.6),
    "title below the number": (2 * LINE + 2, 2.2),
}
EXPECTED = {OFFICIAL: BOTH | FAMILY_A, LETTER: BOTH | FAMILY_B}


def wrong(kind_name: str, planted: str = "") -> dict[str, float]:
    """The figures that are off by more than the standard and print allow."""
    found = measured(kind_name, planted)
    return {
        figure: round(found[figure], 2)
        for figure, (value, tolerance) in EXPECTED[kind_name].items()
        if abs(found[figure] - value) > tolerance + 1e-9
    }


@pytest.mark.parametrize("kind_name", [OFFICIAL, LETTER])
def test_every_figure_of_the_standard_is_kept(kind_name: str) -> None:
    assert wrong(kind_name) == {}


# A style that shifts one thing, and the figures that must notice it, in every family it concerns.
PLANTED = [
    ("@page { size: 208mm 297mm; margin: 37mm 24mm 35mm 28mm }", {"paper width"}),
    ("@page { size: 210mm 296mm; margin: 37mm 26mm 34mm 28mm }", {"paper height"}),
    ("@page { margin: 39mm 26mm 33mm 28mm }", {"top margin"}),
    ("@page { margin: 35mm 26mm 37mm 28mm }", {"bottom margin"}),
    ("@page { margin: 37mm 27mm 35mm 27mm }", {"left margin", "right margin", "addressee from the left"}),
    ("html { line-height: 10.7mm }", {"lines on a full page", "line pitch"}),
    ("html { font-size: 16.3pt }", {"characters in a full line", "character pitch"}),
    ("p { text-indent: 1.9em }", {"indent in characters"}),
    (".addressee { padding-bottom: 1mm }", {"lines from addressee to body"}),
    (".title { font-size: 20pt }", {"title type size"}),
    (".title { text-align: left }", {"title off centre"}),
    (".title { margin-bottom: 14mm }", {"title to addressee"}),
    (".title { margin-top: 16mm }", {"title below the rule", "title below the number"}),
    (".signature .signature-lines { margin-right: 3em }", {"date from the right in characters"}),
    (".signature-name { margin-left: -19em }", {"name off the date's middle", "seal off the name's middle"}),
    (".seal { margin-left: -19mm }", {"seal off the name's middle"}),
    (".seal { margin-top: -30mm }", {"name and date below the seal's middle"}),
    (".signature { margin-top: 24mm }", {"seal below the body"}),
    (".signature { margin-top: 9mm }", {"seal below the body"}),
    (".seal { width: 40mm; height: 40mm }", {"seal width"}),
    ("@page :right { @bottom-right { padding-right: 7mm } }", {"odd number from the right"}),
    ("@page :left { @bottom-left { padding-left: 3mm } }", {"even number from the left"}),
    ("@page :left { @bottom-left { padding-top: 4.4mm } }", {"dash below the type area"}),
    ("@page :left { @bottom-left { font-size: 12pt } }", {"number type size"}),
    (".red-head { padding-top: 33mm }", {"head below the type area's top"}),
    (".red-head, .letterhead-name { text-align: left }", {"head off centre"}),
    (".red-head, .letterhead-name { color: #a00 }", {"head is red"}),
    (".red-number { margin-top: 16mm }", {"number below the head"}),
    (".red-number { text-align: right }", {"number off centre"}),
    (".red-rule { margin-top: 5mm }", {"rule below the number"}),
    (".red-rule { margin-left: 1mm }", {"rule from the left", "rule length"}),
    (".imprint { position: relative; top: -1mm }", {"last rule at the type area's foot"}),
    (".imprint-copies { border: none }", {"imprint rules"}),
    (".imprint { font-size: 12pt }", {"imprint type size"}),
    (".imprint p { padding-left: 0 }", {"copies from the left in characters"}),
    (".imprint p { padding-right: 0 }", {"printing date from the right in characters"}),
    (".letterhead { top: -9mm; margin-bottom: -5mm }", {"head below the paper's edge"}),
    (".letter-rule-head { margin-top: 5.5mm }", {"rule below the head"}),
    (".letter-rule-foot { top: 240mm }", {"foot rule above the paper's foot"}),
    (".letter-rule-foot { width: 156mm }", {"foot rule length"}),
    (".number-line { margin-top: 6mm }", {"number below the rule"}),
    (".number-line { padding-right: 1em }", {"number from the right"}),
    (
        "@page :first { @bottom-right { content: '— 1 —' } } @page :first { @bottom-left { content: '—' } }",
        {"numbers on the first page"},
    ),
]


def test_a_shift_is_planted_for_every_figure() -> None:
    caught = set().union(*(figures for _, figures in PLANTED))
    assert caught == set(BOTH) | set(FAMILY_A) | set(FAMILY_B)


TRIED = PLANTED if NIGHTLY else PLANTED[datetime.now(UTC).day % 8 :: 8]


@pytest.mark.parametrize(("planted", "figures"), TRIED, ids=[planted for planted, _ in TRIED])
def test_a_planted_shift_is_noticed(planted: str, figures: set[str]) -> None:
    noticed = set().union(*(wrong(kind_name, planted) for kind_name in EXPECTED if figures & set(EXPECTED[kind_name])))
    assert figures <= noticed


def test_the_official_page_and_the_letter_format_differ_where_the_standard_says() -> None:
    official, letter = long_letter(OFFICIAL)[0], long_letter(LETTER)[0]
    assert official[0].line(OFFICE + "文件")
    assert CENTRE + "文件" not in "".join(mark.text for mark in letter[0].marks)
    assert len([rule for rule in official[0].rules if rule.colour == RED]) == 1
    assert "印发" in "".join(mark.text for mark in official[-1].marks)
    assert "印发" not in "".join(mark.text for page in letter for mark in page.marks)


def test_a_name_too_long_to_stand_over_the_date_keeps_inside_the_type_area() -> None:
    name = "青檐市河湾区望河街道社区社会组织联合会孵化中心"
    pages, place = long_letter(LETTER, issuer_name=name)
    printed = pages[-1].line(name)
    figures = _signature(pages[-1], place)
    assert printed[-1].end == pytest.approx(184, abs=0.3)
    assert figures["date from the right in characters"] > 4
    assert abs(figures["name off the date's middle"]) < 0.6
    assert abs(figures["seal off the name's middle"]) < 0.6
    assert under_seal(pages[-1], place) == ""


def under_seal(last: Page, place: press.SealPlace) -> str:
    """What of the note below the date the seal would print over: nobody could read a telephone number there."""
    middle_x, middle_y, radius = place.left + place.width / 2, place.top + place.height / 2, place.width / 2
    (day,) = (marks[0].baseline for _, marks in last.lines(15.75) if marks[-1].text == "日")
    notes = [mark for mark in last.marks if mark.baseline > day + 5 and mark.size > 5]
    assert "".join(mark.text for mark in notes).endswith("）")

    def away(mark: Mark) -> float:
        """How far the seal's middle is from the nearest point of the ink."""
        across = min(max(middle_x, mark.left), mark.right) - middle_x
        down = min(max(middle_y, mark.top), mark.bottom) - middle_y
        return float((across**2 + down**2) ** 0.5)

    return "".join(mark.text for mark in notes if away(mark) < radius)


LONG_NOTE = "综合服务窗口沈小满、林知夏、周暖、赵未央，工作日上午九时至下午五时，节假日除外，急事请留言"


@pytest.mark.parametrize(
    ("kind_name", "issuer"),
    [
        (OFFICIAL, "青檐市河湾区望河街道办事处"),
        (LETTER, "青檐市河湾区社区社会组织孵化中心"),
        (LETTER, "青檐市河湾区望河街道社区社会组织联合会孵化中心"),
        (LETTER, "青檐市河湾区望河街道办事处社区社会组织联合会综合孵化服务中心"),
    ],
)
def test_no_line_of_a_long_note_runs_under_the_seal_and_it_keeps_its_place(kind_name: str, issuer: str) -> None:
    """It stands below the date, two characters from the left, and goes on to the right edge only below the seal."""
    pages, place = long_letter(kind_name, issuer_name=issuer, contact=LONG_NOTE, phone="0000-1234567")
    assert under_seal(pages[-1], place) == ""
    start = pages[-1].line("（联系人：")[0]
    assert start.x == pytest.approx(28 + 2 * CHARACTER, abs=0.3)
    assert max(mark.right for mark in pages[-1].marks if mark.baseline > start.baseline + 5 and mark.size > 5) > 176


def test_the_seal_leaves_the_note_with_the_telephone_number_alone() -> None:
    pages, place = long_letter(LETTER)
    assert under_seal(pages[-1], place) == ""
    assert pages[-1].line("（联系人：沈小满，0000-1234567）")[-1].baseline == pages[-1].line("（联系人")[0].baseline
    pages, place = long_letter(LETTER, ".beside-seal { display: none }", contact=LONG_NOTE)
    assert under_seal(pages[-1], place)


@pytest.mark.parametrize("length", [6, 9, 12, 16, 20, 24, 28, 36] if NIGHTLY else [9, 28])
@pytest.mark.parametrize("kind_name", [OFFICIAL, LETTER])
def test_heads_of_every_length_stand_where_they_should(kind_name: str, length: int) -> None:
    name = "青檐市河湾区望河街道社区社会组织联合会公益创投与志愿服务指导评估发展服务中心"[:length]
    (first, *_), _ = long_letter(kind_name, issuer_name=name)
    found = _red_head(first, name) if kind_name == OFFICIAL else _letter_head(first, name)
    height = "head below the type area's top" if kind_name == OFFICIAL else "head below the paper's edge"
    assert found[height] == pytest.approx(EXPECTED[kind_name][height][0], abs=1)
    assert found["head off centre"] == pytest.approx(0, abs=0.8)
    assert min(mark.left for mark in first.marks) > 20
    assert max(mark.right for mark in first.marks) < 191
    rule = "rule below the number" if kind_name == OFFICIAL else "rule below the head"
    assert found[rule] == pytest.approx(4, abs=0.8)


def test_an_office_of_any_length_signs_inside_the_frame_of_a_certificate() -> None:
    kind, name = KINDS["graduation_certificate"], "延边朝鲜族自治州青檐市河湾区望河街道社区社会组织孵化中心"
    signed_by = replace(kind.sample().head, issuer_name=name)
    (sheet,) = pages_of(pdf.render(kind.name, replace(kind.sample(), head=signed_by)).pdf)
    assert max(mark.right for mark in sheet.line(name)) <= 264.5

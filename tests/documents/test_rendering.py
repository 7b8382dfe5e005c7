"""The renderer fails closed: foreign characters, typefaces, files and warnings never reach a document."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from documents import fontset, glyphs, html, pdf, self_test
from documents.context import ContextInvalid, from_json, to_json
from documents.registry import KINDS

from .conftest import drawn
from .reading import squeezed

NOTICE = "admission_notice"
ROOT = Path(pdf.__file__).resolve().parent.parent


def notice(**head: Any) -> Any:
    sample = KINDS[NOTICE].sample()
    return replace(sample, head=replace(sample.head, **head))


@pytest.mark.parametrize(("name", "code_point"), [("张𠮷", "U+20BB7"), ("𰻞面馆", "U+30EDE"), ("笑😀社", "U+1F600")])
def test_a_character_without_a_glyph_is_refused_by_name_and_field(name: str, code_point: str) -> None:
    with pytest.raises(glyphs.MissingGlyph) as refusal:
        pdf.render(NOTICE, notice(addressee=name))
    assert (refusal.value.code_point, refusal.value.field) == (code_point, "head.addressee")
    assert code_point in str(refusal.value)


def test_without_the_glyph_check_the_engine_still_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "check_glyphs", lambda *_, **__: None)
    with pytest.raises(pdf.RenderFailed, match="notdef"):
        pdf.render(NOTICE, notice(addressee="张𠮷"))


def test_rare_characters_of_the_national_table_are_printed() -> None:
    text = "𬭎𨱇𬎆龢㛃镕喆堃〇"
    assert pdf.render(NOTICE, notice(addressee="㛃镕喆堃社")).pages == 1
    assert all(ord(character) in glyphs.printable_characters() for character in text if character not in "龢𬎆")


def test_any_engine_warning_fails() -> None:
    with pytest.raises(pdf.RenderFailed, match="unknown property"):
        pdf.render_html('<html lang="zh-Hans"><title>x</title><p>x</p></html>', ("p { colour: red }",))


def test_typefaces_of_the_machine_do_not_leak_in() -> None:
    page = '<html lang="zh-Hans"><title>x</title><p style="font-family: DejaVu Sans, sans-serif">出壳 abc</p></html>'
    with pikepdf.open(io.BytesIO(pdf.render_html(page))) as document:
        names = {
            str(item["/BaseFont"])
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        }
    assert all("Doc-" in name for name in names)


def test_a_foreign_typeface_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf.start()
    fonts = pdf._engine.fonts  # type: ignore[union-attr]
    monkeypatch.setattr(pdf._engine, "fonts", replace(fonts, families=frozenset({"Doc Hei"})))
    with pytest.raises(pdf.RenderFailed, match="not ours: Doc Song"):
        pdf.render(NOTICE, notice())


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="attachment" href="file:///etc/hostname">',
        '<a rel="attachment" href="file:///etc/hostname">x</a>',
        '<img src="file:///etc/hostname">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="asset:unknown.svg">',
        '<link rel="stylesheet" href="file:///etc/hostname">',
        '<img src="data:text/html,x">',
    ],
)
def test_pages_load_nothing_from_disk_or_network(markup: str) -> None:
    with pytest.raises(pdf.RenderFailed, match=r"may not load|no asset"):
        pdf.render_html(f'<html lang="zh-Hans"><title>x</title><p>x</p>{markup}</html>')


def test_text_from_outside_is_only_text() -> None:
    name = '<link rel="attachment" href="file:///etc/hostname">{{ 7*7 }}'
    rendered = pdf.render(NOTICE, notice(addressee=name))
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        assert list(document.attachments) == ["data.json"]
    text = pypdfium2.PdfDocument(rendered.pdf)[0].get_textpage().get_text_bounded()
    assert "{{ 7*7 }}" in text


def test_chinese_lines_end_flush_right() -> None:
    paragraph = "经评审组独立评分并公示5个工作日无异议，现将2026年度有关事项通知如下，请遵照执行。" * 6
    page = f'<html lang="zh-Hans"><title>x</title><p>{paragraph}</p></html>'
    sheet = "@page { size: A4; margin: 20mm } html { font: 15pt 'Doc Song' } p { text-align: %s }"
    assert _ragged(pdf.render_html(page, (sheet % "justify",))) < 1.0
    assert _ragged(pdf.render_html(page, (sheet % "left",))) > 3.0


def _ragged(document: bytes) -> float:
    """Points between the line ends nearest to and farthest from the margin, last line left out; closing marks
    count as wide.
    """
    page = pypdfium2.PdfDocument(document)[0]
    text = page.get_textpage()
    ends: dict[int, float] = {}
    for position in range(text.count_chars()):
        if text.get_text_range(position, 1).strip() == "":
            continue
        _, bottom, right, top = text.get_charbox(position, loose=True)
        line = round((bottom + top) / 2 / 8)
        ends[line] = max(ends.get(line, 0.0), right)
    full = [ends[line] for line in sorted(ends, reverse=True)][:-1]
    return max(full) - min(full)


def test_bytes_do_not_depend_on_the_process() -> None:
    script = (
        "from documents import pdf; from documents.registry import KINDS; "
        f"print(pdf.render('{NOTICE}', KINDS['{NOTICE}'].sample()).sha256)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/Lima"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == drawn(NOTICE).sha256


def test_pages_are_reachable_without_the_pdf_engine() -> None:
    script = (
        "import sys, documents.registry, documents.format, documents.glyphs; from documents import html\n"
        "[html.to_html(n, k.sample()) and html.stylesheets(n) for n, k in documents.registry.KINDS.items()]\n"
        "assert 'weasyprint' not in sys.modules and 'documents.pdf' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_self_test_passes_and_names_the_engine() -> None:
    assert self_test.self_test().startswith("weasyprint ")


def test_a_golden_page_that_comes_out_otherwise_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "GOLDEN", {pdf.start(): "0" * 64})
    with pytest.raises(pdf.RenderFailed, match="golden page"):
        self_test.self_test()


def test_a_typeface_the_engine_does_not_find_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test.pdf, "families_of", lambda *_: {"Doc Song", "Doc Hei"})
    with pytest.raises(pdf.RenderFailed, match="Doc Kai"):
        self_test.self_test()


def test_tofu_that_goes_unnoticed_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "_TOFU", self_test.PAGE)
    with pytest.raises(pdf.RenderFailed, match="without a word"):
        self_test.self_test()


def test_altered_fonts_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text(f"{hashlib.sha256(b'true').hexdigest()}  DocSong.ttf\n", encoding="ascii")
    (tmp_path / "DocSong.ttf").write_bytes(b"altered")
    monkeypatch.setattr(fontset, "FONT_FOLDER", tmp_path)
    with pytest.raises(fontset.FontsBroken, match="altered"):
        fontset.install()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"surplus": 1}, "unknown fields"),
        ({"term_from": 20261201}, "stored as text"),
        ({"term_from": "2026-13-01"}, "is no date"),
        ({"duties": "x"}, "a list is needed"),
        ({"mode": 3}, "str is needed"),
    ],
)
def test_stored_data_that_does_not_fit_is_refused(change: dict[str, Any], complaint: str) -> None:
    data = json.loads(json.dumps(to_json(notice())))
    with pytest.raises(ContextInvalid, match=complaint):
        from_json(KINDS[NOTICE], {**data, **change})


def test_a_missing_field_is_refused_by_name() -> None:
    data = to_json(notice())
    del data["room"]
    with pytest.raises(ContextInvalid, match="room"):
        from_json(KINDS[NOTICE], data)


def test_a_context_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="AdmissionNotice"):
        pdf.render(NOTICE, KINDS["refusal_decision"].sample())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="no document kind"):
        pdf.render("birthday_card", notice())


def test_an_operators_typeface_prints_the_body_and_adds_characters(tmp_path: Path) -> None:
    font = TTFont(fontset.FONT_FOLDER / "DocKai.ttf")
    for entry in font["name"].names:
        if entry.nameID in (1, 4):
            entry.string = "FangSong"
    for table in font["cmap"].tables:
        if table.format == 12:
            table.cmap[0x20BB7] = table.cmap[ord("吉")]
    font.save(tmp_path / "FangSong.ttf")
    script = (
        "import sys; from dataclasses import replace; from pathlib import Path; from documents import pdf\n"
        "from documents.registry import KINDS; pdf.start(extra_fonts=Path(sys.argv[1]))\n"
        f"sample = KINDS['{NOTICE}'].sample()\n"
        "changed = replace(sample, head=replace(sample.head, addressee='张𠮷'))\n"
        f"print(*pdf.render('{NOTICE}', changed).fonts, sep=',')"
    )
    command = [sys.executable, "-X", "utf8", "-c", script, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Doc Hei,Doc Song,FangSong"


SHARED_PARTS = """{% extends "parts/letter.html" %}
{% from "parts/macros.html" import amount_line, pairs_table, stub, two_signatures, remedy, basis, clause, numbered %}
{% block body %}
{{ amount_line("本期拨付金额", 1200000) }}
{{ pairs_table([("收款单位", "望河街道社区社会组织联合会"), ("开户银行", "青檐银行望河支行"), ("账号", "尾号0031")]) }}
{{ two_signatures("青檐市河湾区社区社会组织孵化中心", "桦苑社区书画社") }}
{% endblock %}
{% block after %}{{ stub("收款确认书", head, [("收款单位", "桦苑社区书画社"), ("收款日期", "")]) }}{% endblock %}
"""


def test_shared_parts_draw_what_they_are_given() -> None:
    page = html._environment().from_string(SHARED_PARTS)
    drawn_page = page.render(document=notice(), head=notice().head, kind=KINDS[NOTICE], receipt="")
    document = pypdfium2.PdfDocument(pdf.render_html(drawn_page, html.stylesheets(NOTICE)))
    text = squeezed("".join(sheet.get_textpage().get_text_bounded() for sheet in document))
    for words in (
        "¥12,000.00（人民币壹万贰仟元整）",
        "青檐银行望河支行",
        "甲方（盖章）",
        "沿此线裁下后交回",
        "对应文书",
    ):
        assert words in text

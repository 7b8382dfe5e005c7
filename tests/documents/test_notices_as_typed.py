"""Notices print what people typed as an office would: any ending, several lines, far too much, or nothing at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from documents import html, pdf
from documents.kinds.correction_notice import CorrectionItem
from documents.kinds.rectification_notice import RectificationFinding
from documents.registry import KINDS

from .reading import squeezed, text_of

LONG_NAME = "青檐市河湾区望河街道晨光社区向阳里社区桦苑社区邻里互助与银龄日间照料志愿服务联合促进中心（筹备组）"
LONG_TEXT = ("签到表与照片不一致，见https://fuhua.example.cn/" + "0123456789" * 6 + "，请逐项说明。") * 3


def sample(kind: str) -> Any:
    return KINDS[kind].sample()


def printed(kind: str, context: Any) -> str:
    return text_of(pdf.render(kind, context).pdf, context.head)


@pytest.mark.parametrize("typed", ["成员只面向企业内部", "成员只面向企业内部。", " 成员只面向企业内部。 "])
def test_a_typed_reason_ends_with_one_full_stop(typed: str) -> None:
    text = printed("non_acceptance_notice", replace(sample("non_acceptance_notice"), reason=typed))
    assert "成员只面向企业内部。二、" in text


def test_a_phrase_loses_its_own_full_stop_inside_a_sentence() -> None:
    text = printed("correction_notice", replace(sample("correction_notice"), effect_if_late="视为撤回申请。"))
    assert "逾期视为撤回申请。补正所用" in text


def test_clauses_without_text_take_no_number() -> None:
    context = replace(sample("non_acceptance_notice"), basis=(), proper_body="")
    text = printed("non_acceptance_notice", context)
    assert "一、理由" in text
    assert "二、救济途径" in text
    assert "依据" not in text


def test_typed_lines_become_paragraphs() -> None:
    context = replace(sample("recheck_opinion"), opinion="第一行\n\n第二行")
    assert "第一行</p>" in html.to_html("recheck_opinion", context)
    assert '<p class="clause">第二行。</p>' in html.to_html("recheck_opinion", context)


def test_typed_markup_stays_text() -> None:
    context = replace(sample("recheck_opinion"), opinion="<b>一</b>")
    assert "&lt;b&gt;一&lt;/b&gt;" in html.to_html("recheck_opinion", context)


def test_nothing_is_said_of_money_that_does_not_wait() -> None:
    assert "暂缓拨付" not in printed("rectification_notice", replace(sample("rectification_notice"), held_fen=0))
    assert "恢复拨付" not in printed("recheck_opinion", replace(sample("recheck_opinion"), released_fen=0))


def test_open_findings_are_counted() -> None:
    full = sample("recheck_opinion")
    findings = (replace(full.findings[0], closed=False, evidence=""), full.findings[1])
    text = printed("recheck_opinion", replace(full, findings=findings, result="failed", released_fen=0))
    assert "已改正1项，未改正1项，整改复核不通过" in text


def test_a_slip_without_papers_says_so() -> None:
    text = printed("receipt_slip", replace(sample("receipt_slip"), materials=(), handler=""))
    assert "没有附件" in text
    assert "网上提交" in text
    assert "经办人，" not in text


@pytest.mark.parametrize("papers", [6, 7, 10, 11, 12])
def test_the_closing_of_a_slip_never_stands_alone(papers: int) -> None:
    full = sample("receipt_slip")
    drawn = pdf.render("receipt_slip", replace(full, materials=(full.materials * 2)[:papers]))
    document = pypdfium2.PdfDocument(drawn.pdf)
    last = squeezed(document[len(document) - 1].get_textpage().get_text_bounded())
    document.close()
    assert f"{papers}{full.materials[(papers - 1) % 6].name}1" in last
    assert "收件专用章" in last


def test_a_publicity_notice_carries_nothing_but_what_the_public_may_see() -> None:
    assert set(type(sample("publicity_notice")).__dataclass_fields__) == {
        "head", "subject", "entries", "starts_on", "ends_on", "working_days", "unit", "objection_channel",
    }  # fmt: skip


def test_twelve_long_items_all_reach_the_paper() -> None:
    full = sample("correction_notice")
    items = tuple(
        CorrectionItem(field=f"材料{n}", problem=f"{n}号{LONG_TEXT}", how_to_fix=LONG_TEXT) for n in range(12)
    )
    head = replace(full.head, addressee=LONG_NAME, organization_name=LONG_NAME)
    text = printed("correction_notice", replace(full, head=head, items=items))
    assert squeezed(LONG_NAME) in text
    assert all(f"{n}号" in text for n in range(12))


def test_findings_without_rule_or_measure_show_a_dash() -> None:
    full = sample("rectification_notice")
    context = replace(full, findings=(RectificationFinding(fact="记录不全", rule="", measure=" "),))
    assert html.to_html("rectification_notice", context).count("<td>—</td>") == 2


def test_the_notice_before_a_recovery_asks_for_an_answer_and_orders_nothing() -> None:
    decided = sample("recovery_notice")
    text = printed("recovery_notice", replace(decided, variant="notice", due_on=None, remedy=None, days=0, reply=""))
    assert "10个工作日内向本中心书面陈述申辩" in text
    assert "应退" not in text

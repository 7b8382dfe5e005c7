"""Papers of suspension, extension, expulsion and exit hold together whatever was typed, and leave out what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from documents import html, pdf
from documents.context import ContextInvalid, Remedy
from documents.kinds.exit_confirmation import HandedOver
from documents.registry import KINDS

from .reading import squeezed, text_of

LONG_NAME = "青檐市河湾区望河街道晨光社区向阳里社区桦苑社区邻里互助与银龄日间照料志愿服务联合促进中心（筹备组）"
LONG = "2026年5月至8月分六次转出，收款人与本组织无业务往来，见https://fuhua.example.cn/" + "0123456789" * 8 + "。"
REMEDY = Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心", period="10个工作日")


def page(kind: str, **changes: Any) -> str:
    return squeezed(html.to_html(kind, replace(KINDS[kind].sample(), **changes)))


def test_a_refused_extension_says_so_with_its_remedy_and_a_granted_one_has_none() -> None:
    refused = {"granted": False, "new_end": date(2026, 11, 30), "months": 0, "conditions": "", "remedy": REMEDY}
    text = page("extension_decision", **refused)
    assert "不予延期。孵化期仍至2026年11月30日止" in text
    assert "可于送达之日起10个工作日内申请复核" in text
    assert "条件" not in text.partition("<body")[2].replace("符合条件", "")
    assert "复核" not in page("extension_decision").partition("<body")[2]
    with pytest.raises(ContextInvalid):
        replace(KINDS["extension_decision"].sample(), remedy=REMEDY)


def test_an_extension_the_centre_took_up_itself_speaks_of_no_application() -> None:
    text = page("extension_decision", applied_on=None)
    assert "延期申请（案号" not in text
    assert "孵化期于2026年11月30日届满" in text


def test_a_revocation_is_announced_by_its_certificate_and_asks_for_no_handover() -> None:
    changed = {"measure": "revocation", "certificate_number": "QYFH-CQ-2026-0003", "held_fen": 0, "evidence": ()}
    text = page("prior_notice", **changed)
    assert "拟撤销桦林街道青少年托管中心的出壳，出壳证书（QYFH-CQ-2026-0003）同时作废" in text
    assert "腾退" not in text
    assert "证据：" not in text
    with pytest.raises(ContextInvalid):
        replace(KINDS["prior_notice"].sample(), measure="revocation")


def test_one_piece_of_evidence_takes_no_number() -> None:
    assert "证据</span>：银行流水。" in page("prior_notice", evidence=("银行流水。",))


@pytest.mark.parametrize(
    ("recovery_fen", "paid_fen", "said", "unsaid"),
    [
        (1_200_000, 1_600_000, "追回¥12,000.00（人民币壹万贰仟元整），已拨未退的资助款为¥16,000.00；", "未按约定使用"),
        (0, 1_600_000, "已拨未退的¥16,000.00（人民币壹万陆仟元整），未按约定使用的部分予以追回", "追回¥"),
        (0, 0, "（三）</span>2029年10月16日前不受理再申请", "资金追回决定书"),
    ],
)
def test_an_expulsion_asks_back_what_is_known_and_numbers_its_orders(
    recovery_fen: int, paid_fen: int, said: str, unsaid: str
) -> None:
    text = page("expulsion_decision", recovery_fen=recovery_fen, paid_fen=paid_fen)
    assert said in text
    assert unsaid not in text


def test_silence_in_the_hearing_is_said() -> None:
    text = page("expulsion_decision", defence_summary="", noticed_on=None, notice_number="", copied_to="")
    assert "期限内未收到陈述申辩。" in text
    assert "抄送" not in text


def test_an_exit_with_nothing_to_hand_back_says_so() -> None:
    text = page("exit_confirmation", assets=(), keys=0, deposit_fen=0, balance_fen=0, remark="")
    assert "没有需要交还的资产，没有需要退回的结余" in text
    assert "未收取押金" in text
    assert "备注" not in text


def test_a_handover_to_come_leaves_lines_to_write_on() -> None:
    still_open = {"handover_by": date(2026, 12, 22), "assets": (), "keys": 0, "balance_fen": 0}
    text = page("exit_confirmation", reason="graduation", **still_open)
    assert "乙方应当于2026年12月22日前腾退场地" in text
    assert "待拨付" in text
    assert "已交还" not in text
    assert "（大写：" in text


def test_nobody_seals_a_list_that_is_still_to_be_filled_in() -> None:
    assert page("exit_confirmation").count("data-seal") == 2
    assert "data-seal" not in page("exit_confirmation", handover_by=date(2026, 12, 22))


def test_long_names_and_texts_stay_on_their_papers() -> None:
    """Everything typed is printed, and no line leaves the page, however long it is."""
    told = KINDS["prior_notice"].sample()
    told = replace(told, head=replace(told.head, addressee=LONG_NAME, organization_name=LONG_NAME), facts=LONG * 3)
    left = KINDS["exit_confirmation"].sample()
    many = tuple(HandedOver(name=f"桌椅{LONG_NAME[:20]}", quantity=9, unit="套", state=LONG[:60]) for _ in range(30))
    left = replace(left, head=replace(left.head, organization_name=LONG_NAME), assets=many, remark=LONG * 2)
    for kind, context in (("prior_notice", told), ("exit_confirmation", left)):
        drawn = pdf.render(kind, context)
        text = text_of(drawn.pdf, context.head)
        assert squeezed(LONG) in text
        assert LONG_NAME in text
        assert drawn.pages <= 5

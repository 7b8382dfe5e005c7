"""Agreements, reports and money papers hold what people really enter: nothing at all, or far too much."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from documents import html, pdf
from documents.context import ContextInvalid, from_json, to_json
from documents.format import masked_account
from documents.kinds.award_notice import AwardNotice
from documents.kinds.cultivation_plan import CultivationPlan, Goal, Need
from documents.kinds.graduation_report import Gate, GraduationReport
from documents.kinds.incubation_agreement import Equipment, IncubationAgreement, Party
from documents.kinds.midterm_report import Finding, MidtermReport
from documents.parts.blocks import Arbitration, Panel, Seat
from documents.registry import KINDS
from services.funding.sources import sources

from .reading import squeezed, text_of, unprinted_fields

LONG_NAME = "青檐市河湾区望河街道晨光社区向阳里社区银龄日间照料与邻里互助及青少年托管志愿服务联合促进会（筹备组）"
LONG_TEXT = (
    "Volunteer Service 覆盖独居老人和困境儿童家庭，参见https://example.org/" + "0123456789" * 7 + "。\n第二段：骨干流失"
)
ACCOUNT = "6222000000000031"


def sample(kind: str) -> Any:
    return KINDS[kind].sample()


def bare(kind: str) -> Any:
    """The context of `kind` with nothing in it that may be left out."""
    full = sample(kind)
    head = full.head
    contexts = {
        "incubation_agreement": lambda: IncubationAgreement(
            head=head,
            centre=Party(name=head.issuer_name),
            organization=Party(name=head.organization_name),
            mode="virtual",
            term_from=full.term_from,
            term_to=full.term_to,
            months=12,
        ),
        "cultivation_plan": lambda: CultivationPlan(
            head=head, assessed_on=full.assessed_on, needs=(), goals=(), service_plan="", mentor=""
        ),
        "midterm_report": lambda: MidtermReport(
            head=head,
            period_from=full.period_from,
            period_to=full.period_to,
            activities=None,
            beneficiaries=None,
            spend_fen=None,
            panel=Panel(),
            result="no_report",
            instalment_effect="stop",
        ),
        "graduation_report": lambda: GraduationReport(
            head=head,
            term_from=full.term_from,
            term_to=full.term_to,
            gates=(),
            panel=Panel(),
            grade="fail",
            graduation_type="none",
        ),
        "award_notice": lambda: AwardNotice(
            head=head, program="培育资金", project="一键敲门", source="捐赠资金", amount_fen=1, plan=()
        ),
        "disbursement_notice": lambda: replace(full, bank="", account="", award_number="", purpose=""),
        "receipt_confirmation": lambda: replace(
            full, bank_serial="", disbursement_number="", source="", confirmed_by=""
        ),
    }
    return contexts[kind]()


def crowded(kind: str) -> Any:
    """The context of `kind` with long names, long texts and long lists."""
    full = sample(kind)
    panel = Panel(
        seats=tuple(Seat(name=f"专家{position}", total=Decimal(60 + position)) for position in range(1, 10)),
        mean=Decimal("65"),
        spread=Decimal("8"),
        vetoes=(LONG_NAME,),
        arbitration=Arbitration(reasons=(LONG_NAME, LONG_NAME), minutes=LONG_TEXT),
    )
    changes: dict[str, dict[str, Any]] = {
        "incubation_agreement": {
            "organization": Party(name=LONG_NAME, address=LONG_NAME),
            "equipment": tuple(Equipment(name=LONG_NAME, quantity=position) for position in range(1, 25)),
            "special_terms": (LONG_TEXT,),
        },
        "cultivation_plan": {
            "needs": tuple(Need(area=LONG_NAME, level=level % 7, note=LONG_NAME) for level in range(12)),
            "goals": tuple(Goal(metric=LONG_NAME, base="", target=LONG_NAME) for _ in range(9)),
            "service_plan": LONG_TEXT,
        },
        "midterm_report": {
            "panel": panel,
            "findings": (Finding(fact=LONG_TEXT),) * 7,
            "opinion": LONG_TEXT,
            "summary": LONG_TEXT,
        },
        "graduation_report": {
            "panel": panel,
            "gates": tuple(Gate(code=f"G{n}", passed=n % 4 != 0, evidence=LONG_TEXT) for n in range(1, 13)),
            "advice": LONG_TEXT,
        },
        "award_notice": {"from_lottery": True, "conditions": (LONG_TEXT,) * 2, "payee": LONG_NAME},
        "disbursement_notice": {"copy_for": "payer", "account": ACCOUNT, "payee": LONG_NAME, "bank": LONG_NAME},
        "receipt_confirmation": {"payee": LONG_NAME, "bank_serial": "A" * 40},
    }
    return replace(full, head=replace(full.head, organization_name=LONG_NAME), **changes[kind])


OURS = (
    "incubation_agreement",
    "cultivation_plan",
    "midterm_report",
    "graduation_report",
    "award_notice",
    "disbursement_notice",
    "receipt_confirmation",
)


@pytest.mark.parametrize("kind", OURS)
def test_a_page_without_its_optional_parts_is_still_a_page(kind: str) -> None:
    page = html.to_html(kind, bare(kind))
    assert "None" not in page
    assert "。。" not in page
    assert "，。" not in page
    assert from_json(KINDS[kind], to_json(bare(kind))) == bare(kind)
    assert pdf.render(kind, bare(kind)).pages <= 5


@pytest.mark.parametrize("kind", OURS)
def test_long_names_texts_and_lists_are_printed_whole(kind: str) -> None:
    context = crowded(kind)
    rendered = pdf.render(kind, context)
    text = text_of(rendered.pdf, context.head)
    assert squeezed(LONG_NAME) in text or kind in {"midterm_report", "graduation_report"}
    if kind == "incubation_agreement":
        text = text.replace("骑缝章处", "")
        assert unprinted_fields(context.organization, text) == []
    assert rendered.pages <= 12


def test_a_typed_sentence_ends_with_one_stop() -> None:
    conditions = ("按时报送用款报告", "接受审计。", "为什么？")
    page = html.to_html("award_notice", replace(sample("award_notice"), conditions=conditions))
    assert "按时报送用款报告。</p>" in page
    assert "接受审计。</p>" in page
    assert "为什么？</p>" in page


def test_lottery_money_brings_the_label_duty() -> None:
    label = sources()["welfare_lottery"].label
    assert label in html.to_html("award_notice", replace(sample("award_notice"), from_lottery=True))
    assert label not in html.to_html("award_notice", sample("award_notice"))


def test_a_gate_not_reached_is_counted_and_named() -> None:
    full = sample("graduation_report")
    missed = replace(full.gates[3], passed=False)
    page = html.to_html("graduation_report", replace(full, gates=(*full.gates[:3], missed, *full.gates[4:])))
    assert "1项未达到（G4）" in page
    assert "项全过" in html.to_html("graduation_report", full)


@pytest.mark.parametrize("account", [ACCOUNT, "6222 0000 0000 0031", "6222-0000", "尾号00031"])
def test_the_applicants_copy_refuses_a_readable_account(account: str) -> None:
    with pytest.raises(ContextInvalid, match="four digits"):
        replace(sample("disbursement_notice"), account=account)
    assert replace(sample("disbursement_notice"), copy_for="payer", account=account).account == account


def test_a_masked_account_is_good_for_the_applicants_copy_and_storage_keeps_the_rule() -> None:
    stored = to_json(replace(sample("disbursement_notice"), account=masked_account(ACCOUNT)))
    assert from_json(KINDS["disbursement_notice"], stored).account == "尾号0031"
    with pytest.raises(ContextInvalid):
        from_json(KINDS["disbursement_notice"], {**stored, "account": ACCOUNT})

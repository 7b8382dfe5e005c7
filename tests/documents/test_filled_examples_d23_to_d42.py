"""The catalogue's filled examples D23 to D42: every fact, figure and phrase of them stands on the paper."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date

import pytest

from documents import pdf
from documents.context import ContextInvalid
from documents.registry import KINDS

from .conftest import drawn
from .reading import text_of

EXAMPLES: dict[str, tuple[str, ...]] = {
    "filing_certificate": (
        "社区社会组织备案证书", "229902001-2026-0003", "晨光社区邻里互助社", "负责人周暖", "活动地域晨光社区",
        "本证不具有法人资格", "正本", "副本", "confers no legal personality",
    ),
    "filing_refusal": ("不备〔2026〕1号", "成员6名，不足10名", "60日内", "申请行政复议", "6个月内", "提起行政诉讼"),
    "filing_notice": ("备变〔2026〕2号", "活动场所由", "（甲）变更为", "（乙）"),
    "readiness_letter": (
        "荐〔2026〕3号", "北甸村老年协会", "会员63名≥50", "资金30000元", "场所、章程齐备", "本函不代替行政许可",
    ),
    "star_result_notice": ("星〔2026〕2号", "84.5", "四星"),
    "star_certificate": ("星证〔2026〕2号", "★★★★", "2026年7月1日至2029年6月30日"),
    "award_notice": (
        "资〔2026〕4号", "“一键敲门”", "¥24,000.00（人民币贰万肆仟元整）", "分三期", "¥12,000.00", "¥7,200.00",
        "¥4,800.00",
    ),
    "award_agreement": ("资协〔2026〕4号", "望河街道社区社会组织联合会", "代管"),
    "disbursement_notice": (
        "青河孵拨〔2026〕5号", "晨光社区邻里互助社：", "项目“一键敲门”",
        "第1期（共3期）资助款¥12,000.00（人民币壹万贰仟元整）", "来源区级专项资金",
        "收款单位望河街道社区社会组织联合会（代管）", "账号尾号0031", "此前已拨¥0.00", "余款¥12,000.00",
        "请收款后10个工作日内回传收款确认书",
    ),
    "receipt_confirmation": ("收款〔2026〕9号", "今收到", "第1期", "¥9,000.00（人民币玖仟元整）", "DEMO20260803001"),
    "acceptance_report": (
        "验〔2026〕1号", "¥30,000.00¥29,640.50¥359.50", "结余：¥359.50（人民币叁佰伍拾玖元伍角整）", "绩效得分88.00分",
    ),
    "recovery_notice": (
        "追〔2026〕1号", "¥16,000.00", "¥4,000.00", "应退¥12,000.00", "人民币壹万贰仟元整", "30日内缴回原渠道",
    ),
    "purchase_contract": ("购〔2026〕1号", "为老巡访", "1200", "50.00", "¥60,000.00（人民币陆万元整）"),
    "annual_report": ("2025年度", "活动46次", "收入¥81,200.00", "支出¥79,933.40", "结论合格"),
    "annual_conclusion": ("2025年度报告", "46次", "¥81,200.00", "¥79,933.40", "结论：合格"),
    "party_suggestion": (
        "党建〔2026〕1号", "正式党员3名，建议单独成立党支部，报北甸村党组织审批", "北甸村老年协会",
    ),
    "training_certificate": ("培〔2026〕58号", "田有禾", "财务基础", "24学时"),
    "gift_confirmation": (
        "捐〔2026〕7号", "折叠桌20张，¥3,600.00（人民币叁仟陆佰元整），本单不作为捐赠票据",
    ),
    "proof_of_service": ("送达回证", "（D13）", "田有禾", "直接送达", "2026年11月9日10时20分签收"),
    "appointment_letter": (
        "聘〔2026〕1号", "顾南乔", "2026年1月1日至2027年12月31日", "评审专家", "主动声明并回避",
    ),
    "indicator_bulletin": ("统计简报（2026年10月）", "城市平均1.00，农村平均1.00，枢纽覆盖40%", "场地使用33.33%412"),
}  # fmt: skip
"""Kind to what the catalogue prints of it, and a little more of what the paper must tell."""


def printed(name: str) -> str:
    return text_of(drawn(name).pdf, KINDS[name].sample().head)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_filled_example_stands_on_the_paper(name: str) -> None:
    text = printed(name)
    assert [phrase for phrase in EXAMPLES[name] if re.sub(r"\s", "", phrase) not in text] == []


def test_every_kind_after_the_review_has_an_example() -> None:
    after = {name for name, kind in KINDS.items() if kind.code[:3] > "D22"}
    assert set(EXAMPLES) == after - {"purchase_catalogue"}  # not among the forty-two, so the reference fills none in


def test_the_whole_catalogue_has_a_kind_and_nothing_besides() -> None:
    catalogue = {f"D{number:02d}" for number in range(1, 43)}
    codes = {kind.code for kind in KINDS.values()}
    assert catalogue - codes == set()
    assert {code.rstrip("a") for code in codes} - catalogue == set()


def test_a_certificate_of_a_person_has_no_place_for_an_identity_number() -> None:
    for name in ("training_certificate", "appointment_letter"):
        assert not [one.name for one in fields(KINDS[name].context) if "identity" in one.name]
        assert not re.search(r"\d{17}[\dX]", printed(name))
        assert KINDS[name].holder == "person"


def test_a_filing_without_an_end_says_so() -> None:
    context = replace(KINDS["filing_certificate"].sample(), valid_to=None, changes=())
    assert "长期（每年参加年度检查）" in text_of(pdf.render("filing_certificate", context).pdf, context.head)


@pytest.mark.parametrize(
    ("variant", "said"), [("cancelled", "注销备案"), ("revoked", "撤销备案"), ("revoked", "缴回备案证书正本、副本")]
)
def test_the_end_of_a_filing_is_told_without_a_change(variant: str, said: str) -> None:
    context = replace(KINDS["filing_notice"].sample(), variant=variant, changes=())
    assert said in text_of(pdf.render("filing_notice", context).pdf, context.head)


def test_what_does_not_fit_together_is_no_context() -> None:
    report, notice = KINDS["annual_report"].sample(), KINDS["filing_notice"].sample()
    suggestion, conclusion = KINDS["party_suggestion"].sample(), KINDS["annual_conclusion"].sample()
    with pytest.raises(ContextInvalid, match="balance sheet"):
        replace(report, assets=report.assets[1:])
    with pytest.raises(ContextInvalid, match="income less spending"):
        replace(report, spending=report.spending[1:])
    with pytest.raises(ContextInvalid, match="names what changed"):
        replace(notice, variant="revoked")
    with pytest.raises(ContextInvalid, match="2 full members ask for joint"):
        replace(suggestion, full_member_count=2)
    with pytest.raises(ContextInvalid, match="findings"):
        replace(conclusion, conclusion="failed", rectify_by=date(2026, 9, 18))


def test_bodies_with_few_or_no_members_get_the_other_suggestions() -> None:
    sample = KINDS["party_suggestion"].sample()
    joint = replace(sample, full_member_count=2, mode="joint", partners=("北甸村志愿服务队",))
    assert "建议与相邻单位成立联合党支部，可与北甸村志愿服务队协商，报北甸村党组织审批" in text_of(
        pdf.render("party_suggestion", joint).pdf, joint.head
    )
    none = replace(sample, full_member_count=0, mode="instructor")
    assert "由上级党组织选派党建工作指导员" in text_of(pdf.render("party_suggestion", none).pdf, none.head)

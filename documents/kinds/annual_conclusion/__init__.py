"""D36a 年度报告结论通知书: tells an organization what the authority concluded on its annual report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, ContextInvalid, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class AnnualConclusion:
    """times, income_fen, spending_fen: as reported. findings: what is to be put right, until `rectify_by`; a report
    that passed has neither.
    """

    head: Head
    year: int
    report_number: str
    times: int
    income_fen: int
    spending_fen: int
    conclusion: Literal["passed", "nearly_passed", "failed"]
    basis: tuple[Basis, ...]
    remedy: Remedy
    findings: tuple[str, ...] = ()
    rectify_by: date | None = None

    def __post_init__(self) -> None:
        if (self.conclusion == "passed") == bool(self.findings) or bool(self.findings) != bool(self.rectify_by):
            raise ContextInvalid("annual_conclusion: what did not pass names its findings and their last day")


def sample() -> AnnualConclusion:
    """A fictional notice of a report that passed."""
    return AnnualConclusion(
        head=Head(
            issuer_name="青檐市河湾区民政局",
            document_title="社会组织年度报告结论通知书",
            number="青河民年结〔2026〕4号",
            addressee="望河街道社区社会组织联合会",
            case_number="",
            organization_name="望河街道社区社会组织联合会",
            issued_on=date(2026, 6, 18),
            contact="吴青禾",
            phone="0000-1234567",
            verify_code="M1VQ-6ZT8-K3WD-0XPR",
            verify_url="https://fuhua.example.cn/verify/M1VQ-6ZT8-K3WD-0XPR",
        ),
        year=2025,
        report_number="青河民年〔2026〕4号",
        times=46,
        income_fen=8_120_000,
        spending_fen=7_993_340,
        conclusion="passed",
        basis=(Basis(title="社会团体登记管理条例", number="国务院令第250号", article="第二十八条"),),
        remedy=Remedy(
            kind="statutory",
            body="青檐市河湾区人民政府",
            period="60日",
            court="有管辖权的人民法院",
            court_period="6个月",
        ),
    )


KIND = Kind(
    code="D36a",
    name="annual_conclusion",
    title_zh="年度报告结论通知书",
    title_en="Conclusion on an annual report",
    family="A",
    number_key="年结",
    context=AnnualConclusion,
    sample=sample,
    unprinted=frozenset({"head.case_number"}),
)

"""D20 清退决定书: ends an incubation for a proven ground, says what was answered to it, and what now has to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Basis, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ExpulsionDecision:
    """facts: what was told in the prior notice. defence_summary: what was answered and how it was judged, may be empty.

    reason: why it is decided so. handover_by: last day to hand over. recovery_fen: money to come back, 0 when it is
    still to be reckoned or none was paid; paid_fen: what was paid and not returned. barred_until: no new application
    before. copied_to: other offices that get the paper, may be empty.
    """

    head: Head
    facts: str
    reason: str
    basis: tuple[Basis, ...]
    handover_by: date
    barred_until: date
    remedy: Remedy
    defence_summary: str = ""
    rule: str = ""
    recovery_fen: int = 0
    paid_fen: int = 0
    notice_number: str = ""
    noticed_on: date | None = None
    copied_to: str = ""


def sample() -> ExpulsionDecision:
    """A fictional decision with every field filled."""
    return ExpulsionDecision(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="清退决定书",
            number="青河孵清〔2026〕1号",
            addressee="桦林街道青少年托管中心",
            case_number="QYFH-2026-0004",
            organization_name="桦林街道青少年托管中心",
            issued_on=date(2026, 10, 16),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="9WCE-R3PX-7H0T-M5VD",
            verify_url="https://fuhua.example.cn/verify/9WCE-R3PX-7H0T-M5VD",
            seal="sample",
        ),
        facts="挪用资助款：2026年5月至8月，将资助款12000元用于负责人个人支出。",
        reason="挪用资助款事实清楚、证据充分，情节严重，违反资助款专款专用的约定",
        basis=(Basis(title="社区社会组织孵化协议", number="青河孵协〔2026〕1号", article="第九条"),),
        handover_by=date(2026, 11, 6),
        barred_until=date(2029, 10, 16),
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心", period="10个工作日"),
        defence_summary="你单位称所用款项系临时周转、事后归还。经核对银行流水，无归还记录，不予采纳",
        rule="资助协议第四条",
        recovery_fen=1_200_000,
        paid_fen=1_600_000,
        notice_number="青河孵告〔2026〕3号",
        noticed_on=date(2026, 9, 28),
        copied_to="桦林街道办事处",
    )


KIND = Kind(
    code="D20",
    name="expulsion_decision",
    title_zh="清退决定书",
    title_en="Decision to expel",
    family="B",
    number_key="清",
    context=ExpulsionDecision,
    sample=sample,
)

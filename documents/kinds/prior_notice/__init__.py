"""D19 拟清退、拟撤销事先告知书: says what was found and what is intended, and until when the addressee may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, ContextInvalid, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class PriorNotice:
    """measure: what is intended, to expel or to revoke a graduation. facts, rule and evidence: typed or drawn from
    the case; rule may be empty.

    days: working days to be heard; hearing_due: their last day when the notice is served the day it is issued.
    barred_months: how long no new application would be accepted. held_fen: money that waits, 0 when none does.
    handover_days: working days to hand over after an expulsion. certificate_number: of the graduation to be revoked.
    """

    head: Head
    measure: Literal["expulsion", "revocation"]
    facts: str
    evidence: tuple[str, ...]
    basis: tuple[Basis, ...]
    days: int
    hearing_due: date
    barred_months: int
    rule: str = ""
    handover_days: int = 0
    held_fen: int = 0
    certificate_number: str = ""

    def __post_init__(self) -> None:
        if (self.measure == "revocation") != bool(self.certificate_number):
            raise ContextInvalid("prior_notice: only a graduation is revoked, and by its certificate")


def sample() -> PriorNotice:
    """A fictional notice of an expulsion."""
    return PriorNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="拟清退事先告知书",
            number="青河孵告〔2026〕3号",
            addressee="桦林街道青少年托管中心",
            case_number="QYFH-2026-0004",
            organization_name="桦林街道青少年托管中心",
            issued_on=date(2026, 9, 28),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="X6BT-0J4M-WR8V-2KQP",
            verify_url="https://fuhua.example.cn/verify/X6BT-0J4M-WR8V-2KQP",
            seal="sample",
        ),
        measure="expulsion",
        facts="挪用资助款：2026年5月至8月，将资助款12000元用于负责人个人支出。",
        evidence=("资助款账户2026年4月至8月银行流水", "同期会计凭证12张", "负责人谈话记录"),
        basis=(Basis(title="社区社会组织孵化协议", number="青河孵协〔2026〕1号", article="第九条"),),
        days=5,
        hearing_due=date(2026, 10, 10),
        barred_months=36,
        rule="资助协议第四条",
        handover_days=15,
        held_fen=400_000,
    )


KIND = Kind(
    code="D19",
    name="prior_notice",
    title_zh="拟清退、拟撤销事先告知书",
    title_en="Prior notice of an intended expulsion or revocation",
    family="B",
    number_key="告",
    context=PriorNotice,
    sample=sample,
)

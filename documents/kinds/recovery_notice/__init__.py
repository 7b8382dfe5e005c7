"""D34 资金追回通知书 and 资金追回决定书: what was paid and spent as agreed, what is owed back, by when, where to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, ContextInvalid, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class RecoveryNotice:
    """variant: the notice that hears the organization first, or the decision that follows it.

    amount_fen: what the notice intends or the decision orders. reply_working_days is the notice's, may be 0 in a
    decision; due_on, days, remedy and noticed_on are the decision's. reply: what was said to the organization's
    answer, empty in a notice. account: where the money goes back to, in full, since it is the office's own.
    """

    head: Head
    variant: Literal["notice", "decision"]
    project: str
    source: str
    award_number: str
    paid_fen: int
    compliant_fen: int
    amount_fen: int
    cause: Literal["misuse", "expulsion", "withdrawal", "unspent", "failed_acceptance"]
    facts: str
    evidence: str
    basis: tuple[Basis, ...]
    account: str
    reply_working_days: int = 0
    reply: str = ""
    noticed_on: date | None = None
    due_on: date | None = None
    days: int = 0
    remedy: Remedy | None = None

    def __post_init__(self) -> None:
        decided = self.variant == "decision"
        if decided != (self.due_on is not None and self.remedy is not None):
            raise ContextInvalid("recovery_notice: a decision has a last day and a remedy, a notice has neither")


def sample() -> RecoveryNotice:
    """The fictional decision of the catalogue with every field filled: 16 000 paid, 4 000 as agreed, 12 000 owed."""
    return RecoveryNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="资金追回决定书",
            number="青河孵追〔2026〕1号",
            addressee="桦林街道青少年托管中心",
            case_number="QYFH-ZH-2026-0001",
            organization_name="桦林街道青少年托管中心",
            issued_on=date(2026, 10, 26),
            contact="钱一禾",
            phone="0000-1234569",
            verify_code="6QPD-2MVX-R8TK-0HJ3",
            verify_url="https://fuhua.example.cn/verify/6QPD-2MVX-R8TK-0HJ3",
        ),
        variant="decision",
        project="四点半课堂",
        source="区级专项资金",
        award_number="青河孵资〔2026〕2号",
        paid_fen=1_600_000,
        compliant_fen=400_000,
        amount_fen=1_200_000,
        cause="misuse",
        facts="经核查银行流水和会计凭证，将资助款12000元用于负责人个人支出。",
        evidence="银行流水、会计凭证、谈话记录",
        basis=(Basis(title="青檐市河湾区社区社会组织资金资助协议", number="青河孵资协〔2026〕2号", article="第四条"),),
        account="青檐市河湾区财政专户，青檐市商业银行河湾支行，账号2299020000000018",
        reply_working_days=10,
        reply="你单位承认上述事实，申请分期归还，予以采纳。",
        noticed_on=date(2026, 10, 19),
        due_on=date(2026, 11, 25),
        days=30,
        remedy=Remedy(kind="internal", body="青檐市河湾区社区社会组织孵化中心", period="10个工作日"),
    )


KIND = Kind(
    code="D34",
    name="recovery_notice",
    title_zh="资金追回通知（决定）书",
    title_en="Recovery of money: notice or decision",
    family="B",
    number_key="追",
    context=RecoveryNotice,
    sample=sample,
)

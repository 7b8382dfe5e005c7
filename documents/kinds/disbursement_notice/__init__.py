"""D31 资金拨付通知书: orders and announces one payment, with a stub to keep and an acknowledgement to send back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import ContextInvalid, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class DisbursementNotice:
    """One payment: instalment_number of instalment_count. paid_before_fen and remaining_fen do not count this payment.

    copy_for: the applicant, or the cashier who pays. account: as this copy may show it (documents.format.masked_account
    for the applicant). A copy for the applicant with five digits or more in a row is refused (ContextInvalid), since
    the context is attached to the document. for_contract: it pays a contract of service purchase, not an award;
    award_number is then the contract's.
    """

    head: Head
    copy_for: Literal["applicant", "payer"]
    project: str
    source: str
    instalment_number: int
    instalment_count: int
    amount_fen: int
    payee: str
    bank: str
    account: str
    paid_before_fen: int
    remaining_fen: int
    award_number: str = ""
    confirm_working_days: int = 10
    purpose: str = ""
    for_contract: bool = False

    def __post_init__(self) -> None:
        if self.copy_for == "applicant" and re.search(r"\d{5}", re.sub(r"[\s-]", "", self.account)):
            raise ContextInvalid("disbursement_notice.account: the applicant's copy shows four digits at most")


def sample() -> DisbursementNotice:
    """A fictional notice with every field filled."""
    return DisbursementNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="资金拨付通知书",
            number="青河孵拨〔2026〕5号",
            addressee="晨光社区邻里互助社",
            case_number="QYFH-ZZ-2026-0004",
            organization_name="晨光社区邻里互助社",
            issued_on=date(2026, 7, 29),
            contact="钱一禾",
            phone="0000-1234569",
            verify_code="J8RF-0XVM-3BQ6-C2YN",
            verify_url="https://fuhua.example.cn/verify/J8RF-0XVM-3BQ6-C2YN",
            seal="sample",
        ),
        copy_for="applicant",
        project="一键敲门",
        source="区级专项资金",
        instalment_number=1,
        instalment_count=3,
        amount_fen=1_200_000,
        payee="望河街道社区社会组织联合会（代管）",
        bank="青檐市商业银行望河支行",
        account="尾号0031",
        paid_before_fen=0,
        remaining_fen=1_200_000,
        award_number="青河孵资〔2026〕4号",
        purpose="社区独居老人敲门问候和应急帮助",
    )


KIND = Kind(
    code="D31",
    name="disbursement_notice",
    title_zh="资金拨付通知书",
    title_en="Disbursement notice",
    family="B",
    number_key="拨",
    context=DisbursementNotice,
    sample=sample,
)

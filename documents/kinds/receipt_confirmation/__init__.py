"""D32 收款确认书: the payee confirms to the centre, under its own seal, that one instalment has arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ReceiptConfirmation:
    """head.issuer_name is the centre, whose running number it carries; the payee signs. organization_name: who was
    awarded. confirmed_by: the person who confirmed, or empty. for_contract: it pays a contract of service purchase.
    """

    head: Head
    project: str
    instalment_number: int
    instalment_count: int
    amount_fen: int
    payee: str
    received_on: date
    bank_serial: str
    disbursement_number: str = ""
    source: str = ""
    confirmed_by: str = ""
    for_contract: bool = False


def sample() -> ReceiptConfirmation:
    """A fictional confirmation with every field filled."""
    return ReceiptConfirmation(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="收款确认书",
            number="青河孵收款〔2026〕9号",
            addressee="青檐市河湾区社区社会组织孵化中心",
            case_number="QYFH-ZZ-2026-0006",
            organization_name="石桥村农技服务队",
            issued_on=date(2026, 8, 5),
            contact="钱一禾",
            phone="0000-1234569",
            verify_code="X7NW-5D2S-F0KG-Q4TA",
            verify_url="https://fuhua.example.cn/verify/X7NW-5D2S-F0KG-Q4TA",
        ),
        project="田间课堂",
        instalment_number=1,
        instalment_count=3,
        amount_fen=900_000,
        payee="石桥镇社区社会组织服务中心（代管）",
        received_on=date(2026, 8, 3),
        bank_serial="DEMO20260803001",
        disbursement_number="青河孵拨〔2026〕6号",
        source="区级专项资金",
        confirmed_by="叶知微",
    )


KIND = Kind(
    code="D32",
    name="receipt_confirmation",
    title_zh="收款确认书",
    title_en="Receipt confirmation",
    family="B",
    number_key="收款",
    context=ReceiptConfirmation,
    sample=sample,
    of_others=True,
)

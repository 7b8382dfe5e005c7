"""D15a 恢复孵化通知书: tells a suspended organization that its incubation goes on, and until when it now lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class ResumptionNotice:
    """suspension_number: of the notice of suspension, may be empty. cause_gone: typed.

    midterm_on: the half term as it was moved, None when it is passed. released_fen: money that goes on, 0 when none
    was held.
    """

    head: Head
    suspended_from: date
    resumed_on: date
    days_suspended: int
    cause_gone: str
    old_end_date: date
    new_end_date: date
    midterm_on: date | None = None
    released_fen: int = 0
    suspension_number: str = ""


def sample() -> ResumptionNotice:
    """A fictional notice with every field filled."""
    return ResumptionNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="恢复孵化通知书",
            number="青河孵复〔2026〕1号",
            addressee="前屯村爱心超市",
            case_number="QYFH-2026-0014",
            organization_name="前屯村爱心超市",
            issued_on=date(2026, 12, 1),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="T8KD-1VWH-6N2R-Q9ZC",
            verify_url="https://fuhua.example.cn/verify/T8KD-1VWH-6N2R-Q9ZC",
            seal="sample",
        ),
        suspended_from=date(2026, 10, 19),
        resumed_on=date(2026, 12, 1),
        days_suspended=43,
        cause_gone="管道已修复，场地验收合格",
        old_end_date=date(2027, 5, 10),
        new_end_date=date(2027, 6, 22),
        midterm_on=date(2026, 12, 24),
        released_fen=300_000,
        suspension_number="青河孵止〔2026〕1号",
    )


KIND = Kind(
    code="D15a",
    name="resumption_notice",
    title_zh="恢复孵化通知书",
    title_en="Notice of resumption",
    family="B",
    number_key="复",
    context=ResumptionNotice,
    sample=sample,
)

"""D37 建立党组织建议函: suggests a Party organization to a body with full members; approval is its superior's alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.context import Basis, ContextInvalid, Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class PartySuggestion:
    """full_member_count: 正式党员 alone, probationary ones do not count. mode: a branch of its own, one joined with
    `partners`, or an instructor where there is no full member. superior: the Party organization that approves.
    """

    head: Head
    counted_on: date
    full_member_count: int
    mode: Literal["single", "joint", "instructor"]
    superior: str
    basis: tuple[Basis, ...]
    reply_by: date
    partners: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        fitting = "single" if self.full_member_count >= 3 else "joint" if self.full_member_count else "instructor"
        if self.mode != fitting:
            raise ContextInvalid(f"party_suggestion: {self.full_member_count} full members ask for {fitting}")


def sample() -> PartySuggestion:
    """A fictional letter with every field filled."""
    return PartySuggestion(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="建立党组织建议函",
            number="青河孵党建〔2026〕1号",
            addressee="北甸村老年协会",
            case_number="QYFH-2025-0021",
            organization_name="北甸村老年协会",
            issued_on=date(2026, 10, 15),
            contact="高云舒",
            phone="0000-1234571",
            verify_code="9XSM-K2V7-D4PT-81QN",
            verify_url="https://fuhua.example.cn/verify/9XSM-K2V7-D4PT-81QN",
        ),
        counted_on=date(2026, 9, 30),
        full_member_count=3,
        mode="single",
        superior="北甸村党组织",
        basis=(Basis(title="中国共产党章程", number="", article="第三十条"),),
        reply_by=date(2027, 1, 13),
    )


KIND = Kind(
    code="D37",
    name="party_suggestion",
    title_zh="建立党组织建议函",
    title_en="Suggestion to set up a Party organization",
    family="B",
    number_key="党建",
    context=PartySuggestion,
    sample=sample,
)

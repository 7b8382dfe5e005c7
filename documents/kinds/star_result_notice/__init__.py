"""D27 星级评定结果通知书: tells an organization what its rating came to, or that its star was lowered or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Basis, Head, Remedy
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class StarItem:
    """One criterion with the panel's mean and the most there was to give."""

    code: str
    label: str
    maximum: Decimal
    mean: Decimal


@dataclass(frozen=True, kw_only=True)
class StarResultNotice:
    """stars: 0 to 5, what the organization holds from now on. total: points of 100, None when none were given anew.

    result: rated | not_rated | lowered | cancelled. caps: why there are fewer stars than the total gives, phrases.
    valid_from and valid_to: only while a star holds. reason: of a measure, or of no star; several lines allowed.
    return_by: the day by which certificate and plaque come back; barred_to: the last day without a new application.
    """

    head: Head
    round_title: str
    result: Literal["rated", "not_rated", "lowered", "cancelled"]
    stars: int
    total: Decimal | None
    items: tuple[StarItem, ...]
    caps: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    reason: str
    basis: tuple[Basis, ...]
    remedy: Remedy
    return_by: date | None = None
    barred_to: date | None = None


def sample() -> StarResultNotice:
    """A fictional notice with every field of a given star filled."""
    items = (
        ("P1", "党建引领", "10", "8.67"), ("P2", "基础条件", "10", "8.83"), ("P3", "内部治理与公开", "20", "16.33"),
        ("P4", "活动与服务绩效", "30", "25.67"), ("P5", "居民评议", "15", "13.50"), ("P6", "财务与资源", "10", "8.00"),
        ("P7", "品牌特色", "5", "3.50"),
    )  # fmt: skip
    return StarResultNotice(
        head=Head(
            issuer_name="青檐市河湾区民政局",
            document_title="星级评定结果通知书",
            number="青河民星〔2026〕2号",
            addressee="河湾区向阳里社区银龄日间照料中心",
            case_number="QYFH-XJ-2026-0002",
            organization_name="河湾区向阳里社区银龄日间照料中心",
            issued_on=date(2026, 7, 1),
            contact="吴青禾",
            phone="0000-1234567",
            verify_code="4XN9-0PHT-V6CK-2RWZ",
            verify_url="https://fuhua.example.cn/verify/4XN9-0PHT-V6CK-2RWZ",
            seal="sample",
        ),
        round_title="河湾区2026年度社区社会组织星级评定",
        result="rated",
        stars=4,
        total=Decimal("84.50"),
        items=tuple(
            StarItem(code=code, label=label, maximum=Decimal(most), mean=Decimal(mean))
            for code, label, most, mean in items
        ),
        caps=("仅备案的组织最高评为四星",),
        valid_from=date(2026, 7, 1),
        valid_to=date(2029, 6, 30),
        reason="经公示无异议，确认你单位星级",
        basis=(
            Basis(
                title="吉林省民政厅关于进一步加强社区社会组织建设的指导意见",
                number="吉民发〔2017〕80号",
                article="第三部分第（五）项",
            ),
        ),
        remedy=Remedy(
            kind="statutory", body="河湾区人民政府", period="60日", court="有管辖权的人民法院", court_period="六个月"
        ),
        return_by=date(2026, 7, 16),
        barred_to=date(2028, 7, 1),
    )


KIND = Kind(
    code="D27",
    name="star_result_notice",
    title_zh="星级评定结果通知书",
    title_en="Star rating result",
    family="A",
    number_key="星",
    context=StarResultNotice,
    sample=sample,
)

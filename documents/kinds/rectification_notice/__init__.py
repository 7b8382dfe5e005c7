"""D13 整改通知书: orders an incubated organization to put right what was found, by when, and which money waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class RectificationFinding:
    """fact: what was found. rule: what it breaks. measure: what to do. Their order is their printed number."""

    fact: str
    rule: str
    measure: str


@dataclass(frozen=True, kw_only=True)
class RectificationNotice:
    """occasion: what the findings come from (中期评估). due_on: last day to put right.

    consequence: a phrase after 逾期未改正或者整改不到位的; held_fen: money that waits, 0 when none does.
    """

    head: Head
    findings: tuple[RectificationFinding, ...]
    due_on: date
    consequence: str = "依照孵化协议和有关规定处理，直至启动清退程序"
    held_fen: int = 0
    occasion: str = "中期评估"


def sample() -> RectificationNotice:
    """A fictional notice with every field filled."""
    return RectificationNotice(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="整改通知书",
            number="青河孵整〔2026〕2号",
            addressee="石桥村农技服务队",
            case_number="QYFH-2026-0012",
            organization_name="石桥村农技服务队",
            issued_on=date(2026, 11, 9),
            contact="赵未央",
            phone="0000-1234567",
            verify_code="Q7MX-2C9V-H0TK-5RWD",
            verify_url="https://fuhua.example.cn/verify/Q7MX-2C9V-H0TK-5RWD",
            seal="sample",
        ),
        findings=(
            RectificationFinding(
                fact="培训记录缺4次：2026年7月至9月的4次农技培训没有签到和课程记录。",
                rule="孵化协议第六条第二项：每次活动应当留存记录。",
                measure="补齐4次培训的签到表、课程内容和照片，今后一事一档。",
            ),
            RectificationFinding(
                fact="3张凭证无明细。",
                rule="孵化协议第八条：资助款支出应当附合法票据和明细。",
                measure="向销售方补开明细清单，经负责人和经手人签字后入账。",
            ),
        ),
        due_on=date(2026, 12, 9),
        consequence="依照孵化协议和有关规定处理，直至启动清退程序",
        held_fen=540_000,
        occasion="中期评估",
    )


KIND = Kind(
    code="D13",
    name="rectification_notice",
    title_zh="整改通知书",
    title_en="Rectification notice",
    family="B",
    number_key="整",
    context=RectificationNotice,
    sample=sample,
)

"""D11 需求评估与培育计划书: how strong an organization is in eight areas, and what it wants to reach by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.context import Head
from documents.kind import Kind


@dataclass(frozen=True, kw_only=True)
class Need:
    """One area and its level today, 1 (hardly begun) to 5 (can teach others); a level outside is drawn as 1 or 5."""

    area: str
    level: int
    target_level: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One goal: what is measured, where it stands, where it shall stand, by when."""

    metric: str
    base: str
    target: str
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CultivationPlan:
    """assessed_on: day of the needs assessment. term: None while the first day is open. service_plan: free text,
    one paragraph a line. mentor and mentor_unit may be empty.
    """

    head: Head
    assessed_on: date
    needs: tuple[Need, ...]
    goals: tuple[Goal, ...]
    service_plan: str
    mentor: str
    mentor_unit: str = ""
    category: str = ""
    leader: str = ""
    term_from: date | None = None
    term_to: date | None = None


def sample() -> CultivationPlan:
    """A fictional plan with every field filled."""
    return CultivationPlan(
        head=Head(
            issuer_name="青檐市河湾区社区社会组织孵化中心",
            document_title="需求评估与培育计划书",
            number="青河孵计〔2026〕6号",
            addressee="桦苑社区书画社",
            case_number="QYFH-2026-0031",
            organization_name="桦苑社区书画社",
            issued_on=date(2026, 11, 30),
            contact="赵未央",
            phone="0000-1234568",
            verify_code="C6TN-3XWE-8B1Y-K9FR",
            verify_url="https://fuhua.example.cn/verify/C6TN-3XWE-8B1Y-K9FR",
        ),
        assessed_on=date(2026, 11, 26),
        needs=(
            Need(area="使命与定位", level=3, target_level=4, note="宗旨清楚，年度重点不突出"),
            Need(area="内部治理", level=2, target_level=4, note="有章程，会议记录和公开制度不全"),
            Need(area="团队建设", level=3, target_level=4, note="骨干5人，分工未成文"),
            Need(area="项目管理", level=2, target_level=3, note="活动多，缺少项目化设计"),
            Need(area="财务管理", level=2, target_level=4, note="有收支流水，未设专账"),
            Need(area="筹资能力", level=1, target_level=2, note="收入只有会费"),
            Need(area="传播影响", level=3, target_level=4, note="每年办一次社区书画展"),
            Need(area="党建工作", level=2, target_level=3, note="正式党员2名，拟派党建指导员"),
        ),
        goals=(
            Goal(metric="内部治理等级", base="2级", target="4级", due_on=date(2027, 10, 31)),
            Goal(metric="公益书画活动", base="每月1次", target="每月2次", due_on=date(2027, 3, 31)),
            Goal(metric="骨干培训", base="0学时", target="24学时", due_on=date(2027, 9, 30)),
            Goal(metric="服务对象满意度", base="未调查", target="达到85%", due_on=date(2027, 10, 31)),
        ),
        service_plan=(
            "咨询指导：每季度面谈一次，协助完善章程和会议制度，准备登记条件预审。\n"
            "孵化培育：导师每月到社一次，对照目标检查进展，半年调整一次计划。\n"
            "能力培养：参加财务基础、项目设计和志愿者管理三期培训，合计24学时。\n"
            "组织运作：建立专账和每季度公开制度，与桦苑社区党组织共建。\n"
            "资金援助：协助申报区级专项资金项目“翰墨进社区”，对接驻地单位提供展览场地。"
        ),
        mentor="唐亦安",
        mentor_unit="青檐市社会组织服务评估事务所",
        category="文体活动类（书画、艺术团）",
        leader="秦墨言",
        term_from=date(2026, 12, 1),
        term_to=date(2027, 11, 30),
    )


KIND = Kind(
    code="D11",
    name="cultivation_plan",
    title_zh="需求评估与培育计划书",
    title_en="Needs assessment and cultivation plan",
    family="C",
    number_key="计",
    context=CultivationPlan,
    sample=sample,
)

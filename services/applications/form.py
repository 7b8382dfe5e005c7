"""The application form, declared once: its sections in order, their fields, and what each field must hold besides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from statemachines.table import Field


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form.

    `checks` names, per field (a column as `field.column`), what is asked beyond its kind: name | telephone |
    credit_code | filing_number. A `sensitive` section is taken only once consent to the privacy notice is on record.
    """

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    sensitive: bool = False


# fmt: off
AREAS = (
    ("governance", "内部治理", "governance"), ("registration", "备案登记", "filing and registration"),
    ("finance", "财务规范", "finance"), ("projects", "项目设计", "project design"), ("place", "活动场地", "a place"),
    ("volunteers", "人才和志愿者", "people and volunteers"), ("funds", "资金和资源", "money and resources"),
    ("publicity", "宣传推广", "publicity"), ("party", "党的建设", "Party building"),
)
GROUPS = (
    ("elderly", "老年人", "older people"), ("children", "儿童青少年", "children and young people"),
    ("disabled", "残疾人", "people with disabilities"), ("poor", "困难家庭", "households in need"),
    ("residents", "全体居民", "all residents"), ("others", "其他", "others"),
)

SECTIONS = (
    Section("consent", "个人信息告知与同意", "privacy notice and consent", (
        Field("agreed", "yes", "我已阅读并同意上述个人信息处理告知", "I have read the privacy notice and agree to it"),
    )),
    Section("basics", "基本情况", "basic facts", (
        Field("name", "text", "组织名称", "name of the organization"),
        Field("standing", "choice", "目前情况", "legal standing", choices=(
            ("founding", "正在筹备，未备案", "being founded, not filed"), ("filed", "已在街道（乡镇）备案", "filed with the street or township"),
            ("registered", "已在民政部门登记", "registered with civil affairs"))),
        Field("category", "choice", "类别", "category", choices=(
            ("SERVICE", "社区服务类", "community service"), ("CULTURE_SPORT", "文化体育类", "culture and sport"),
            ("CHARITY", "公益慈善类", "charity"), ("SUPPORT_HUB", "枢纽支持类", "support and hub"))),
        Field("filing_number", "text", "备案号", "filing number", required=False),
        Field("credit_code", "text", "统一社会信用代码", "unified social credit code", required=False),
        Field("founded_on", "date", "成立日期", "founded on", required=False),
        Field("place", "text", "主要活动地点", "main place of activity"),
        Field("members", "integer", "成员人数", "members"),
        Field("party_members", "integer", "正式党员人数", "full Party members", required=False),
    ), {"name": "name", "filing_number": "filing_number", "credit_code": "credit_code"}),
    Section("people", "发起人和负责人", "founders and leaders", (
        Field("leader_name", "text", "负责人姓名", "name of the leader"),
        Field("leader_phone", "text", "负责人电话", "telephone of the leader"),
        Field("leader_work", "text", "负责人工作单位及职务", "work unit and position of the leader", required=False),
        Field("contact_name", "text", "联系人姓名（与负责人不同时填写）", "contact, if another person", required=False),
        Field("contact_phone", "text", "联系人电话", "telephone of the contact", required=False),
        Field("founders", "list", "发起人", "founders", columns=(
            Field("name", "text", "姓名", "name"), Field("phone", "text", "电话", "telephone", required=False),
            Field("part", "text", "在组织中担任的工作", "part in the organization", required=False))),
    ), {"leader_name": "name", "leader_phone": "telephone", "contact_name": "name", "contact_phone": "telephone",
        "founders.name": "name", "founders.phone": "telephone"}, sensitive=True),
    Section("activities", "活动与服务对象", "activities and beneficiaries", (
        Field("activities", "long_text", "主要做什么", "what the organization does"),
        Field("group", "choice", "主要服务对象", "main beneficiaries", choices=GROUPS),
        Field("beneficiaries", "integer", "过去一年服务人次", "people served in the last year"),
        Field("volunteers", "integer", "经常参加活动的志愿者人数", "regular volunteers"),
        Field("achievements", "long_text", "已经做过的活动和效果", "what has been done so far", required=False),
    )),
    Section("plan", "一年计划与预算", "plan for a year and budget", (
        Field("aim", "long_text", "孵化一年要达到的目标", "aims for the year of incubation"),
        Field("steps", "list", "活动计划", "planned activities", columns=(
            Field("when", "text", "时间", "when"), Field("what", "text", "活动内容", "what"),
            Field("result", "text", "预期成果", "expected result", required=False))),
        Field("budget", "amount", "全年预算（元）", "budget of the year (yuan)"),
        Field("sources", "text", "经费来源", "sources of money"),
    )),
    Section("needs", "孵化需求", "needs", (
        Field("mode", "choice", "希望的入驻方式", "wanted mode", choices=(
            ("resident", "实体入驻（需要场地）", "with a place"), ("virtual", "虚拟入驻（不需要场地）", "without a place"))),
        Field("needs", "list", "需要的支持", "support needed", columns=(
            Field("area", "choice", "方面", "area", choices=AREAS),
            Field("level", "choice", "迫切程度", "urgency", choices=(
                ("3", "很迫切", "urgent"), ("2", "比较需要", "needed"), ("1", "一般", "would help"))),
            Field("note", "text", "说明", "note", required=False))),
        Field("other", "long_text", "其他说明", "anything else", required=False),
    )),
    Section("materials", "申请材料", "materials"),
    Section("commitments", "承诺", "commitments", (
        Field("truthful", "yes", "所填内容和所交材料真实、准确、完整", "what is written and handed in is true, accurate and complete"),
        Field("non_profit", "yes", "不以营利为目的，不在成员中分配财产", "the organization works without profit and shares nothing out among its members"),
        Field("supervised", "yes", "遵守法律法规和孵化中心的制度，接受指导和监督", "it keeps the law and the rules of the centre, and accepts guidance and supervision"),
        Field("reporting", "yes", "按时提交中期报告和总结，如实报告资金使用情况", "it reports in time, and reports the use of money as it was"),
    )),
)
# fmt: on

NAMES = tuple(one.name for one in SECTIONS)


def section_named(name: str) -> Section | None:
    """The section of that name; None when the form has none."""
    return next((one for one in SECTIONS if one.name == name), None)

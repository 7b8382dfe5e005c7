"""Every role a person can hold, with its labels and what it may see and do; one row each."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Code names of the roles; the letters in brackets in the glossary are those of the policy's process drawings."""

    APPLICANT = "applicant"
    COMMITTEE_LIAISON = "committee_liaison"
    STREET_HANDLER = "street_handler"
    STREET_LEADER = "street_leader"
    INTAKE_CLERK = "intake_clerk"
    CASE_MANAGER = "case_manager"
    CENTRE_MANAGER = "centre_manager"
    EVALUATOR = "evaluator"
    ASSESSMENT_SECRETARY = "assessment_secretary"
    REVIEW_MEMBER = "review_member"
    CIVIL_AFFAIRS_HANDLER = "civil_affairs_handler"
    CIVIL_AFFAIRS_LEADER = "civil_affairs_leader"
    INDUSTRY_DEPARTMENT = "industry_department"
    FINANCE_MAKER = "finance_maker"
    FINANCE_CHECKER = "finance_checker"
    FINANCE_PAYER = "finance_payer"
    SEAL_KEEPER = "seal_keeper"
    AUDITOR = "auditor"
    PARTY_INSTRUCTOR = "party_instructor"
    TRAINING_ADMINISTRATOR = "training_administrator"
    PUBLICITY_EDITOR = "publicity_editor"
    DONOR = "donor"
    VIEWER = "viewer"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    LOG_ADMINISTRATOR = "log_administrator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role: labels, and whether it acts inside one organization, one territory or the whole centre."""

    role: Role
    zh: str
    en: str
    scope: str  # own organization | territory | centre | case (seated on it) | none


# fmt: off
ROLE_ROWS: tuple[RoleRow, ...] = (
    RoleRow(Role.APPLICANT,              "申请人（组织负责人）", "applicant",                "organization"),
    RoleRow(Role.COMMITTEE_LIAISON,      "居（村）委会联络员",   "committee liaison",        "territory"),
    RoleRow(Role.STREET_HANDLER,         "街道（乡镇）经办",     "street office handler",    "territory"),
    RoleRow(Role.STREET_LEADER,          "街道（乡镇）分管领导", "street office leader",     "territory"),
    RoleRow(Role.INTAKE_CLERK,           "受理员",               "intake clerk",             "centre"),
    RoleRow(Role.CASE_MANAGER,           "孵化专员",             "incubation case manager",  "centre"),
    RoleRow(Role.CENTRE_MANAGER,         "中心负责人",           "centre manager",           "centre"),
    RoleRow(Role.EVALUATOR,              "评审专家",             "evaluator",                "case"),
    RoleRow(Role.ASSESSMENT_SECRETARY,   "评审秘书",             "assessment secretary",     "centre"),
    RoleRow(Role.REVIEW_MEMBER,          "复核委员",             "review member",            "case"),
    RoleRow(Role.CIVIL_AFFAIRS_HANDLER,  "民政局经办",           "civil affairs handler",    "territory"),
    RoleRow(Role.CIVIL_AFFAIRS_LEADER,   "民政局分管领导",       "civil affairs leader",     "territory"),
    RoleRow(Role.INDUSTRY_DEPARTMENT,    "行业管理部门",         "industry department",      "territory"),
    RoleRow(Role.FINANCE_MAKER,          "财务经办（制单）",     "finance maker",            "centre"),
    RoleRow(Role.FINANCE_CHECKER,        "财务复核（审批）",     "finance checker",          "centre"),
    RoleRow(Role.FINANCE_PAYER,          "出纳",                 "finance payer",            "centre"),
    RoleRow(Role.SEAL_KEEPER,            "用印管理员",           "seal keeper",              "centre"),
    RoleRow(Role.AUDITOR,                "审计员",               "auditor",                  "centre"),
    RoleRow(Role.PARTY_INSTRUCTOR,       "党建指导员",           "Party-building instructor", "none"),
    RoleRow(Role.TRAINING_ADMINISTRATOR, "培训管理员",           "training administrator",   "none"),
    RoleRow(Role.PUBLICITY_EDITOR,       "宣传编辑",             "publicity editor",         "none"),
    RoleRow(Role.DONOR,                  "捐赠方（驻地单位）",   "donor or resident unit",   "none"),
    RoleRow(Role.VIEWER,                 "协调机制成员（查看）", "viewer",                   "none"),
    RoleRow(Role.SYSTEM_ADMINISTRATOR,   "系统管理员",           "system administrator",     "none"),
    RoleRow(Role.SECURITY_ADMINISTRATOR, "安全管理员",           "security administrator",   "none"),
    RoleRow(Role.LOG_ADMINISTRATOR,      "审计管理员",           "log administrator",        "none"),
    RoleRow(Role.SYSTEM,                 "系统（计时）",         "the system's timer",       "centre"),
)
# fmt: on

ROLES: dict[Role, RoleRow] = {row.role: row for row in ROLE_ROWS}

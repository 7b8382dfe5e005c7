"""The one table of what may be complained about: by which move, in how many days, where, and what a review can do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Result = Literal["upheld", "changed", "remanded"]
RESULTS: tuple[Result, ...] = ("upheld", "changed", "remanded")


@dataclass(frozen=True, slots=True)
class Reviewable:
    """One kind of decision: its paper, the move that takes it, and what the law or the centre allows against it.

    `days` names the limit of the rule set. `remedy`: internal (复核 at the centre: a service contract) or statutory
    (行政复议: an act of government, no review here). `remands_to` and `changes_to` are the states the case complained
    about goes to; empty where a review says what is to be done anew but moves nothing. `suspends`: the decision waits.
    """

    code: str
    kind: str
    trigger: str
    zh: str
    en: str
    remands_to: str
    changes_to: str
    remanded_zh: str
    changed_zh: str = ""
    days: str = "internal_review"
    remedy: Literal["internal", "statutory"] = "internal"
    suspends: bool = False

    @property
    def results(self) -> tuple[Result, ...]:
        """The results a review of this decision can come to."""
        return RESULTS if self.changed_zh else ("upheld", "remanded")


# fmt: off
# ruff: noqa: E501 - one decision a line
REVIEWABLE: tuple[Reviewable, ...] = (
    #          paper  case          by the move             label                 English                             remanded: back to   changed: to            what a remand says                     what a change says
    Reviewable("D04", "incubation", "not_accept",           "不予受理",           "not accepted",                     "SUBMITTED",        "ACCEPTED",            "撤销不予受理通知，由受理岗位重新审查", "撤销不予受理通知，予以受理"),
    Reviewable("D09", "incubation", "refuse_ineligible",    "不予入驻（初审）",   "refused at preliminary review",    "PRELIM_REVIEW",    "ADMISSION_REVIEW",    "撤销不予入驻决定，重新初审",           "撤销不予入驻决定，进入入驻评审"),
    Reviewable("D09", "incubation", "reject",               "不予入驻（评审）",   "refused after assessment",         "ADMISSION_REVIEW", "ADMISSION_PUBLICITY", "撤销不予入驻决定，由新的评审组重新评审", "撤销不予入驻决定，拟同意入驻并公示（名额已满的列入候补）"),
    Reviewable("D12", "incubation", "order_rectification",  "中期评估不合格",     "midterm not passed",               "MIDTERM_REVIEW",   "INCUBATING",          "撤销中期评估结论，由新的评审组重新评估", "变更中期评估结论为合格，恢复孵化和拨付"),
    Reviewable("D16", "incubation", "refuse_extension",     "不予延期",           "extension refused",                "EXTENSION_REVIEW", "",                    "撤销不予延期决定，重新审核"),
    Reviewable("D17", "incubation", "return_to_incubation", "退回继续孵化",       "returned to incubation",           "GRADUATION_REVIEW", "GRADUATION_PUBLICITY", "撤销出壳评估结论，由新的评审组重新评估", "变更出壳评估结论，拟准予出壳并公示"),
    Reviewable("D17", "incubation", "fail_graduation",      "出壳评估不合格",     "graduation failed",                "GRADUATION_REVIEW", "GRADUATION_PUBLICITY", "撤销出壳评估结论，由新的评审组重新评估", "变更出壳评估结论，拟准予出壳并公示"),
    Reviewable("D20", "incubation", "expel",                "清退",               "expelled",                         "EXPULSION_PENDING", "INCUBATING",         "撤销清退决定，重新听取陈述申辩后决定", "撤销清退决定，恢复孵化", suspends=True),
    Reviewable("D29", "award",      "reject_award",         "不予资助",           "award refused",                    "APPLIED",          "",                    "撤销不予资助决定，重新审核"),
    Reviewable("D33", "award",      "confirm_failure",      "验收不合格",         "acceptance failed",                "",                 "",                    "由中心另行组织验收并书面答复"),
    Reviewable("D29", "award",      "approve",              "资助金额",           "amount of the award",              "",                 "",                    "由中心就资助金额重新研究并书面答复；已批准的资助不停止执行"),
    Reviewable("D34", "recovery",   "decide_recovery",      "追回资助款",         "recovery of money",                "",                 "",                    "由中心会同民政部门就追回金额重新研究并书面答复；追回决定不停止执行"),
)
# fmt: on


def reviewable(kind: str, trigger: str) -> Reviewable | None:
    """The row of the decision that this move of such a case takes; None when it cannot be complained about."""
    return next((one for one in REVIEWABLE if (one.kind, one.trigger) == (kind, trigger)), None)


def majority_of(votes: Sequence[str], *, members: int) -> Result | None:
    """The result more than half of all members voted for; a member who did not vote counts against every result."""
    counted = Counter(votes)
    return next((one for one in RESULTS if counted[one] * 2 > members), None)


def tally(votes: Sequence[str], *, members: int) -> str:
    """How the vote went, as it is printed: 3:0 (for the result that won : all others)."""
    most = max(Counter(votes).values(), default=0)
    return f"{most}:{members - most}"

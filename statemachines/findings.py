"""What a check of a process can find, each kind with its sentence in Chinese and English."""

from dataclasses import dataclass
from typing import Any

from statemachines.table import Process


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a process: which, what (code), where in the table, and the sentence for a person."""

    process: str
    code: str
    where: str
    sentence_zh: str
    sentence_en: str


SENTENCES: dict[str, tuple[str, str]] = {
    "act.state_unknown": ("办事项所列状态不存在", "the act names a state that does not exist"),
    "bulk.forbidden": (
        "评分、用款、出壳和不予同意的操作不得批量办理",
        "scoring, money, graduation and refusals are never done in bulk",
    ),
    "code.used_twice": ("同一编号用了两次", "the same code is used twice"),
    "duty.missing": ("该流转没有写明职责，不相容岗位无从分离", "the move names no duty, so separation cannot see it"),
    "duty.wrong": ("该流转的职责与办理角色不符", "the duty of the move is not that of the role that makes it"),
    "effect.unknown": ("该流转的后续事项系统不认识", "the effect, or what it names, is not known"),
    "form.trigger_unknown": ("表单没有对应的操作", "the form belongs to no trigger"),
    "form.field_wrong": (
        "表单栏目缺标签、类型不识别或缺少下级栏目",
        "a field lacks a label, a kind or its parts",
    ),
    "guard.never_closed": ("该条件从不拦阻，等于没有条件", "the guard is never closed: it guards nothing"),
    "guard.never_open": ("该条件从不放行，此路不通", "the guard is never open: the way is blocked for ever"),
    "label.missing": ("缺少中文或英文名称", "a Chinese or English label is missing"),
    "limit.key_missing": ("期限没有名称", "the limit has no key"),
    "limit.fires_nothing": (
        "期限届满时系统无权触发所写的操作",
        "the limit fires no move of the timer here",
    ),
    "milestone.skipped": (
        "不存在，或不经前一节点也能到达，漏斗将多计",
        "there is no such state, or it can be reached without the milestone before it",
    ),
    "move.review_open_to_others": (
        "依复核决定办理的流转只能由系统办理，且须有条件",
        "a move of a decided review is the system's alone and needs a guard",
    ),
    "move.role_missing": ("没有任何角色可以办理该流转", "no role may make this move"),
    "move.role_unknown": ("该流转所列角色不存在", "the move names a role that does not exist"),
    "rows.both_open": ("同一操作的两行可能同时成立", "two rows of one trigger can be open at once"),
    "separation.breached": ("同一人可以一身兼两种不相容职责", "one person can join two duties that must stay apart"),
    "separation.pair_missing": ("缺少一对必须分离的职责", "a pair of duties that must stay apart is not in the table"),
    "separation.pair_unlisted": (
        "该对职责没有列入应当分离的清单",
        "the pair is not on the list of such pairs",
    ),
    "state.dead_end": ("从该状态走不到任何终点", "no path leads from the state to an end"),
    "state.exit_after_end": ("终结状态不应再有出口", "a final state has an exit"),
    "state.exit_missing": ("未终结的状态没有出口", "a state that is not final has no exit"),
    "state.nobody_waited_for": (
        "没有写明等谁办理，也没有期限推动",
        "nobody is waited for and no clock runs",
    ),
    "state.unreachable": ("从起点走不到该状态", "the state cannot be reached"),
    "state.unknown": ("流转指向不存在的状态", "the move leads to a state that does not exist"),
    "state.waits_in_vain": ("所等的角色在该状态无事可办", "a role that is waited for can do nothing here"),
    "together.forbidden": (
        "用款、评分和出壳的结果不得一并发布",
        "results about money, scores or graduation are never made known together",
    ),
    "trigger.back_door": ("存在可以绕过流转表直接改状态的后门", "a trigger sets a state past the table"),
    "verb.missing": ("该操作没有写明是同意、驳回、退回、撤回还是办理", "the trigger has no verb"),
    "verb.trigger_unknown": ("动词没有对应的操作", "the verb belongs to no trigger"),
    "trigger.not_compiled": ("流转表中的操作没有进入状态机", "a trigger of the table is missing in the machine"),
}


class Report:
    """Makes findings about one process: called with a code, where it is, and a detail if there is one."""

    def __init__(self, process: Process[Any]) -> None:
        self.name = f"{process.kind} v{process.edition}"

    def __call__(self, code: str, where: str, detail: str = "") -> Finding:
        zh, en = SENTENCES[code]
        more_zh, more_en = (f"（{detail}）", f" ({detail})") if detail else ("", "")
        return Finding(self.name, code, where, f"{where}：{zh}{more_zh}。", f"{where}: {en}{more_en}.")

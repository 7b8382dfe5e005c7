"""Every kind of event there is, with its name in both languages: moves by kind and state, papers, payments."""

from collections.abc import Mapping
from types import MappingProxyType

from services.webhooks.rules import PAPER, PAYMENT, kind_of_move
from statemachines.registry import CURRENT


def _kinds() -> Mapping[str, tuple[str, str]]:
    found = {"case": ("所有个案的每次变动", "every move of every case")}
    for kind, process in CURRENT.items():
        found[f"case.{kind}"] = (f"{process.zh}：每次变动", f"{process.en}: every move")
        for state in process.states:
            found[kind_of_move(kind, state.name)] = (f"{process.zh}：{state.zh}", f"{process.en}: {state.en}")
    found[PAPER] = ("文书签发", "a paper was issued")
    found[PAYMENT] = ("拨付到账确认", "a payment was confirmed")
    return MappingProxyType(found)


KINDS = _kinds()
"""Kind to its Chinese and English name."""

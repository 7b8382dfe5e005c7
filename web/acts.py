"""What an act of the audit log is called: a move by the name its table gives it, everything else by the catalogue."""

from functools import lru_cache

from statemachines.registry import EDITIONS
from web.rendering import name
from web.wording import say, words

FAMILIES = (
    "case:open", "case:move", "assessment:", "money:", "budget:", "account:", "organization:", "person:", "role:",
    "rules:", "calendar:", "centre:", "division:", "errand:", "audit:", "application:", "desk:",
)  # fmt: skip
"""Beginnings of actions by which a reader of the log narrows the search."""


@lru_cache(maxsize=1)
def _moves() -> dict[str, object]:
    return {
        move.trigger: move for editions in EDITIONS.values() for process in editions.values() for move in process.moves
    }


def act_name(action: str, lang: str) -> str:
    """The act in words; its code while nobody has named it."""
    if action.startswith("case:move:") and (move := _moves().get(action.rsplit(":", 1)[-1])):
        return name(move, lang)
    for known in (action, action.rpartition(":")[0]):
        if (key := "act." + known.strip(":").replace(":", "_")) in words(lang):
            return say(key, lang)
    return action


def families(lang: str) -> list[tuple[str, str]]:
    """(beginning, name) of each family of acts."""
    return [(one, act_name(one, lang)) for one in FAMILIES]

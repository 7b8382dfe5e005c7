"""Reads the one policy table and answers how far a person's reach goes for an action."""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from services.actors import Actor
from services.errors import Forbidden

ANYONE = "anyone"
READ = "read"
"""The scope of a token that may look at whatever the person may look at."""

MOVE = "case:move"
"""The scope of a token that may move cases; which moves, the process table and the person's roles say."""

OWN = "own"
"""The scope of a token that may do what concerns only the person: mark notices as read, …"""


@lru_cache(maxsize=1)
def policy() -> dict[tuple[str, str], str]:
    """(action, role) to scope: own organization | seated on the case | territory | centre | any."""
    text = files("services.authority").joinpath("policy.csv").read_text(encoding="utf-8")
    return {(row["action"], row["role"]): row["scope"] for row in csv.DictReader(text.splitlines())}


def actions() -> frozenset[str]:
    """Every action of the table."""
    return frozenset(action for action, _ in policy())


def holds_all_below(division: str | None, home: str) -> bool:
    """Whether a division holds the place: its own code or one below. A prefecture's code (229900) ends in pairs of
    noughts that the codes below it do not share; no division holds nothing.
    """
    return bool(division) and home.startswith(shared_digits(str(division)))


def shared_digits(division: str) -> str:
    """The digits of a division's code that all codes below it begin with."""
    return re.sub(r"(00){1,2}$", "", division) if len(division) == 6 else division


def scopes(actor: Actor, action: str) -> frozenset[str]:
    """The scopes in which the actor may do the action; empty when in none. An action not in the table is refused."""
    if actor.is_system:
        return frozenset({"centre"})
    if not within_token(actor, action):
        return frozenset()
    table = policy()
    found = {table[(action, role.value)] for role in actor.roles if (action, role.value) in table}
    if (action, ANYONE) in table:
        found.add("any")
    return frozenset(found)


def demand(actor: Actor, action: str) -> frozenset[str]:
    """The scopes, or Forbidden("access.forbidden") when the actor may not do the action anywhere."""
    found = scopes(actor, action)
    if not found:
        raise Forbidden("access.forbidden", action=action)
    return found


def within_token(actor: Actor, action: str) -> bool:
    """Whether the token that the person acts by reaches the action; people themselves are not narrowed.

    What anybody may do without signing in, a token may too.
    """
    if actor.only is None or action in actor.only or (action, ANYONE) in policy():
        return True
    return READ in actor.only and action.partition(":")[2].partition("_")[0] in ("list", "read")


def demand_token(actor: Actor, scope: str) -> None:
    """Forbidden("access.token_scope") when the person acts by a token without that scope."""
    if not within_token(actor, scope):
        raise Forbidden("access.token_scope", scope=scope)


def scopes_on_offer(actor: Actor) -> tuple[str, ...]:
    """Every scope a token of this person could have: nothing the person may not do."""
    own = {action for action, who in policy() if who != ANYONE and scopes(actor, action)}
    return (READ, MOVE, OWN, *sorted(own))

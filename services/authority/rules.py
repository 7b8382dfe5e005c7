"""Reads the one policy table and answers how far a person's reach goes for an action."""

import csv
import re
from functools import lru_cache
from importlib.resources import files

from services.actors import Actor
from services.errors import Forbidden

ANYONE = "anyone"


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

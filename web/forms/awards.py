"""What an application for an award types in one field: the shares of its plan, and its budget line by line."""

import re

from documents.format import fen_of
from services.errors import Invalid
from services.funding.rules import MAXIMUM_FEN


def plan_typed(text: str) -> tuple[int, ...]:
    """50/30/20 as whole percentages; empty when nothing was typed. Invalid for what is no number."""
    parts = [one for one in re.split(r"[/、，,;\s]+", text.strip().replace("%", "")) if one]
    if not all(re.fullmatch(r"[0-9]{1,3}", one, re.ASCII) for one in parts):
        raise Invalid("award.plan_not_whole")
    return tuple(int(one) for one in parts)


def budget_typed(text: str) -> tuple[tuple[str, int], ...]:
    """One item a line: its name, and at the end its amount in yuan. Invalid for a line without one of both."""
    return tuple(_item(line.strip()) for line in text.splitlines() if line.strip())


def _item(line: str) -> tuple[str, int]:
    name, _, amount = line.replace("\t", " ").replace("：", " ").rpartition(" ")
    label = {"field": "budget_table", "label": "预算表", "label_en": "budget table"}
    try:
        fen = fen_of(amount.removesuffix("元"))
    except ValueError:
        raise Invalid("input.not_a_number", **label) from None
    if not name.strip() or not 0 < fen <= MAXIMUM_FEN or len(name.strip()) > 60:
        raise Invalid("input.out_of_range", **label)
    return name.strip(), fen

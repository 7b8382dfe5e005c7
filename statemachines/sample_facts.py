"""Many different facts for one process, drawn from nothing but the fields of its facts class; for checks of guards."""

import random
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date, timedelta
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_type_hints

from statemachines.table import FactsT, Process

SAMPLE_DAY = date(2026, 3, 2)
_MARKS = (Decimal(0), Decimal("59.99"), Decimal(60), Decimal("69.99"), Decimal(70), Decimal(85), Decimal(100))


def candidates(process: Process[Any]) -> dict[str, tuple[Any, ...]]:
    """Per field of the facts, values on both sides of whatever a guard may ask of it.

    A guard that compares two fields finds them in any order among these, because equal types share their values.
    Raises TypeError for a type of field nobody has thought of, so that a new kind of fact cannot go untried.
    """
    hints = get_type_hints(process.facts)
    return {
        one.name: _values(process, hints[one.name], None if one.default is MISSING else one.default)
        for one in fields(process.facts)
    }


def _values(process: Process[Any], kind: Any, default: Any) -> tuple[Any, ...]:
    if isinstance(kind, UnionType):
        inner = next(one for one in get_args(kind) if one is not type(None))
        return (None, *_values(process, inner, default))
    if kind is bool:
        return (False, True)
    if kind is int:
        around = default if isinstance(default, int) else 0
        return tuple(dict.fromkeys((around, 0, 1, 2, 3, 6, -1, around + 1, around - 1, 1_000_000)))
    if kind is Decimal:
        return _MARKS
    if kind is date:
        return tuple(SAMPLE_DAY + timedelta(days=days) for days in (0, 1, -1, 200))
    if kind is str:
        return ("", *(state.name for state in process.states))
    if kind == frozenset[str]:
        keys = sorted({limit.key for state in process.states for limit in state.limits})
        return (frozenset(), *(frozenset({key}) for key in keys), frozenset(keys))
    raise TypeError(f"no sample values for a fact of type {kind!r}")


def samples(process: Process[FactsT], *, how_many: int, seed: int = 1) -> Iterator[FactsT]:
    """First every field varied alone, then `how_many` facts with each field drawn by chance; same seed, same facts."""
    values = candidates(process)
    today = {"today": SAMPLE_DAY}
    for name, tried in values.items():
        for value in tried:
            yield process.facts(**{**today, name: value})
    chance = random.Random(seed)
    for _ in range(how_many):
        yield process.facts(**{name: chance.choice(tried) for name, tried in values.items()})

"""Lays two texts or two lists side by side and keeps only what changed: clause by clause, then sign by sign."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

_CLAUSE = re.compile(r"[^。；！？，;!?,\n]*[。；！？，;!?,\n]|[^。；！？，;!?,\n]+")
LIKE_ENOUGH = 0.4
"""Below this share of common signs a clause counts as written anew; marking single signs would only confuse."""

LARGEST_PRODUCT = 2_000_000
"""Signs of one text times signs of the other that are still compared sign by sign."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: same | gone (only before) | new (only after) | folded (`count` unchanged clauses)."""

    kind: str
    text: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a list: changed | gone | new with its cells compared, or folded, which stands for `count` equal rows."""

    kind: str
    cells: tuple[tuple[Piece, ...], ...] = ()
    count: int = 0


def compare_text(old: str, new: str) -> tuple[Piece, ...]:
    """What became of the text; runs of unchanged clauses are folded but for the one next to a change.

    What is same, gone and folded makes up the old text in its order, what is same, new and folded the new one.
    """
    before, after = _CLAUSE.findall(old), _CLAUSE.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces += _folded(before[a:b], first=a == 0, last=b == len(before) and d == len(after))
        else:
            pieces += _signs("".join(before[a:b]), "".join(after[c:d]))
    return tuple(pieces)


def _folded(clauses: list[str], *, first: bool, last: bool) -> list[Piece]:
    start = 0 if first else 1
    stop = len(clauses) if last else len(clauses) - 1
    if stop - start < 2:
        return [Piece("same", "".join(clauses))]
    parts = (
        Piece("same", "".join(clauses[:start])),
        Piece("folded", "".join(clauses[start:stop]), stop - start),
        Piece("same", "".join(clauses[stop:])),
    )
    return [part for part in parts if part.text]


def _signs(old: str, new: str) -> list[Piece]:
    whole = [piece for piece in (Piece("gone", old), Piece("new", new)) if piece.text]
    if len(whole) < 2 or len(old) * len(new) > LARGEST_PRODUCT:
        return whole
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < LIKE_ENOUGH:
        return whole
    pieces: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", old[a:b]))
        else:
            pieces += [piece for piece in (Piece("gone", old[a:b]), Piece("new", new[c:d])) if piece.text]
    return pieces


def compare_rows(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> tuple[RowChange, ...]:
    """What became of the rows of a list, in order: equal ones are counted, replaced ones are compared cell by cell."""
    found: list[RowChange] = []
    for tag, a, b, c, d in SequenceMatcher(None, list(old), list(new), autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(RowChange("folded", count=b - a))
            continue
        for before, after in zip_longest(old[a:b], new[c:d]):
            if before is None:
                found.append(RowChange("new", tuple((Piece("new", cell),) for cell in after or ())))
            elif after is None:
                found.append(RowChange("gone", tuple((Piece("gone", cell),) for cell in before)))
            else:
                cells = zip(before, after, strict=True)
                found.append(RowChange("changed", tuple(compare_text(one, other) for one, other in cells)))
    return tuple(found)

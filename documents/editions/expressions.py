"""What may stand between {{ and }}: values of the paper, our filters and macros, and nothing that reaches further."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import nodes

from documents.editions import vocabulary
from documents.editions.source import Finding
from documents.kind import Kind

LARGEST_NUMBER = 1_000_000
MOST_REPEATS = 100
MOST_ENTRIES = 400
MOST_COLUMNS = 20
_FORMAT = re.compile(r"[^%]{0,20}%(\.[0-6])?[dfs]%?[^%]{0,20}")
_FREE = frozenset({"document", "head", "kind", "loop", "receipt"})
_JOINED = (
    nodes.Concat, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Mul,
    nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.CondExpr, nodes.Tuple, nodes.List, nodes.Dict,
    nodes.Pair, nodes.Keyword, nodes.Slice,
)  # fmt: skip


def is_choice(node: nodes.Node) -> bool:
    """Whether the value is one of texts or numbers that the page itself writes out, whatever the data is."""
    if isinstance(node, nodes.CondExpr):
        return is_choice(node.expr1) and (node.expr2 is None or is_choice(node.expr2))
    return isinstance(node, nodes.Const)


class Expressions:
    """Judges expressions; what is wrong goes to `findings`. `macros`: those known so far, and how deep they loop."""

    def __init__(self, kind: Kind, given: frozenset[str], findings: list[Finding]) -> None:
        self.kind = kind
        self.given = given
        self.findings = findings
        self.macros: dict[str, int] = {}
        self.fields = vocabulary.fields_below(kind.context)

    def _found(self, node: nodes.Node, code: str, **facts: Any) -> int:
        self.findings.append(Finding(node.lineno, code, facts))
        return 0

    def judge(self, node: nodes.Node) -> int:
        """Judge one expression with all in it; answers how many loops deep the macros it calls are."""
        if isinstance(node, nodes.Const):
            return self._constant(node)
        if isinstance(node, nodes.Name):
            known = node.name in _FREE or node.name in self.given or node.name in self.macros
            return 0 if known else self._found(node, "name_unknown", word=node.name[:40])
        if isinstance(node, nodes.Getattr):
            return self._attribute(node)
        if isinstance(node, nodes.Getitem):
            return max(self._all(node), self._key(node.arg))
        if isinstance(node, nodes.Filter):
            return max(self._all(node), self._filter(node))
        if isinstance(node, nodes.Test):
            self._all(node)
            return 0 if node.name in vocabulary.TESTS else self._found(node, "test", word=node.name[:40])
        if isinstance(node, nodes.Call):
            return self._call(node)
        if isinstance(node, nodes.Mul):
            self._repeat(node)
        if isinstance(node, (nodes.Tuple, nodes.List, nodes.Dict)) and len(node.items) > MOST_ENTRIES:
            return self._found(node, "too_many_entries", most=MOST_ENTRIES)
        if isinstance(node, _JOINED):
            return self._all(node)
        return self._found(node, "expression", word=type(node).__name__.lower())

    def _all(self, node: nodes.Node) -> int:
        return max((self.judge(one) for one in node.iter_child_nodes()), default=0)

    def _constant(self, node: nodes.Const) -> int:
        number = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        if number and not abs(node.value) <= LARGEST_NUMBER:
            return self._found(node, "number_large", most=LARGEST_NUMBER)
        return 0

    def _attribute(self, node: nodes.Getattr) -> int:
        name, of = node.attr, node.node
        if name.startswith("_"):
            return self._found(node, "hidden_name", word=name[:40])
        if isinstance(of, nodes.Name) and of.name in ("loop", "kind"):
            known = vocabulary.LOOP if of.name == "loop" else vocabulary.OF_KIND
            return 0 if name in known else self._found(node, "field_unknown", word=f"{of.name}.{name}"[:60])
        path = _path(node)
        try:
            if path is not None:
                vocabulary.field_type(self.kind, path)
        except KeyError:
            path = ("?",)
        if name not in self.fields or path == ("?",):
            return self._found(node, "field_unknown", word=f"{_said(of)}.{name}"[:60])
        return self.judge(of)

    def _key(self, key: nodes.Node) -> int:
        if isinstance(key, nodes.Const) and isinstance(key.value, str) and key.value.startswith("_"):
            return self._found(key, "hidden_name", word=key.value[:40])
        return 0

    def _filter(self, node: nodes.Filter) -> int:
        arguments = [*node.args, *(one.value for one in node.kwargs)]
        if node.name not in vocabulary.FILTERS or node.dyn_args or node.dyn_kwargs or node.node is None:
            return self._found(node, "filter", word=node.name[:40])
        if node.name == "map" and (node.args or [one.key for one in node.kwargs] != ["attribute"]):
            return self._found(node, "filter", word="map")
        if node.name in ("rejectattr", "selectattr") and not _picks(node):
            return self._found(node, "filter", word=node.name)
        named = [one for one in arguments if isinstance(one, nodes.Const) and isinstance(one.value, str)]
        if node.name in ("map", "selectattr", "rejectattr", "sum", "sort", "unique", "join") and any(
            part.startswith("_") for one in named for part in one.value.split(".")
        ):
            return self._found(node, "hidden_name", word=named[0].value[:40])
        if node.name in ("map", "selectattr", "rejectattr") and not named:
            return self._found(node, "filter", word=node.name)
        if node.name == "format" and not (
            isinstance(node.node, nodes.Const) and _FORMAT.fullmatch(str(node.node.value))
        ):
            return self._found(node, "format", word=str(getattr(node.node, "value", ""))[:40])
        if node.name == "batch" and not (node.args and self._few(node.args[0])):
            return self._found(node, "batch", most=MOST_COLUMNS)
        return 0

    def _few(self, node: nodes.Node) -> bool:
        return isinstance(node, nodes.Name) or (
            isinstance(node, nodes.Const) and isinstance(node.value, int) and 1 <= node.value <= MOST_COLUMNS
        )

    def _call(self, node: nodes.Call) -> int:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return self._found(node, "call", word="*")
        depth = max((self.judge(one) for one in (*node.args, *node.kwargs)), default=0)
        called = node.node
        if isinstance(called, nodes.Name) and called.name in self.macros:
            return depth + self.macros[called.name]
        if isinstance(called, nodes.Getattr) and called.attr in vocabulary.METHODS:
            return max(depth, self.judge(called.node))
        own = _path(called) or ()
        if len(own) == 1 and own[0] in vocabulary.methods_of(self.kind.name):
            return depth
        return self._found(node, "call", word=_said(called)[:60])

    def _repeat(self, node: nodes.Mul) -> None:
        for text, times in ((node.left, node.right), (node.right, node.left)):
            if isinstance(text, nodes.Const) and isinstance(text.value, str):
                plain = isinstance(times, nodes.Const) and isinstance(times.value, int) and times.value <= MOST_REPEATS
                if not (plain or isinstance(times, (nodes.Name, nodes.Getattr))):
                    self._found(node, "repeat", most=MOST_REPEATS)


def _picks(node: nodes.Filter) -> bool:
    """Whether a filter by attribute says which one, and compares it in a way we know."""
    if not node.args or node.kwargs or len(node.args) > 3:
        return False
    known = vocabulary.TESTS | vocabulary.COMPARISONS
    return len(node.args) == 1 or (isinstance(node.args[1], nodes.Const) and node.args[1].value in known)


def _path(node: nodes.Node) -> tuple[str, ...] | None:
    """(a, b) for document.a.b, and (head, number) for head.number; None for everything else."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    if isinstance(node, nodes.Name) and node.name in ("document", "head"):
        return (*(("head",) if node.name == "head" else ()), *reversed(names))
    return None


def _said(node: nodes.Node) -> str:
    """The expression in a few words, for the sentence about it."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    return "…"

"""What the page of an edition may say: read line by line, before it is ever compiled, against what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import Environment, TemplateError, TemplateSyntaxError, nodes

from documents.editions import vocabulary
from documents.editions.expressions import Expressions, is_choice
from documents.editions.markup import CHOICE, PLACE, Reader
from documents.editions.source import LONGEST_PAGE, Finding, hidden_characters, shipped
from documents.kind import Kind

DEEPEST_LOOPS = 3
_EXTENDS = re.compile(r'\{%-?\s*extends\s+"([^"]+)"')
_READER = Environment(autoescape=True)  # reads only: nothing is ever compiled in it
_WORDS: dict[type[nodes.Node], str] = {
    nodes.Include: "include", nodes.Import: "import", nodes.CallBlock: "call", nodes.FilterBlock: "filter",
    nodes.With: "with", nodes.Scope: "autoescape", nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
    nodes.ExprStmt: "do", nodes.Assign: "set", nodes.AssignBlock: "set", nodes.OverlayScope: "context",
}  # fmt: skip


def page_findings(kind: Kind, page: str) -> tuple[Finding, ...]:
    """Every line of the page that may not stand, in order."""
    if len(page) > LONGEST_PAGE:
        return (Finding(1, "too_long", {"longest": LONGEST_PAGE, "given": len(page)}),)
    if hidden := hidden_characters(page, "hidden_character"):
        return hidden  # among them PLACE and CHOICE
    try:
        tree = _READER.parse(page)
    except TemplateSyntaxError as failure:
        return (Finding(failure.lineno, "unreadable", {"said": str(failure.message)[:120]}),)
    except (TemplateError, RecursionError, ValueError, OverflowError):
        return (Finding(1, "unreadable", {"said": "nested too deeply"}),)
    try:
        inspector = _Inspector(kind, tree)
        inspector.whole(tree)
    except RecursionError:
        return (Finding(1, "unreadable", {"said": "nested too deeply"}),)
    once = {(one.line, one.code, str(one.facts)): one for one in inspector.findings}
    return tuple(sorted(once.values(), key=lambda one: one.line))


class _Inspector:
    """Walks the page once; its expressions are judged by `Expressions`, its markup by a `Reader`."""

    def __init__(self, kind: Kind, tree: nodes.Template) -> None:
        self.findings: list[Finding] = []
        self.kind = kind
        self.loops: dict[str, int] = {}
        """How many loops deep a macro of the page is by itself."""
        self.expressions = Expressions(kind, _names(tree), self.findings)

    def found(self, node: nodes.Node, code: str, **facts: Any) -> None:
        """Note what is wrong with the line of that node."""
        line = node.lineno or next((one.lineno for one in node.find_all(nodes.Node) if one.lineno), 1)
        self.findings.append(Finding(line, code, facts))

    def whole(self, tree: nodes.Template) -> None:
        """The page outside of its blocks: its layout, what it borrows, what it calls by a name of its own."""
        base = _EXTENDS.search(shipped(self.kind.name).page)
        layout = base[1] if base else ""
        first = next((one for one in tree.body if not _blank(one)), tree)
        if not isinstance(first, nodes.Extends):
            self.found(first, "layout_missing", layout=layout)
        for node in tree.body:
            if isinstance(node, nodes.Extends):
                if not isinstance(node.template, nodes.Const) or node.template.value != layout or node is not first:
                    self.found(node, "layout", layout=layout)
            elif isinstance(node, nodes.FromImport):
                self._borrowed(node)
            elif isinstance(node, nodes.Macro):
                self._macro(node)
            elif isinstance(node, nodes.Block):
                self._block(node)
            elif isinstance(node, (nodes.Assign, nodes.AssignBlock)):
                self._walk([node], Reader(), 0)
            elif not _blank(node):
                word = _WORDS.get(type(node))
                self.found(node, *(("statement",) if word else ("outside_block",)), **({"word": word} if word else {}))

    def _borrowed(self, node: nodes.FromImport) -> None:
        part = node.template.value if isinstance(node.template, nodes.Const) else None
        offered = vocabulary.macros_of(part) if isinstance(part, str) else frozenset()
        if not offered:
            self.found(node, "part_unknown", word=str(part)[:40])
            return
        for name in node.names:
            wanted = name if isinstance(name, str) else name[0]
            if wanted not in offered - vocabulary.reserved_in(self.kind.name):
                self.found(node, "macro_unknown", word=wanted[:40], part=part)
            self.expressions.macros[name if isinstance(name, str) else name[1]] = 0

    def _macro(self, node: nodes.Macro) -> None:
        for default in node.defaults:
            self.expressions.judge(default)
        deepest = self._inside(node.body, Reader(), 0, node)
        # Known only after it was read: a macro that calls itself, or one that follows, never is.
        self.expressions.macros[node.name] = deepest

    def _block(self, node: nodes.Block) -> None:
        blocks = vocabulary.blocks_of(self.kind.name)
        if node.name not in blocks:
            self.found(node, "block", word=node.name[:40], blocks="、".join(sorted(blocks)))
            return
        self._inside(node.body, Reader(), 0, node)

    def _inside(self, body: Iterable[nodes.Node], reader: Reader, depth: int, node: nodes.Node) -> int:
        """Read a body that must close what it opens; answers the deepest nesting of loops in it."""
        inner = reader.inner()
        inner.findings = self.findings
        before = len(self.findings)
        deepest = self._walk(body, inner, depth)
        if len(self.findings) == before and (inner.stack or inner.in_tag != reader.in_tag):
            self.found(node, "not_closed", word=inner.stack[-1] if inner.stack else inner.in_tag or reader.in_tag)
        return deepest

    def _walk(self, body: Iterable[nodes.Node], reader: Reader, depth: int) -> int:
        reader.findings = self.findings
        deepest = depth
        for node in body:
            if isinstance(node, nodes.Output):
                deepest = max(deepest, self._output(node, reader, depth))
            elif isinstance(node, nodes.If):
                deepest = max(deepest, self._condition(node, reader, depth))
            elif isinstance(node, nodes.For):
                deepest = max(deepest, self._loop(node, reader, depth))
            elif isinstance(node, nodes.Assign) and not _sets_an_attribute(node):
                deepest = max(deepest, depth + self.expressions.judge(node.node))
            elif isinstance(node, nodes.AssignBlock) and node.filter is None and not _sets_an_attribute(node):
                deepest = max(deepest, self._inside(node.body, Reader(), depth, node))
            else:
                word = _WORDS.get(type(node), type(node).__name__.lower())
                self.found(node, "statement", word=word)
        return deepest

    def _output(self, node: nodes.Output, reader: Reader, depth: int) -> int:
        text, line, deepest = "", node.lineno, depth
        for one in node.nodes:
            if isinstance(one, nodes.TemplateData):
                text += one.data
                continue
            deepest = max(deepest, depth + self.expressions.judge(one))
            text += CHOICE if is_choice(one) else PLACE
        if deepest > DEEPEST_LOOPS:
            self.found(node, "loops_deep", most=DEEPEST_LOOPS)
        reader.read(text, line)
        return deepest

    def _condition(self, node: nodes.If, reader: Reader, depth: int) -> int:
        deepest = depth + self.expressions.judge(node.test)
        for branch in (node.body, node.else_):
            if branch:
                deepest = max(deepest, self._inside(branch, reader, depth, node))
        for other in node.elif_:
            deepest = max(deepest, self._condition(other, reader, depth))
        return deepest

    def _loop(self, node: nodes.For, reader: Reader, depth: int) -> int:
        if node.recursive:
            self.found(node, "statement", word="recursive")
        self.expressions.judge(node.iter)
        if node.test is not None:
            self.expressions.judge(node.test)
        if depth + 1 > DEEPEST_LOOPS:
            self.found(node, "loops_deep", most=DEEPEST_LOOPS)
        deepest = self._inside(node.body, reader, depth + 1, node)
        return max(deepest, self._inside(node.else_, reader, depth, node) if node.else_ else 0)


def _blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(one, nodes.TemplateData) and not one.data.strip() for one in node.nodes
    )


def _sets_an_attribute(node: nodes.Assign | nodes.AssignBlock) -> bool:
    """Whether it would change what something else holds; a page names values of its own and changes nothing."""
    return isinstance(node.target, nodes.NSRef) or node.target.find(nodes.NSRef) is not None


def _names(tree: nodes.Template) -> frozenset[str]:
    """Every name the page itself gives to something."""

    def given() -> Iterator[str]:
        for name in tree.find_all(nodes.Name):
            if name.ctx in ("store", "param"):
                yield name.name

    return frozenset(given())

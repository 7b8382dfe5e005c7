"""Draws a document the fast way where it can be drawn so, and as a whole otherwise."""

from __future__ import annotations

from typing import Any

from documents import pdf
from documents.editions.source import Source
from documents.rendered import BUDGET, Budget, Method, Rendered, RenderFailed, Unfit
from documents.stamp import stamp


def draw(
    kind_name: str, context: Any, source: Source | None = None, *, receipt: str = "", budget: Budget = BUDGET,
    method: Method = "any",
) -> Rendered:  # fmt: skip
    """The finished document; its engine says how it was drawn (`documents.rendered.method_of`).

    A paper that was drawn before is drawn again in the same way, so that it gets the same bytes: RenderFailed when it
    was stamped and cannot be any more. For everything else see documents.pdf.render.
    """
    if source is None and method != "whole":
        try:
            return stamp(kind_name, context, receipt=receipt)
        except Unfit as reason:
            if method == "stamped":
                raise RenderFailed(f"{kind_name}: was stamped, and cannot be stamped any more: {reason}") from reason
    return pdf.render(kind_name, context, source, receipt=receipt, budget=budget)

"""A renderer's child that draws any page as it stands: what is left to hold when nobody has read the page before."""

from __future__ import annotations

import sys
from typing import Any

from documents import pdf, render_child
from documents.editions.source import Source


def _as_it_stands(_kind: str, _context: Any, source: Source | None = None, *, receipt: str = "") -> str:
    assert source is not None
    assert not receipt
    return source.page


if __name__ == "__main__":
    pdf.to_html = _as_it_stands
    sys.exit(render_child.main(int(sys.argv[1])))

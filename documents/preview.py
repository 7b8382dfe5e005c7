"""Draws the sample of a kind into a file, for whoever writes its page: python -m documents.preview KIND FILE.pdf."""

from __future__ import annotations

import sys
from pathlib import Path

from documents import pdf
from documents.registry import kind_of


def main() -> None:
    """Writes the sample of the kind named first to the file named second."""
    name, target = sys.argv[1:3]
    rendered = pdf.render(name, kind_of(name).sample())
    Path(target).write_bytes(rendered.pdf)
    sys.stdout.write(f"{target}: {rendered.pages} page(s), {len(rendered.pdf)} bytes, {', '.join(rendered.fonts)}\n")


if __name__ == "__main__":
    main()

"""Proves, before anything is drawn, that the engine prints what it is told with the typefaces it is given."""

from __future__ import annotations

import hashlib
import sys
from functools import cache

from documents import fontset, pdf
from documents.golden import GOLDEN, PAGE, SHEET
from documents.rendered import RenderFailed

_TOFU = '<html lang="zh-Hans"><title>x</title><p style="font-family:Doc Song">\U0010fffd</p></html>'


def self_test() -> str:
    """Returns the engine's description.

    Fails closed (RenderFailed): no subsetter, an engine version without the flush edges that papers have, typefaces
    that are not found, a golden page that came out otherwise, an unprintable character that goes unnoticed.
    """
    description = pdf.start()
    if "justify off" in description:
        raise RenderFailed(f"this version of the engine was not tested with our papers: {description}")
    missing = fontset.OUR_FAMILIES - pdf.families_of(PAGE, (SHEET,))
    if missing:
        raise RenderFailed(f"typefaces not found by the engine: {', '.join(sorted(missing))}")
    expected = GOLDEN.get(description)
    if expected not in (None, golden_sha256()):
        raise RenderFailed(f"the golden page came out otherwise than it does with {description}")
    try:
        pdf.render_html(_TOFU)
    except RenderFailed:
        return description
    raise RenderFailed("the engine printed a character no typeface has, without a word")


@cache
def golden_sha256() -> str:
    """What the golden page comes out as in this process."""
    return hashlib.sha256(pdf.render_html(PAGE, (SHEET,))).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f'    "{pdf.start()}": (\n        "{golden_sha256()}"\n    ),\n')

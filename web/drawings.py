"""Drawings made on the server that go straight into a page."""

import segno
from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """The text as a QR code: an SVG with nothing but its outline in it, drawn to be scanned from a screen."""
    return Markup(segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff"))

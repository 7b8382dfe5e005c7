"""The one renderer of this process, started when the first paper is drawn and ended with the process."""

import atexit
from functools import cache
from pathlib import Path

from documents.renderer import Renderer
from services.settings import settings


def renderer() -> Renderer:
    """The renderer with the office's typefaces; RendererUnfit comes when it is started or first used."""
    return _renderer(settings().font_folder, settings().renderers)


@cache
def _renderer(extra_fonts: Path | None, processes: int) -> Renderer:
    one = Renderer(extra_fonts=extra_fonts, processes=processes)
    atexit.register(one.close)
    return one

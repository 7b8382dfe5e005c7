"""HTML to PDF/A-3u bytes: the only door to the PDF engine. The same context always gives the same bytes."""

from __future__ import annotations

import gc
import hashlib
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from documents import fontset
from documents.context import canonical_json, to_json
from documents.editions.source import Source
from documents.glyphs import check_glyphs
from documents.html import PageTooLarge, sheets_of, to_html
from documents.press import SealPlace, presser, seal_places
from documents.rendered import BUDGET, Budget, OverBudget, Rendered, RenderFailed, Unfit

__all__ = ["OverBudget", "RenderFailed", "Rendered", "render", "render_html", "start"]

ReadT = TypeVar("ReadT")

_lock = threading.Lock()
_engine: SimpleNamespace | None = None
_extra_fonts: Path | None = None
_renderings = 0


def start(*, extra_fonts: Path | None = None) -> str:
    """Loads the engine with our fonts, checks it, and returns its description; called by the first `render` otherwise.

    `extra_fonts`: an operator's folder with a licensed 仿宋 or faces for rare characters. Refuses
    (RenderFailed) another folder
    once started, a missing font subsetter, and (fontset.FontsBroken) altered fonts.
    """
    global _engine, _extra_fonts
    with _lock:
        if _engine is None:
            _engine = _load(extra_fonts)
            _extra_fonts = extra_fonts
        elif extra_fonts is not None and extra_fonts != _extra_fonts:
            raise RenderFailed("the PDF engine already runs with other fonts; start a new process")
        return str(_engine.description)


def _load(extra_fonts: Path | None) -> SimpleNamespace:
    fonts = fontset.install(extra_fonts)
    import weasyprint
    import weasyprint.pdf
    from weasyprint.pdf.fonts import harfbuzz_subset
    from weasyprint.text.ffi import pango
    from weasyprint.text.fonts import FontConfiguration

    from documents import justify
    from documents.assets import Assets

    if harfbuzz_subset is None:
        raise RenderFailed("libharfbuzz-subset is missing; install libharfbuzz-subset0 (Debian) or its like")
    justified = justify.install()
    weasyprint.pdf.ColorProfile = _closing(weasyprint.pdf.ColorProfile)
    number = pango.pango_version()
    description = (
        f"weasyprint {weasyprint.__version__}; pango {number // 10000}.{number // 100 % 100}.{number % 100}; "
        f"harfbuzz {_harfbuzz_version()}; zlib {zlib.ZLIB_RUNTIME_VERSION}; "
        f"justify {'on' if justified else 'off'}; fonts {fonts.digest[:12]}"
    )
    return SimpleNamespace(
        weasyprint=weasyprint, assets=Assets, fonts=fonts, configuration=FontConfiguration(), description=description
    )


def _harfbuzz_version() -> str:
    from weasyprint.text.ffi import ffi, harfbuzz

    ffi.cdef("const char *hb_version_string(void);", override=True)
    return bytes(ffi.string(harfbuzz.hb_version_string())).decode("ascii")


def _closing(read_profile: Any) -> Any:
    """The engine leaves its colour profile open after reading it, once a document; a long-lived worker should not."""

    def profile(file: Any, *rest: Any) -> Any:
        with file:
            return read_profile(file, *rest)

    return profile


def render(
    kind_name: str, context: Any, source: Source | None = None, *, receipt: str = "", budget: Budget = BUDGET
) -> Rendered:
    """The finished document: PDF/A-3u, data.json attached, metadata dated by `context.head.issued_on`. Changes nothing.

    `receipt` (documents.receipt.make) goes behind the address in the QR code, and into the file as receipt.txt.
    `source`: an administrator's page instead of the shipped one; only for a process that limits itself.

    Refuses (glyphs.MissingGlyph) a character no typeface has and (OverBudget) more rows, pages or characters than
    `budget` allows; fails (RenderFailed) on any engine warning or foreign typeface; for the rest see
    documents.html.to_html. Seconds and memory are limited where it runs: see documents.renderer.
    """
    check_printable(context)
    attachment = canonical_json(context)
    html = page_within(kind_name, context, source, receipt=receipt, budget=budget)
    with _lock, _warnings_fail(kind_name):
        assert _engine is not None
        document = _layout(html, sheets_of(kind_name, source))
        if len(document.pages) > budget.pages:
            raise OverBudget("pages", budget.pages)
        issued = datetime.combine(context.head.issued_on, datetime.min.time(), tzinfo=UTC)
        attached = [_attachment("data.json", "Data of this document", attachment, issued)]
        if receipt:
            said = (context.head.verify_url + receipt).encode()
            attached.append(_attachment("receipt.txt", "Decision receipt, as in the QR code", said, issued))
        identifier = hashlib.sha256(kind_name.encode() + b"\n" + attachment).digest()[:16]
        places = seal_places(document)
        finisher = presser(document, places, own=context.head.issuer_name) if context.head.seal == "sample" else None
        pdf = document.write_pdf(
            pdf_variant="pdf/a-3u", pdf_identifier=identifier, attachments=attached, finisher=finisher
        )
    families = _checked_families(kind_name, document)
    _collect_now_and_then()
    return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), len(document.pages), _engine.description, families, places)


def _attachment(name: str, description: str, content: bytes, at: datetime) -> Any:
    assert _engine is not None
    return _engine.weasyprint.Attachment(
        string=content, name=name, description=description, relationship="Data", created=at, modified=at
    )


def check_printable(context: Any) -> None:
    """Passes when every character of the context has a glyph; refuses with glyphs.MissingGlyph otherwise."""
    start()
    assert _engine is not None
    check_glyphs(to_json(context), extra=_engine.fonts.extra)


def page_within(kind_name: str, context: Any, source: Source | None, *, receipt: str, budget: Budget) -> str:
    """The filled page. Refuses (OverBudget) too many characters or table rows, before they are laid out."""
    try:
        html = to_html(kind_name, context, source, receipt=receipt)
    except PageTooLarge as refusal:
        raise OverBudget("size", budget.size) from refusal
    if len(html) > budget.size:
        raise OverBudget("size", budget.size)
    if html.count("<tr") > budget.rows:
        raise OverBudget("rows", budget.rows)
    return html


def render_html(html: str, sheets: tuple[str, ...] = ()) -> bytes:
    """Bytes of a page that is no document kind (previews, self-test), under the same fonts, fetcher and warnings."""
    start()
    with _lock, _warnings_fail("page"):
        document = _layout(html, sheets)
        pdf = bytes(document.write_pdf(pdf_variant="pdf/a-3u"))
    _checked_families("page", document)
    return pdf


def _layout(html: str, sheets: tuple[str, ...]) -> Any:
    assert _engine is not None
    page = _engine.weasyprint.HTML(string=html, url_fetcher=_engine.assets(), media_type="print")
    styles = [_style(sheet) for sheet in sheets]
    return page.render(font_config=_engine.configuration, stylesheets=styles, pdf_variant="pdf/a-3u")


@cache
def _style(sheet: str) -> Any:
    assert _engine is not None
    return _engine.weasyprint.CSS(string=sheet, font_config=_engine.configuration, url_fetcher=_engine.assets())


def _checked_families(name: str, document: Any) -> tuple[str, ...]:
    assert _engine is not None
    families = {font.family for font in document.fonts.values()}
    foreign = families - _engine.fonts.families
    if foreign:
        raise RenderFailed(f"{name}: typefaces that are not ours: {', '.join(sorted(foreign))}")
    return tuple(sorted(families))


class _Collector(logging.Handler):
    """Keeps what the engine complains of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one complaint."""
        self.messages.append(record.getMessage())


@contextmanager
def _warnings_fail(name: str) -> Iterator[None]:
    assert _engine is not None
    collector, logger = _Collector(), logging.getLogger("weasyprint")
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield
    except (MemoryError, OverBudget, Unfit):
        raise
    except RecursionError as failure:
        raise RenderFailed(f"{name}: the page is nested too deeply") from failure
    except (Exception, _engine.weasyprint.urls.FatalURLFetchingError) as failure:
        # The engine's refusal to load something passes by `except Exception`, on purpose.
        raise RenderFailed(f"{name}: {failure.__cause__ or failure}") from failure
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagated
    if collector.messages:
        raise RenderFailed(f"{name}: " + "; ".join(collector.messages[:5]))


def _collect_now_and_then() -> None:
    # Layout trees are cyclic: without this a long-lived worker grows between the collector's own rounds.
    global _renderings
    _renderings += 1
    if _renderings % 20 == 0:
        gc.collect()


def laid_out(name: str, html: str, sheets: tuple[str, ...], read: Callable[[Any], ReadT]) -> ReadT:
    """What `read` makes of the laid-out page; fails (RenderFailed) on any warning or foreign typeface."""
    start()
    with _lock, _warnings_fail(name):
        return read(_layout(html, sheets))


def written(document: Any, places: tuple[SealPlace, ...], *, own: str) -> bytes:
    """The bytes of a laid-out page without attachments, with a sample of the seal of `own`; for `laid_out` alone."""
    finisher = presser(document, places, own=own) if own else None
    return bytes(document.write_pdf(pdf_variant="pdf/a-3u", finisher=finisher))


def families_of(html: str, sheets: tuple[str, ...]) -> set[str]:
    """The families a page is really printed in."""
    start()
    with _lock, _warnings_fail("self-test"):
        document = _layout(html, sheets)
        document.write_pdf(pdf_variant="pdf/a-3u")
    return set(_checked_families("self-test", document))

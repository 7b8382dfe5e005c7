"""Draws what attackers would like to have drawn, and tells which files and sockets that opened: python -m … JOB.

Runs as a process of its own, because a hook that listens to every opened file can never be taken away again.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pikepdf
import pypdfium2
import weasyprint
from weasyprint.urls import URLFetcher

from documents import pdf
from documents.editions.filling import inspect
from documents.editions.source import Source
from documents.registry import KINDS
from documents.rendered import OverBudget, RenderFailed

ROOT = Path(pdf.__file__).resolve().parent
# The engine keeps typefaces in a folder of its own, which it clears away whenever Python collects what is left over.
OF_THE_ENGINE = str(Path(tempfile.gettempdir()) / "weasyprint-")
ALLOWED = (str(ROOT), str(Path(weasyprint.__file__).resolve().parent), OF_THE_ENGINE)
UNCOMPRESSED = {"uncompressed_pdf": True}
KEPT = {"verify_code", "verify_url", "seal"}


class Watch:
    """Notes every file and socket that is opened while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.files: list[str] = []
        self.sockets: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open" and isinstance(given[0], (str, bytes)):
            path = given[0].decode() if isinstance(given[0], bytes) else given[0]
            if not path.startswith(ALLOWED):
                self.files.append(path)
        elif event == "urllib.Request" and str(given[0]).startswith(("data:", "file:")):
            return  # what a page holds itself is asked of nobody, and a file is heard of when it is opened
        elif event.startswith(("socket.connect", "socket.getaddrinfo", "urllib.", "http.", "subprocess.", "os.system")):
            self.sockets.append(f"{event} {given[:2]!r}"[:200])


PLACED: dict[str, int] = {}
"""How often each payload was put into a text."""


def typed(value: Any, payloads: list[str], wanted: Any = None) -> Any:
    """The same context with the next payload in every text that people can type."""
    if is_dataclass(value) and not isinstance(value, type):
        hints = get_type_hints(type(value))
        return replace(
            value,
            **{
                one.name: typed(getattr(value, one.name), payloads, hints[one.name])
                for one in fields(value)
                if one.name not in KEPT
            },
        )
    if isinstance(value, tuple):
        return tuple(typed(one, payloads, (get_args(wanted) or (None,))[0]) for one in value)
    if isinstance(value, str) and get_origin(wanted) is not Literal and payloads:
        payloads.append(payloads.pop(0))
        PLACED[payloads[-1]] = PLACED.get(payloads[-1], 0) + 1
        return payloads[-1]
    return value


def leaks(content: bytes, secret: str) -> bool:
    """Whether the secret is in the file: in its bytes, in what is attached to it, or among the words on its pages."""
    if secret.encode() in content:
        return True
    with pikepdf.open(BytesIO(content)) as document:
        if any(secret.encode() in one.get_file().read_bytes() for one in document.attachments.values()):
            return True
    with pypdfium2.PdfDocument(content) as document:
        return any(secret in page.get_textpage().get_text_bounded() for page in document)


def row_by_row(vectors: dict[str, str], watch: Watch, secret: str) -> dict[str, tuple[str, str]]:
    """What each of these bodies came to, with the engine's own fetcher and with ours: shown, read, asked, or nothing;
    `refused` where there was no paper and nothing was opened.
    """
    page = '<html lang="zh-Hans"><head><title>x</title></head><body>{}<p>x</p></body></html>'

    def plain(html: str) -> bytes:
        return bytes(weasyprint.HTML(string=html, url_fetcher=URLFetcher()).write_pdf(**UNCOMPRESSED))

    def outcome(draw: Any, body: str) -> str:
        files, sockets, content = len(watch.files), len(watch.sockets), b""
        watch.on = True
        try:
            content = draw(page.format(body))
        except RenderFailed:
            pass
        finally:
            watch.on = False
        if content and leaks(content, secret):
            return "shown"
        if len(watch.sockets) > sockets:
            return "asked"
        return "read" if len(watch.files) > files else "nothing" if content else "refused"

    return {name: (outcome(plain, body), outcome(pdf.render_html, body)) for name, body in vectors.items()}


def main() -> None:
    """The job: {kinds, payloads, whole, editions, vectors, secret}; answers what was drawn, refused and opened.

    `whole`: each kind is drawn until every payload has stood in one of its texts.
    """
    job = json.loads(sys.argv[1])
    pdf.start()
    pdf.render("admission_notice", KINDS["admission_notice"].sample())
    for one in ("image/png;base64,iVBORw0KGgo=", "image/svg+xml,<svg/>"):
        # What Python itself loads for the first picture is not what a page asked for.
        with suppress(RenderFailed):
            pdf.render_html(f"<title>x</title><img src='data:{one}'>")
    watch = Watch()
    answer: dict[str, Any] = {"drawn": 0, "refused": 0, "leaked": 0}
    secret = job["secret"]

    def attempt(draw: Any) -> None:
        watch.on = True
        try:
            content = draw()
        except (RenderFailed, OverBudget, ValueError):
            answer["refused"] += 1
            return
        finally:
            watch.on = False
        answer["drawn"] += 1
        answer["leaked"] += leaks(content, secret)

    for name in job["kinds"]:
        waiting = list(job["payloads"])
        PLACED.clear()
        for _ in range(len(waiting)):
            if PLACED and (not job["whole"] or len(PLACED) == len(waiting)):
                break
            try:
                context = typed(KINDS[name].sample(), waiting)
            except ValueError:
                answer["refused"] += 1
                continue
            attempt(lambda name=name, context=context: pdf.render(name, context).pdf)
    kind = KINDS["admission_notice"]
    for payload in job["payloads"] if job["editions"] else ():
        head = '{% extends "parts/letter.html" %}\n{% block body %}\n'
        pages = (f"{head}{payload}\n{{% endblock %}}", ""), (f"{head}<p>x</p>{{% endblock %}}", payload)
        for source in (Source(*one) for one in pages):
            if inspect(kind, source):
                answer["refused"] += 1
            else:
                attempt(lambda source=source: pdf.render(kind.name, kind.sample(), source).pdf)
        attempt(lambda payload=payload: pdf.render_html(f'<html lang="zh-Hans"><title>x</title><body>{payload}</body>'))
    if job["vectors"]:
        answer["rows"] = row_by_row(job["vectors"], watch, secret)
    sys.stdout.write(json.dumps(answer | {"files": watch.files, "sockets": watch.sockets}))


if __name__ == "__main__":
    main()

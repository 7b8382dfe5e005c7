"""Draws what attackers would like to have drawn, and tells which files and sockets that opened: python -m … JOB.

Runs as a process of its own, because a hook that listens to every opened file can never be taken away again.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import weasyprint
from weasyprint.urls import URLFetcher

from documents import pdf
from documents.editions.filling import inspect
from documents.editions.source import Source
from documents.registry import KINDS
from documents.rendered import OverBudget, RenderFailed

ROOT = Path(pdf.__file__).resolve().parent
ALLOWED = (str(ROOT), str(Path(weasyprint.__file__).resolve().parent))
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


def main() -> None:
    """The job: {kinds, payloads, whole, editions, default_fetcher, secret}; answers what was drawn, refused and opened.

    `whole`: each kind is drawn until every payload has stood in one of its texts.
    """
    job = json.loads(sys.argv[1])
    pdf.start()
    pdf.render("admission_notice", KINDS["admission_notice"].sample())
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
        answer["leaked"] += secret.encode() in content

    for payload in job["payloads"] if job["default_fetcher"] else ():
        page = f"<html><body>{payload}<p>x</p></body></html>"
        attempt(lambda page=page: weasyprint.HTML(string=page, url_fetcher=URLFetcher()).write_pdf(**UNCOMPRESSED))
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
    sys.stdout.write(json.dumps(answer | {"files": watch.files, "sockets": watch.sockets}))


if __name__ == "__main__":
    main()

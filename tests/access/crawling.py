"""Walks the console as one person: every address a page leads to, every form with what a browser would send."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag

from tests.access.conftest import Door

LEFT_OUT = ("/static/", "/sign-out", "/language", "/sign-in", "mailto:", "http:", "https:")
TYPED = {"date": "2026-12-01", "number": "1", "time": "09:00", "email": "a@example.cn", "tel": "0000-1234567",
         "datetime-local": "2026-12-01T09:00", "month": "2026-12", "text": "填写内容", "search": "填写"}  # fmt: skip


@dataclass
class Form:
    """A form of a page: where it is sent, and what is in it."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.selecting = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in ("a", "img", "iframe", "embed"):
            self.links.append(said.get("href") or said.get("src") or "")
        elif tag == "form":
            self.forms.append(Form(said.get("method", "get").upper(), said.get("action", "")))
        elif self.forms and said.get("name"):
            self._field(tag, said)
        elif tag == "option" and self.selecting and said.get("value"):
            self.forms[-1].fields.append((self.selecting, said["value"]))
            self.selecting = ""

    def _field(self, tag: str, said: dict[str, str]) -> None:
        form, kind = self.forms[-1], said.get("type", "text")
        if tag == "select":
            self.selecting = said["name"]
        elif tag == "textarea":
            form.fields.append((said["name"], "填写内容"))
        elif tag == "button" and said.get("value"):
            form.fields.append((said["name"], said["value"]))
        elif tag == "input" and kind != "file":
            form.fields.append((said["name"], said.get("value") or TYPED.get(kind, "1")))


@dataclass
class Walk:
    """What one person came across."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)


def walk(door: Door, username: str, *, most: int = 60) -> Walk:
    """Follow every link from the first page on, each kind of address a few times and `most` pages in all."""
    found, waiting, kinds = Walk(), ["/", "/office"], dict[str, int]()
    while waiting and len(found.pages) < most:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f-]{36}|[A-Z]+-\d{4}-\d+|\?.*", "*", path)
        if path in found.pages or kinds.get(kind, 0) >= 3:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = door.ask(username, "GET", path)
        found.pages[path] = answer.text if "text" in answer.headers.get("content-type", "") else ""
        if answer.headers.get("content-type", "").startswith("text/html"):
            read = _Reader(answer.text)
            waiting += list(_own(read.links))
            for form in read.forms:
                if form.method == "POST":
                    found.forms.setdefault((form.action, ",".join(name for name, _ in form.fields)), form)
        elif answer.status_code == 303:
            waiting += list(_own([answer.headers["location"]]))
    return found


def _own(links: list[str]) -> Iterator[str]:
    for link in links:
        path = urldefrag(link).url
        if path.startswith("/") and not path.startswith(LEFT_OUT):
            yield path

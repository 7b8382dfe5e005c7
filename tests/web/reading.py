"""Reads a page strictly: every tag closed in order, every id once, every label and link leading somewhere."""

from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Page(HTMLParser):
    """One page as its parts; `faults` says everything a strict reader would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.aims: list[str] = []
        self.forms: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.inputs: dict[str, str] = {}
        self.words: list[str] = []
        self.headings: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        twice = sorted({one for one in self.ids if self.ids.count(one) > 1})
        self.faults += [f"id {one} is there twice" for one in twice]
        self.faults += [f"nothing has the id {aim}" for aim in self.aims if aim not in self.ids]
        if self.headings.count("h1") != 1:
            self.faults.append(f"{self.headings.count('h1')} main headings")

    @property
    def text(self) -> str:
        """Everything there is to read."""
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of the tag."""
        values = {name: value or "" for name, value in attrs}
        if len(values) != len(attrs):
            self.faults.append(f"<{tag}> says an attribute twice")
        if "style" in values or any(name.startswith("on") for name in values):
            self.faults.append(f"<{tag}> has an inline style or script")
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label" and "for" in values:
            self.aims.append(values["for"])
        if tag == "a" and values.get("href", "").startswith("#"):
            self.aims.append(values["href"][1:])
        elif tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "form":
            self.forms.append((values.get("method", "get"), values.get("action", "")))
        if tag == "input":
            self.inputs.setdefault(values.get("name", ""), values.get("value", ""))
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A drawing's tags may close themselves."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Tags close in the order they were opened."""
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)

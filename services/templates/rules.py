"""How the source of an edition is cleaned, compared line by line, and what is wrong with it told to people."""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from documents.editions.source import Finding, Source
from services.errors import Invalid, RowFault

Change = Literal["same", "gone", "new", "skipped"]
MOST_FAULTS = 30


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison: its number before and after (0: not there), what became of it, and its words.

    `skipped` stands for lines that are alike on both sides; `words` is empty then.
    """

    before: int
    after: int
    change: Change
    words: str


def cleaned(text: str) -> str:
    """The text with one kind of line end, composed characters, no blanks at line ends, and one line end at its end."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).strip("\n") + "\n"


def compared(before: str, after: str, *, around: int = 2) -> tuple[DiffLine, ...]:
    """The two texts line by line: everything that changed, with `around` lines of what is alike beside it."""
    old, new = before.splitlines(), after.splitlines()
    found: list[DiffLine] = []
    last = (0, 0)
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(around):
        if (group[0][1], group[0][3]) != last:
            found.append(DiffLine(0, 0, "skipped", ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                found += [DiffLine(i1 + step + 1, j1 + step + 1, "same", line) for step, line in enumerate(old[i1:i2])]
                continue
            found += [DiffLine(i1 + step + 1, 0, "gone", line) for step, line in enumerate(old[i1:i2])]
            found += [DiffLine(0, j1 + step + 1, "new", line) for step, line in enumerate(new[j1:j2])]
        last = (group[-1][2], group[-1][4])
    if found and last != (len(old), len(new)):
        found.append(DiffLine(0, 0, "skipped", ""))
    return tuple(found)


def unfit(findings: Sequence[Finding]) -> Invalid:
    """The error that names every line which may not stand; each fault is a sentence with its line number."""
    faults = tuple(
        RowFault(one.line, f"template.{one.code}", {"line": one.line, **one.facts}) for one in findings[:MOST_FAULTS]
    )
    return Invalid("template.refused", faults=faults, count=len(findings))


def unprinted(fields: Sequence[str]) -> Invalid:
    """The error that names every field which the page does not print."""
    faults = tuple(RowFault(0, "template.field_unprinted", {"field": one}) for one in fields)
    return Invalid("template.fields_unprinted", faults=faults, count=len(fields))


def facts_of(source: Source) -> dict[str, Any]:
    """What the audit log keeps of a source: its hash and its sizes, never the text itself."""
    return {"sha256": source.digest, "page": len(source.page), "style": len(source.style)}

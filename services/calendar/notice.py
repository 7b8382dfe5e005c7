"""Reads the days of a holiday notice as people hand them over: a table of two columns, or lines typed or pasted."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

KINDS = {
    "rest": "rest", "放假": "rest", "休息": "rest", "休": "rest",
    "work": "work", "上班": "work", "调休上班": "work", "补班": "work", "班": "work",
}  # fmt: skip
LONGEST_STRETCH = 31
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HEADINGS = ("date", "日期")

Listed = tuple[int, str, str]
"""Line, day as 2027-01-01 (or as it was written when it is none), rest or work (or as written)."""


def listed_days(lines: Iterable[str]) -> tuple[Listed, ...]:
    """The days of lines as `2027-02-05 放假`, `2027-02-05,rest` or `2027年2月5日至2027年2月11日 放假`.

    Headings and empty lines are passed over. What cannot be read is handed on as written: `notice_days` names it.
    """
    found: list[Listed] = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.lower().startswith(_HEADINGS):
            found += _of_line(number, text)
    return tuple(found)


def _of_line(number: int, text: str) -> Iterator[Listed]:
    days = [_iso(match) for match in _DAY.finditer(text)]
    word = re.sub(r"^[\s,，;；:：、]+|[\s,，;；:：、]+$", "", _DAY.sub("", text).replace("至", ""))
    kind = KINDS.get(word.strip().strip("-~～–—").strip().lower(), word or "?")
    if not days or len(days) > 2 or None in days:
        yield number, text[:40], kind
        return
    first, last = (date.fromisoformat(str(one)) for one in (days[0], days[-1]))
    length = (last - first).days
    if not 0 <= length < LONGEST_STRETCH:
        yield number, text[:40], kind
        return
    for step in range(length + 1):
        yield number, (first + timedelta(days=step)).isoformat(), kind


def _iso(match: re.Match[str]) -> str | None:
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        return None

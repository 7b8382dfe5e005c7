"""Which line of a statement is which payment, and in which way it nearly is; pure rules over frozen facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from documents.format import in_yuan
from services.reconciliation.rules import Line, fold

WINDOW_DAYS = 10
"""So many days after the instruction a payment may be booked and still be taken for it without its reference."""

NEAR_FEN = 100
"""Amounts that differ by no more are taken for the same payment wrongly typed: one yuan."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Something that should stand on a statement: an instruction of ours (money out), or money that came back (in).

    `serial` and `on` are given once somebody recorded it; `from_on` is the first day it can be booked.
    """

    id: str
    called: str
    amount_fen: int
    reference: str
    payee: str
    tail: str
    from_on: date
    serial: str = ""
    on: date | None = None
    live: bool = True
    """False for an attempt that was taken for not paid: it must not appear any more."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A line as it is kept, with the references that were found in what the bank printed."""

    id: str
    line: Line
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Lines that are that expected thing, and by what they were known: reference, serial, amount, split."""

    expected: str
    lines: tuple[str, ...]
    by: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """Something that does not agree, in words by its kind, with the lines and the expected thing it is about.

    Kinds: missing, extra, amount, date, duplicate, payee, sign, split, incoming, returned, several, ghost.
    """

    kind: str
    lines: tuple[str, ...]
    expected: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What matching came to; nothing of it depends on the order of lines or of what is expected."""

    matches: tuple[Match, ...]
    open: tuple[Open, ...]


def match(
    expected: Iterable[Expected], entered: Iterable[Entered], covered: Sequence[tuple[date, date]],
    settled: Iterable[Expected] = (),
) -> Outcome:  # fmt: skip
    """Tell which lines are which payments: by reference, by recorded serial, then by amount, payee and days.

    What nearly agrees is open with its kind, never matched. An expected thing is missing only where statements cover
    every day on which it can have been booked. `settled` are those matched before, which no other line can be again.
    """
    turn = _Turn(expected, entered, settled)
    turn.by_reference()
    turn.by_serial()
    turn.by_amount()
    turn.near()
    turn.leftover(covered)
    return Outcome(
        tuple(sorted(turn.matches, key=lambda one: one.expected)),
        tuple(sorted(turn.open, key=lambda one: (one.lines, one.expected or "", one.kind))),
    )


class _Turn:
    """One run of matching: what is still free, and what was found."""

    def __init__(
        self, expected: Iterable[Expected], entered: Iterable[Entered], settled: Iterable[Expected] = ()
    ) -> None:
        self.before = tuple(settled)
        self.expected = sorted(expected, key=lambda one: one.id)
        self.lines = sorted(entered, key=_stable)
        self.matches: list[Match] = []
        self.open: list[Open] = []
        self.taken: set[str] = set()
        self.settled: set[str] = set()

    def free(self) -> list[Entered]:
        return [one for one in self.lines if one.id not in self.taken]

    def waiting(self) -> list[Expected]:
        return [one for one in self.expected if one.id not in self.settled and one.live]

    def agree(self, one: Expected, lines: Sequence[Entered], by: str, **facts: Any) -> None:
        self._settle(one, lines)
        self.matches.append(Match(one.id, tuple(line.id for line in lines), by, facts))

    def differ(self, kind: str, lines: Sequence[Entered], one: Expected | None, **facts: Any) -> None:
        self._settle(one, lines)
        self.open.append(Open(kind, tuple(line.id for line in lines), one.id if one else None, facts))

    def _settle(self, one: Expected | None, lines: Sequence[Entered]) -> None:
        self.taken.update(line.id for line in lines)
        if one is not None:
            self.settled.add(one.id)

    # Each pass looks only at what the ones before have left.

    def by_reference(self) -> None:
        by_name: dict[str, list[Entered]] = defaultdict(list)
        for line in self.lines:
            for name in line.references:
                by_name[name].append(line)
        for one in self.expected:
            lines = [line for line in by_name.get(one.reference, ()) if line.id not in self.taken]
            if one.reference and lines and not one.live:
                self.differ("ghost", lines, one)
            elif one.reference and lines:
                self._known_by(one, lines, "reference")

    def by_serial(self) -> None:
        by_serial: dict[str, list[Entered]] = defaultdict(list)
        for line in self.free():
            by_serial[line.line.serial].append(line)
        for one in self.waiting():
            lines = [line for line in by_serial.get(one.serial, ()) if line.id not in self.taken]
            if one.serial and lines:
                self._known_by(one, lines, "serial")

    def _known_by(self, one: Expected, lines: list[Entered], by: str) -> None:
        same_way = [line for line in lines if (line.line.amount_fen < 0) == (one.amount_fen < 0)]
        against = [line for line in lines if line not in same_way]
        exact = [line for line in same_way if line.line.amount_fen == one.amount_fen]
        if exact:
            first, rest = exact[0], [line for line in same_way if line is not exact[0]]
            if rest:
                self.differ("duplicate", rest, None, of=one.called)
            back = [line for line in against if line.line.amount_fen == -one.amount_fen]
            if back:
                self.differ("returned", (first, *against), one, amount=in_yuan(abs(one.amount_fen)))
            else:
                self._compare(one, first, by)
        elif len(same_way) > 1 and sum(line.line.amount_fen for line in same_way) == one.amount_fen:
            self.differ("split", same_way, one, parts=len(same_way))
        elif same_way:
            self._amount(one, same_way)
        else:
            self.differ("sign", against, one)

    def _compare(self, one: Expected, line: Entered, by: str) -> None:
        if one.amount_fen < 0 and not _same_payee(one, line.line):
            self.differ("payee", (line,), one, said=line.line.payee, wanted=one.payee)
        elif not _same_day(one, line.line, lenient=by != "amount"):
            self.differ("date", (line,), one, said=line.line.on.isoformat(), wanted=_days(one))
        else:
            self.agree(one, (line,), by, serial=line.line.serial, on=line.line.on.isoformat())

    def _amount(self, one: Expected, lines: Sequence[Entered]) -> None:
        said = sum(line.line.amount_fen for line in lines)
        self.differ(
            "amount", lines, one, said=in_yuan(abs(said)), wanted=in_yuan(abs(one.amount_fen)),
            off=in_yuan(abs(said - one.amount_fen)),
        )  # fmt: skip

    def by_amount(self) -> None:
        """Only where one line fits one payment and neither fits another."""
        fits = {
            one.id: [line for line in self.free() if not line.references and _fits(one, line.line)]
            for one in self.waiting()
        }
        wanted_by: Counter[str] = Counter(line.id for lines in fits.values() for line in lines)
        several: dict[tuple[str, ...], list[Expected]] = defaultdict(list)
        for one in self.waiting():
            lines = fits[one.id]
            if len(lines) == 1 and wanted_by[lines[0].id] == 1:
                self.agree(one, lines, "amount", serial=lines[0].line.serial, on=lines[0].line.on.isoformat())
            elif lines:
                several[tuple(line.id for line in lines)].append(one)
        for ids, group in several.items():
            lines = [line for line in self.lines if line.id in ids and line.id not in self.taken]
            if len(group) == 1 and len(lines) > 1:
                self.agree(group[0], lines[:1], "amount", serial=lines[0].line.serial, on=lines[0].line.on.isoformat())
                self.differ("duplicate", lines[1:], None, of=group[0].called)
            else:
                for one, line in zip(group, lines, strict=False):
                    self.differ("several", (line,), one, of="、".join(each.called for each in group))

    def near(self) -> None:
        for one in self.waiting():
            lines = [line for line in self.free() if not line.references]
            same_payee = [line for line in lines if _same_payee(one, line.line, named=True)]
            here = [line for line in same_payee if _same_day(one, line.line)]
            parts = [line for line in here if (line.line.amount_fen < 0) == (one.amount_fen < 0)]
            off = [line for line in parts if 0 < abs(line.line.amount_fen - one.amount_fen) <= NEAR_FEN]
            if off:
                self._amount(one, off[:1])
                continue
            if len(parts) > 1 and sum(line.line.amount_fen for line in parts) == one.amount_fen:
                self.differ("split", parts, one, parts=len(parts))
                continue
            other_way = [line for line in here if line.line.amount_fen == -one.amount_fen]
            late = [line for line in same_payee if line.line.amount_fen == one.amount_fen]
            strange = [line for line in lines if line.line.amount_fen == one.amount_fen and _same_day(one, line.line)]
            if other_way:
                self.differ("sign", other_way[:1], one)
            elif late:
                self.differ("date", late[:1], one, said=late[0].line.on.isoformat(), wanted=_days(one))
            elif strange:
                self.differ("payee", strange[:1], one, said=strange[0].line.payee, wanted=one.payee)

    def leftover(self, covered: Sequence[tuple[date, date]]) -> None:
        done = (*self.before, *(one for one in self.expected if one.id in self.settled))
        names = {one.reference: one for one in done if one.reference}
        twins = {(fold(one.payee), one.amount_fen): one for one in done}
        for line in self.free():
            named = next((names[one] for one in line.references if one in names), None)
            alike = None if line.references else twins.get((fold(line.line.payee), line.line.amount_fen))
            twin = named or alike
            facts = {"payee": line.line.payee, "amount": in_yuan(abs(line.line.amount_fen))}
            if named is not None and line.line.amount_fen == -named.amount_fen:
                self.differ("returned", (line,), named, amount=facts["amount"])
            elif twin is not None:
                self.differ("duplicate", (line,), None, of=twin.called)
            else:
                self.differ("extra" if line.line.amount_fen < 0 else "incoming", (line,), None, **facts)
        for one in self.waiting():
            until = one.on or one.from_on + timedelta(days=WINDOW_DAYS)
            if covers(covered, one.on or one.from_on, until):
                self.differ("missing", (), one, until=until.isoformat())


def _stable(one: Entered) -> tuple[Any, ...]:
    line = one.line
    return line.on, line.serial, line.amount_fen, fold(line.payee), line.tail, fold(line.memo), one.id


def _same_payee(one: Expected, line: Line, *, named: bool = False) -> bool:
    """Whether the names agree; a line without a name is the payee's by its account's last digits, unless `named`."""
    if line.payee:
        return fold(line.payee) == fold(one.payee) and not (one.tail and line.tail and one.tail != line.tail)
    return not named and (not line.tail or line.tail == one.tail)


def _same_day(one: Expected, line: Line, *, lenient: bool = False) -> bool:
    if one.on is not None:
        return line.on == one.on
    last = one.from_on + timedelta(days=WINDOW_DAYS * (3 if lenient else 1))
    return one.from_on <= line.on <= last


def _days(one: Expected) -> str:
    if one.on is not None:
        return one.on.isoformat()
    return f"{one.from_on.isoformat()}–{(one.from_on + timedelta(days=WINDOW_DAYS)).isoformat()}"


def _fits(one: Expected, line: Line) -> bool:
    """Amount, payee and days, all of them; a serial that was recorded must not be another one."""
    other = bool(one.serial and line.serial and one.serial != line.serial)
    return (
        line.amount_fen == one.amount_fen and _same_payee(one, line, named=True) and _same_day(one, line) and not other
    )


def covers(covered: Sequence[tuple[date, date]], first: date, last: date) -> bool:
    """Whether every day from `first` to `last` lies within one of the periods."""
    day = first
    for start, end in sorted(covered):
        if start <= day <= end:
            day = end + timedelta(days=1)
    return day > last

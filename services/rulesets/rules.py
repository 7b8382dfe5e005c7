"""Reads numbers out of one rule set, and reads, checks, compares and words each as `fields.csv` says."""

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from services.errors import Broken, Invalid

LONGEST_LINE = 60
UNITS = {"working_days": ("个工作日", "working days"), "calendar_days": ("日", "days"), "months": ("个月", "months")}


@dataclass(frozen=True)
class Rules:
    """The numbers of one rule set, asked by dotted key (`limit.intake`)."""

    id: str
    numbers: Mapping[str, Any]

    def value(self, key: str) -> Any:
        """The raw value under the dotted key, as shipped for a rule set written before there was one.

        Broken when no rule set ever had it.
        """
        for numbers in (self.numbers, shipped()):
            found: Any = numbers
            for part in key.split("."):
                found = found.get(part) if isinstance(found, Mapping) else None
            if found is not None:
                return found
        raise Broken(f"rule set {self.id} lacks {key}")

    def number(self, key: str) -> int:
        """A whole number."""
        return int(self.value(key))

    def mark(self, key: str) -> Decimal:
        """A mark out of 100."""
        return Decimal(str(self.value(key)))

    def flag(self, key: str) -> bool:
        """A switch."""
        return bool(self.value(key))

    def limit(self, key: str) -> tuple[int, str]:
        """Length and unit (working_days, calendar_days, months) of the clock `key`."""
        length, unit = self.value(f"limit.{key}")
        return int(length), str(unit)


@dataclass(frozen=True, slots=True)
class Field:
    """One number of every rule set: how it is typed, between which bounds, and what it is called."""

    key: str
    kind: str
    least: int
    most: int
    zh: str
    en: str

    @property
    def section(self) -> str:
        """The first part of the key, under which a form shows it."""
        return self.key.partition(".")[0]

    def unfit(self, code: str, **facts: Any) -> Invalid:
        """The error that says what is wrong with what was typed for this field."""
        return Invalid(code, field=self.key, label=self.zh, label_en=self.en, **facts)


@dataclass(frozen=True, slots=True)
class Change:
    """One number that differs between two rule sets."""

    field: Field
    before: Any
    after: Any

    def words(self, lang: str) -> tuple[str, str]:
        """What stood before and what stands after; of a list only the items that go and those that come."""
        before, after = self.before, self.after
        if self.field.kind == "lines" and set(before) != set(after):
            before = [line for line in self.before if line not in self.after]
            after = [line for line in self.after if line not in self.before]
        return worded(self.field, before, lang) or "—", worded(self.field, after, lang) or "—"


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Any]:
    """The numbers of the shipped rule set, and its source."""
    text = files("services.rulesets").joinpath("seed.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def completed(numbers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The numbers with every one that was thought of after they were written, as shipped."""
    rules, found = Rules("completed", numbers), {section: dict(entries) for section, entries in numbers.items()}
    for field in fields():
        found.setdefault(field.section, {})[field.key.partition(".")[2]] = rules.value(field.key)
    return found


@lru_cache(maxsize=1)
def fields() -> tuple[Field, ...]:
    """Every number a rule set has, in the order of the table."""
    text = files("services.rulesets").joinpath("fields.csv").read_text(encoding="utf-8")
    return tuple(
        Field(row["key"], row["kind"], int(row["least"]), int(row["most"]), row["zh"], row["en"])
        for row in csv.DictReader(text.splitlines())
    )


def typed(field: Field, given: str, before: Any) -> Any:
    """The value a person typed for the field, as a rule set stores it.

    The unit of a limit stays that of `before`: papers and forms name it. Invalid, naming the field, for what cannot
    be read or lies outside the bounds.
    """
    text = given.strip()
    if field.kind == "flag":
        if text not in ("yes", "no"):
            raise field.unfit("input.not_a_choice")
        return text == "yes"
    if field.kind == "lines":
        return _lines(field, text)
    if field.kind == "shares":
        return _shares(field, text)
    places = {"mark": 2, "fen": 2}.get(field.kind, 0)
    value = _number(field, text, places=places) * (100 if field.kind == "fen" else 1)
    if not field.least <= value <= field.most:
        raise field.unfit("rule_set.out_of_bounds", least=_bound(field, field.least), most=_bound(field, field.most))
    if field.kind == "limit":
        return [int(value), before[1]]
    return int(value) if value == value.to_integral_value() else str(value)


def _bound(field: Field, value: int) -> int:
    return value // 100 if field.kind == "fen" else value


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _number(field: Field, text: str, *, places: int) -> Decimal:
    if not text:
        raise field.unfit("input.missing")
    plain = text.replace(",", "").replace("，", "")
    if not _NUMBER.fullmatch(plain):
        raise field.unfit("input.not_a_number")
    value = Decimal(plain)
    if abs(value) > 10**12 or value != round(value, places):
        raise field.unfit("input.not_a_number")
    return value


def _shares(field: Field, text: str) -> list[int]:
    parts = [part for part in text.replace("，", ",").replace("、", ",").replace("/", ",").split(",") if part.strip()]
    found = [int(_number(field, part.strip().rstrip("%"), places=0)) for part in parts]
    if sum(found) != 100 or min(found) < 1 or len(found) > field.most:
        raise field.unfit("rule_set.shares_not_whole", most=field.most)
    return found


def _lines(field: Field, text: str) -> list[str]:
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not field.least <= len(found) <= field.most or len(set(found)) != len(found):
        raise field.unfit("rule_set.lines_unfit", most=field.most)
    if any(len(line) > LONGEST_LINE or not line.isprintable() for line in found):
        raise field.unfit("input.too_long", longest=LONGEST_LINE)
    return found


def as_typed(field: Field, value: Any) -> str:
    """The value as a person would type it into the form."""
    if field.kind == "flag":
        return "yes" if value else "no"
    if field.kind == "lines":
        return "\n".join(value)
    if field.kind == "shares":
        return ", ".join(map(str, value))
    if field.kind == "limit":
        return str(value[0])
    return f"{Decimal(value) / 100:f}" if field.kind == "fen" else str(value)


def worded(field: Field, value: Any, lang: str) -> str:
    """The value as a sentence would say it: 5个工作日, 5 working days, 是, 50 / 30 / 20."""
    zh = lang == "zh"
    if field.kind == "flag":
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if field.kind == "limit":
        unit = UNITS[value[1]]
        return f"{value[0]}{unit[0]}" if zh else f"{value[0]} {unit[1]}"
    if field.kind == "lines":
        return ("、" if zh else "; ").join(value)
    if field.kind == "shares":
        return " / ".join(map(str, value))
    return f"{Decimal(value) / 100:,.2f}" if field.kind == "fen" else str(value)


def unit_words(field: Field, value: Any, lang: str) -> str:
    """The unit of a limit, which stands beside its input; nothing for any other field."""
    return UNITS[value[1]][0 if lang == "zh" else 1] if field.kind == "limit" else ""


def with_values(numbers: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The numbers with those fields replaced that `given` names, as typed; Invalid for one that does not fit.

    A key that is no field is Invalid too, and so are numbers that contradict each other.
    """
    known = {field.key: field for field in fields()}
    if strange := sorted(given.keys() - known.keys()):
        raise Invalid("input.unknown_field", label=strange[0])
    found = completed(numbers)
    for key, text in given.items():
        section, _, name = key.partition(".")
        found[section][name] = typed(known[key], text, found[section][name])
    _refuse_contradictions(found)
    return found


_ORDERS: tuple[Sequence[str], ...] = (
    ("score.admission_floor", "score.admission_pass"),
    ("score.midterm_floor", "score.midterm_pass"),
    ("score.graduation_floor", "score.graduation_pass", "score.graduation_good", "score.graduation_excellent"),
    ("score.star_one", "score.star_two", "score.star_three", "score.star_four", "score.star_five"),
    ("score.acceptance_pass", "score.acceptance_good"),
    ("panel.minimum", "panel.size"),
    ("incubation.minimum_months", "incubation.term_months", "incubation.max_months"),
)
"""Numbers of which none may be smaller than the one before it."""


def _refuse_contradictions(numbers: Mapping[str, Any]) -> None:
    known, rules = {field.key: field for field in fields()}, Rules("proposed", numbers)
    for keys in _ORDERS:
        for low, high in pairwise(keys):
            if rules.mark(low) > rules.mark(high):
                first, second = known[low], known[high]
                raise Invalid(
                    "rule_set.contradiction", field=high, low=first.zh, low_en=first.en, high=second.zh,
                    high_en=second.en,
                )  # fmt: skip


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between two rule sets, in the order of the fields."""
    first, second = Rules("before", before), Rules("after", after)
    pairs = ((field, first.value(field.key), second.value(field.key)) for field in fields())
    return tuple(Change(field, old, new) for field, old, new in pairs if old != new)

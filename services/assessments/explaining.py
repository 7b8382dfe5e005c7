"""Explains a stored outcome line by line, in whichever version it was computed; no database, no clock."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

BANDS = {
    "excellent": ("优秀", "excellent"), "good": ("良好", "good"), "pass": ("合格", "pass"),
    "conditional": ("介于合格线与最低线之间", "between the floor and the pass mark"), "fail": ("不合格", "fail"),
    "five": ("五星级", "five stars"), "four": ("四星级", "four stars"), "three": ("三星级", "three stars"),
    "two": ("二星级", "two stars"), "one": ("一星级", "one star"),
}  # fmt: skip
"""What each band is called, in Chinese and in English."""

FIRST_VERSION_DROPS_FROM = 5
FIRST_VERSION_LIMITS = {"range_above": "20", "deviation_above": "10"}
"""What version 1 compared with, before an outcome kept it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: the code of its sentence and the facts in it (`<name>_en` where it is a word)."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


def explain(stored: Mapping[str, Any], labels: Mapping[str, tuple[str, str]]) -> tuple[Line, ...]:
    """How the stored outcome came about, in the order in which it is reckoned; empty for none.

    `labels` says what each veto of the form is called, in Chinese and in English.
    """
    if "totals_sorted" not in stored:
        return ()
    parts: Iterable[Callable[[], Iterator[Line]]] = (
        lambda: _arbitrated(stored),
        lambda: _counted(stored),
        lambda: _spread(stored),
        lambda: _compared(stored),
        lambda: _fired(stored.get("arbitration_reasons", ())),
        lambda: _vetoes(stored, labels),
        lambda: _committee(stored),
    )
    return tuple(line for part in parts for line in part())


def _arbitrated(stored: Mapping[str, Any]) -> Iterator[Line]:
    first = stored.get("first_reasons") or ()
    if first:
        yield Line("outcome.arbitrated")
        yield from _fired(first)


def _counted(stored: Mapping[str, Any]) -> Iterator[Line]:
    totals, dropped = stored["totals_sorted"], stored.get("dropped") or ()
    kept = [Decimal(one) for one in (totals[1:-1] if dropped else totals)]
    if dropped:
        code = "outcome.dropped_after_extra" if stored.get("after_extra_sheet") else "outcome.dropped"
        yield Line(code, {"sheets": len(totals), "low": points(dropped[0]), "high": points(dropped[1])})
    else:
        limits = stored.get("limits") or {}
        least = limits.get("drop_extremes_from", FIRST_VERSION_DROPS_FROM)
        yield Line("outcome.none_dropped", {"sheets": len(totals), "least": least})
    told = [points(one) for one in kept]
    yield Line("outcome.counted", {"totals": "、".join(told), "totals_en": ", ".join(told), "count": len(kept)})
    total = sum(kept, Decimal(0))
    exact = format((total / len(kept)).quantize(Decimal("0.000001")).normalize(), "f")
    yield Line("outcome.mean", {"sum": points(total), "count": len(kept), "exact": exact, "mean": stored["mean"]})


def _spread(stored: Mapping[str, Any]) -> Iterator[Line]:
    """Range and deviation: of all sheets, and where others were judged (after the extra sheet) of those."""
    limits = stored.get("limits") or FIRST_VERSION_LIMITS
    for name in ("range", "deviation"):
        judged = Decimal(stored.get(f"judged_{name}", stored[name]))
        most = Decimal(str(limits[f"{name}_above"]))
        facts = {"all": points(stored[name]), "value": points(judged), "limit": points(most)}
        # Version 1 did not keep what it judged after the extra sheet; its reasons still say on which side it lay.
        unkept = "_all" if stored.get("first_reasons") and "version" not in stored else ""
        after = "_after_extra" if stored.get("after_extra_sheet") else unkept
        yield Line(f"outcome.{name}{after}_{'over' if _over(stored, name, judged, most) else 'within'}", facts)


def _over(stored: Mapping[str, Any], name: str, judged: Decimal, most: Decimal) -> bool:
    """A confirmed veto leaves no reason to arbitrate, so the numbers speak; else the reason does, which was exact."""
    if stored.get("vetoed"):
        return judged > most
    return f"assessment.{name}_too_large" in stored.get("arbitration_reasons", ())


def _compared(stored: Mapping[str, Any]) -> Iterator[Line]:
    zh, en = BANDS.get(stored["band"], (stored["band"], stored["band"]))
    facts = {"mean": stored["mean"], "band": zh, "band_en": en}
    marks = stored.get("marks")
    if stored.get("vetoed") or stored.get("committee"):
        return
    if marks is None:
        yield Line("outcome.band", facts)
        return
    facts |= {"pass_mark": points(marks["pass_mark"]), "floor": points(marks["conditional_mark"] or 0)}
    if stored["passed"]:
        yield Line("outcome.reached", facts)
    elif stored["conditional"]:
        yield Line("outcome.between", facts)
    else:
        yield Line("outcome.missed", facts)


def _fired(reasons: Sequence[str]) -> Iterator[Line]:
    yield from (Line(f"outcome.fired_{reason.partition('.')[2]}") for reason in reasons)


def _vetoes(stored: Mapping[str, Any], labels: Mapping[str, tuple[str, str]]) -> Iterator[Line]:
    found = stored.get("vetoes")
    if found is None:
        yield Line("outcome.vetoed" if stored.get("vetoed") else "outcome.no_veto")
        return
    for veto, count in sorted(found["claims"].items()):
        standing = next((one for one in ("confirmed", "refuted") if veto in found[one]), "pending")
        zh, en = labels.get(veto, (veto, veto))
        yield Line(f"outcome.veto_{standing}", {"veto": zh, "veto_en": en, "count": count})
    if not found["claims"]:
        yield Line("outcome.no_veto")


def _committee(stored: Mapping[str, Any]) -> Iterator[Line]:
    said = stored.get("committee")
    if not said:
        return
    zh, en = BANDS.get(said["result"], (said["result"], said["result"]))
    facts = {"day": said["held_on"], "members": said["members"], "votes": said["votes"], "band": zh, "band_en": en}
    yield Line("outcome.committee", facts)


def points(value: object) -> str:
    """Points as people write them: 28.5, 80, 77.67."""
    return format(Decimal(str(value)).normalize(), "f")

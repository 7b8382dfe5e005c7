"""Arithmetic of an assessment: what a score sheet must hold and what the totals of a panel come to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from services.assessments.form_files import Cap, Form

TOTAL = "total"
"""The key of the comment on a whole sheet, beside the ids of the criteria."""

AMOUNT = "amount"
"""The key under which a sheet says, beside its comments, which amount in yuan its evaluator advises."""


SITUATIONS = ("post_now", "post_before", "family", "founder_donor", "supplier", "rival", "prepared", "dispute", "other")
"""What an evaluator declares as a conflict (domain: separation of duties, rule 6); `other` is told in words."""


def declaration_faults(*, conflict: bool, situations: Sequence[str], note: str) -> tuple[str, ...]:
    """Why a declaration of interest cannot be taken as it stands; empty when it can.

    A conflict names at least one known situation, and tells in words what `other` is; without a conflict none holds.
    """
    if not conflict:
        return ("assessment.interest_contradicts",) if situations else ()
    if not situations or not set(situations) <= set(SITUATIONS):
        return ("assessment.situation_missing",)
    if "other" in situations and not note.strip():
        return ("assessment.situation_untold",)
    return ()


class TooFewSheets(ValueError):
    """Fewer locked sheets than a panel needs: an evaluator is to be replaced, nothing is computed."""


@dataclass(frozen=True, slots=True)
class PanelLimits:
    """How many sheets a panel needs, from how many on the extremes are dropped, and what calls for arbitration."""

    minimum_sheets: int = 3
    drop_extremes_from: int = 5
    range_above: Decimal = Decimal(20)
    deviation_above: Decimal = Decimal(10)
    near_mark: Decimal = Decimal("2.00")


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of results, from `minimum` points (included) up to the next band."""

    key: str
    minimum: Decimal


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a rule set, all inclusive: `pass_mark`, `conditional_mark` (None where nothing lies between), bands.

    The bands run from the highest minimum down to zero, so that every result has one. Refuses (ValueError) others,
    and a conditional mark above the pass mark.
    """

    pass_mark: Decimal
    conditional_mark: Decimal | None
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        minimums = [band.minimum for band in self.bands]
        if not minimums or minimums[-1] != 0 or any(low >= high for high, low in pairwise(minimums)):
            raise ValueError("bands run from the highest minimum down to zero")
        if self.conditional_mark is not None and self.conditional_mark > self.pass_mark:
            raise ValueError("the conditional mark lies above the pass mark")

    def band(self, mean: Decimal) -> str:
        """The key of the band that `mean` lies in."""
        return next(band.key for band in self.bands if mean >= band.minimum)


@dataclass(frozen=True, slots=True)
class VetoFindings:
    """Veto findings of a panel: how many evaluators claimed each veto id, which were confirmed or refuted by procedure.

    A claim that is neither is pending, however many share it.
    """

    claims: Mapping[str, int] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    refuted: frozenset[str] = frozenset()

    @property
    def pending(self) -> Mapping[str, int]:
        """The claims that nobody decided yet."""
        return {veto: count for veto, count in self.claims.items() if veto not in self.confirmed | self.refuted}


VERSION = 2
"""The version of `outcome`, kept with each stored one. Version 1 took a veto that two claimed as confirmed, and did not
keep what the totals were compared with; what it stored is read and explained as it stands.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a panel's totals come to; scores are in points, rounded half up to 0.01.

    `passed`, `conditional` and `band` hold only once `arbitration_reasons` is empty. A confirmed veto overrides
    every score: not passed, lowest band, and nothing is left to arbitrate.

    `judged_range` and `judged_deviation` are those that the rules of arbitration looked at: of all totals, or after the
    extra sheet of those that count. The rest says by which numbers it was computed.
    """

    totals_sorted: tuple[Decimal, ...]
    dropped: tuple[Decimal, ...]
    mean: Decimal
    range: Decimal
    deviation: Decimal
    passed: bool
    conditional: bool
    vetoed: bool
    band: str
    arbitration_reasons: tuple[str, ...]
    version: int
    kept: tuple[Decimal, ...]
    judged_range: Decimal
    judged_deviation: Decimal
    after_extra_sheet: bool
    marks: Marks
    limits: PanelLimits
    vetoes: VetoFindings


@dataclass(frozen=True, slots=True, order=True)
class SheetFault:
    """One thing wrong with a score sheet: a reason code and the criterion (or `total`) it concerns."""

    code: str
    criterion: str


def sheet_total(items: Mapping[str, Decimal]) -> Decimal:
    """The points of a sheet added up."""
    return sum(items.values(), Decimal(0))


def sheet_faults(form: Form, items: Mapping[str, Decimal], comments: Mapping[str, str]) -> list[SheetFault]:
    """Everything that keeps a sheet from being locked, sorted; empty when it may be.

    Each criterion of the form needs a score in the form's steps from nothing to its maximum; a comment (keyed by
    criterion id, or `total`) is needed where the form says so: under an item scored below a share of its maximum
    (60 %), on a total below (60) or above (95) its points. Scores that are not finite decimal numbers count as out
    of range. A form that asks for an amount needs one of yuan under `amount`.
    """
    faults = [SheetFault("assessment.item_unknown", item) for item in items.keys() - {c.id for c in form.criteria}]
    if form.asks_amount and advised_fen(comments) is None:
        faults.append(SheetFault("assessment.amount_missing", AMOUNT))
    for criterion in form.criteria:
        score = items.get(criterion.id)
        if score is None:
            faults.append(SheetFault("assessment.item_missing", criterion.id))
        elif not _in_range(score, criterion.maximum):
            faults.append(SheetFault("assessment.score_out_of_range", criterion.id))
        else:
            if score % form.step:
                faults.append(SheetFault("assessment.score_step_wrong", criterion.id))
            low = score * 100 < criterion.maximum * form.comments.item_below_percent
            if low and not comments.get(criterion.id, "").strip():
                faults.append(SheetFault("assessment.comment_missing", criterion.id))
    if not any(fault.code != "assessment.comment_missing" for fault in faults):
        total = sheet_total(items)
        extreme = total < form.comments.total_below or total > form.comments.total_above
        if extreme and not comments.get(TOTAL, "").strip():
            faults.append(SheetFault("assessment.comment_missing", TOTAL))
    return sorted(faults)


def advised_fen(comments: Mapping[str, str]) -> int | None:
    """The amount a sheet advises, in fen; None where it says none, or nothing that is an amount of yuan."""
    text = comments.get(AMOUNT, "").strip().replace(",", "").removeprefix("¥")
    if not re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,2})?", text, re.ASCII):
        return None
    yuan, _, rest = text.partition(".")
    return int(yuan) * 100 + int(rest.ljust(2, "0")) or None


def check_sheet(form: Form, items: Mapping[str, Decimal], comments: Mapping[str, str]) -> list[str]:
    """The reason codes of `sheet_faults`, each once, in alphabetical order; empty when the sheet may be locked."""
    return sorted({fault.code for fault in sheet_faults(form, items, comments)})


def outcome(
    totals: Sequence[Decimal],
    *,
    marks: Marks,
    limits: PanelLimits = PanelLimits(),
    vetoes: VetoFindings = VetoFindings(),
    after_extra_sheet: bool = False,
) -> Outcome:
    """What the totals of all locked sheets come to, in whatever order they are given.

    From five sheets on, one highest and one lowest total are set aside and the rest averaged; three or four are all
    averaged. The rounded mean is compared with the marks. Arbitration is called for by a range above 20, a
    population standard deviation above 10, a mean within 2.00 of the pass mark while evaluators stand on both sides
    of it, or a veto that was claimed and is neither confirmed nor refuted.

    `after_extra_sheet` is the second computation, after the panel discussed and one more evaluator scored: the
    extremes are set aside whatever the number of sheets, and the spread is judged on what remains, since an outlier
    that is set aside would otherwise call for arbitration for ever.

    Refuses (TooFewSheets) fewer than three sheets and (ValueError, TypeError) totals that are no scores.
    """
    ordered = tuple(sorted(_exact(total) for total in totals))
    if len(ordered) < limits.minimum_sheets:
        raise TooFewSheets(f"{len(ordered)} locked sheets; at least {limits.minimum_sheets} are needed")
    drops = len(ordered) >= (limits.minimum_sheets + 1 if after_extra_sheet else limits.drop_extremes_from)
    kept = ordered[1:-1] if drops else ordered
    mean = _rounded(sum(kept, Fraction(0)) / len(kept))
    judged = kept if after_extra_sheet else ordered
    vetoed = bool(vetoes.confirmed)
    reasons = () if vetoed else _arbitration_reasons(judged, mean, marks=marks, limits=limits, vetoes=vetoes)
    passed = not vetoed and mean >= marks.pass_mark
    conditional = not (vetoed or passed) and marks.conditional_mark is not None and mean >= marks.conditional_mark
    return Outcome(
        totals_sorted=tuple(_rounded(total) for total in ordered),
        dropped=(_rounded(ordered[0]), _rounded(ordered[-1])) if drops else (),
        mean=mean,
        range=_rounded(ordered[-1] - ordered[0]),
        deviation=_root_rounded(_variance(ordered)),
        passed=passed,
        conditional=conditional,
        vetoed=vetoed,
        band=marks.bands[-1].key if vetoed else marks.band(mean),
        arbitration_reasons=reasons,
        version=VERSION,
        kept=tuple(_rounded(total) for total in kept),
        judged_range=_rounded(judged[-1] - judged[0]),
        judged_deviation=_root_rounded(_variance(judged)),
        after_extra_sheet=after_extra_sheet,
        marks=marks,
        limits=limits,
        vetoes=vetoes,
    )


def decided_band(band: str, chosen: str) -> str:
    """The band after the committee voted: where it lets pass, the one the points reached above the pass mark stays."""
    reached = band not in ("conditional", "fail")
    return band if chosen == "pass" and reached else chosen


def decisive(mean: Decimal, *, chosen: str, pass_mark: Decimal, floor: Decimal) -> Decimal:
    """The points that later steps compare with the marks when the committee voted: the mean, moved only as far as the
    vote demands. The mean that is printed stays what it is.
    """
    cent = Decimal("0.01")
    if chosen == "pass":
        return max(mean, pass_mark)
    if chosen == "conditional":
        return min(max(mean, floor), pass_mark - cent)
    return min(mean, floor - cent)


def _arbitration_reasons(
    totals: tuple[Fraction, ...], mean: Decimal, *, marks: Marks, limits: PanelLimits, vetoes: VetoFindings
) -> tuple[str, ...]:
    reasons: list[str] = []
    if _variance(totals) > Fraction(limits.deviation_above) ** 2:
        reasons.append("assessment.deviation_too_large")
    split = totals[0] < Fraction(marks.pass_mark) <= totals[-1]
    if split and abs(mean - marks.pass_mark) <= limits.near_mark:
        reasons.append("assessment.panel_split_near_mark")
    if totals[-1] - totals[0] > Fraction(limits.range_above):
        reasons.append("assessment.range_too_large")
    counts = vetoes.pending.values()
    if any(count == 1 for count in counts):
        reasons.append("assessment.veto_claimed_once")
    if any(count > 1 for count in counts):
        reasons.append("assessment.veto_unconfirmed")
    return tuple(reasons)


def capped(
    band: str, caps: Sequence[Cap], *, item_means: Mapping[str, Decimal], maxima: Mapping[str, Decimal], life_years: int
) -> tuple[str, tuple[str, ...]]:
    """The band that remains once every cap of the form was asked, and why it fell; no reason when it stands.

    `item_means` holds the mean of each item over the sheets that count, `maxima` what each allows, `life_years` the
    full years since the organization was filed or registered.
    """
    reasons: list[str] = []
    for cap in caps:
        if cap.band != band:
            continue
        weak = any(item_means[key] * 100 < maxima[key] * cap.each_item_from_percent for key in maxima)
        found = [("assessment.cap_item_too_low", weak), ("assessment.cap_too_young", life_years < cap.life_years_from)]
        if missing := [code for code, holds in found if holds]:
            reasons += missing
            band = cap.falls_to
    return band, tuple(reasons)


def growth(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """By how many levels each area of the needs assessment rose (or fell); an area assessed only once has none."""
    return {area: after[area] - level for area, level in before.items() if area in after}


def _in_range(score: object, maximum: Decimal) -> bool:
    return isinstance(score, Decimal) and score.is_finite() and 0 <= score <= maximum


def _exact(total: object) -> Fraction:
    if not isinstance(total, Decimal):
        raise TypeError(f"a total is a decimal number, not {total!r}")
    if not total.is_finite() or total < 0:
        raise ValueError(f"a total is a number of points from zero, not {total}")
    return Fraction(total)


def _variance(totals: tuple[Fraction, ...]) -> Fraction:
    """The population variance, exactly."""
    count = len(totals)
    mean = sum(totals, Fraction(0)) / count
    return sum(((total - mean) ** 2 for total in totals), Fraction(0)) / count


def _rounded(value: Fraction) -> Decimal:
    """A value from zero, rounded half up to 0.01."""
    return Decimal((value.numerator * 200 + value.denominator) // (value.denominator * 2)).scaleb(-2)


def _root_rounded(value: Fraction) -> Decimal:
    """The square root of a value from zero, rounded half up to 0.01, exactly."""
    doubled = isqrt(value.numerator * 40_000 // value.denominator)
    return Decimal((doubled + 1) // 2).scaleb(-2)

"""What a band comes to in stars, what residents' answers are worth, and how long a star holds; no database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.calendar.rules import months_later

SURVEY_ITEM = "P5"
"""The criterion whose points come from the residents, the same on every sheet."""

STARS_OF_BAND = {"five": 5, "four": 4, "three": 3, "two": 2, "one": 1}
"""What each band of the form is in stars; any other band is none."""

FILED = "assessment.cap_filed"
VETOED = "assessment.cap_vetoed"
GLYPH = "★"


@dataclass(frozen=True, slots=True)
class Rated:
    """The stars a rating comes to (0 for none), and the reason codes of what held it down."""

    stars: int
    caps: tuple[str, ...]


def rate(band: str, caps: tuple[str, ...], *, registered: bool, filed_cap: int, vetoed: bool = False) -> Rated:
    """The stars of a band that the caps of the form were already asked about (`caps` says which of them held).

    A confirmed veto leaves nothing whatever the band; a filed organization gets at most the cap of filed ones.
    """
    if vetoed:
        return Rated(0, (VETOED,))
    stars = STARS_OF_BAND.get(band, 0)
    if not registered and stars > filed_cap:
        return Rated(filed_cap, (*caps, FILED))
    return Rated(stars, caps)


def survey_points(satisfied: int, answers: int, maximum: Decimal) -> Decimal:
    """The satisfied share of the maximum, rounded half up to half a point, as every score is; nothing for no answers.

    ValueError when more are satisfied than answered.
    """
    if not 0 <= satisfied <= answers:
        raise ValueError("more people are satisfied than answered")
    if answers == 0:
        return Decimal(0)
    halves = Fraction(satisfied, answers) * Fraction(maximum) * 2
    return Decimal((halves.numerator * 2 + halves.denominator) // (halves.denominator * 2)) / 2


def months_between(start: date, end: date) -> int:
    """Whole months from the day to the other; 0 when it lies before."""
    months = max((end.year - start.year) * 12 + end.month - start.month, 0)
    while months and months_later(start, months) > end:
        months -= 1
    return months


def valid_to(valid_from: date, years: int) -> date:
    """The last day of a validity of whole years: the day before the corresponding one."""
    return date.fromordinal(months_later(valid_from, years * 12).toordinal() - 1)


def next_check(valid_from: date, last: date, today: date) -> date | None:
    """The next anniversary after today on which a star is checked; None when it would lie past its last day."""
    years = 1
    while months_later(valid_from, years * 12) <= today:
        years += 1
    day = months_later(valid_from, years * 12)
    return day if day <= last else None


def glyphs(stars: int) -> str:
    """The stars as they are printed."""
    return GLYPH * stars

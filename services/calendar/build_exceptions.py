"""Rebuild exceptions.csv, the shipped holiday table, from the PyPI package `holidays` (run by a maintainer).

    python -m services.calendar.build_exceptions --official 2004-2026 --projected 2027-2040

Run it after the State Council has published the holidays of a year and `holidays` has taken them over; the tests
compare the result day by day with a second, independent package.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

TARGET = Path(__file__).with_name("exceptions.csv")


def exception_rows(years: range, standing: str) -> Iterator[str]:
    """One CSV line (date,kind,source,standing) per day of `years` that differs from Monday to Friday."""
    import holidays  # only a maintainer needs the package

    public = holidays.country_holidays("CN", years=range(years.start, years.stop + 1))
    origin = "State Council notice" if standing == "official" else "statutory days"
    source = f"{origin} (holidays {version('holidays')})"
    day = date(years.start, 1, 1)
    while day.year < years.stop:
        works = public.is_working_day(day)
        if works != (day.weekday() < 5):
            yield f"{day.isoformat()},{'work' if works else 'rest'},{source},{standing}"
        day += timedelta(days=1)


def _years(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    """Overwrite exceptions.csv with the asked years."""
    parser = argparse.ArgumentParser(description="Rebuild the shipped holiday table.")
    parser.add_argument("--official", type=_years, required=True, help="published years, as 2004-2026")
    parser.add_argument("--projected", type=_years, required=True, help="years not yet published, as 2027-2040")
    asked = parser.parse_args()
    lines = [
        "date,kind,source,standing",
        *exception_rows(asked.official, "official"),
        *exception_rows(asked.projected, "projected"),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

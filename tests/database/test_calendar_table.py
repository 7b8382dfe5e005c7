"""The working-day table: read once, read again after an import, and never a guess over a notice."""

from datetime import date

import pytest
from sqlalchemy import event, func, select

from services.actors import Actor
from services.calendar.commands import import_year
from services.calendar.models import calendar_days
from services.calendar.queries import load_calendar
from services.calendar.rules import CalendarUnknown, DayKind, calendar_from_rows, load_seed
from services.database.engine import Database
from services.database.work import Work, reading, unit_of_work
from services.errors import Invalid, Refused
from tests.database_fixtures import NOW

NEW_YEAR = date(2027, 1, 1)
NOTICE: list[tuple[date, DayKind]] = [
    (NEW_YEAR, "rest"), (date(2027, 1, 2), "rest"), (date(2027, 1, 4), "rest"), (date(2027, 1, 10), "work"),
]  # fmt: skip


def statements(work: Work) -> list[str]:
    """Whatever the work's connection executes from now on."""
    seen: list[str] = []
    event.listen(work.connection, "before_cursor_execute", lambda *given: seen.append(given[2]))
    return seen


def test_the_shipped_table_comes_back_from_the_database(work: Work) -> None:
    assert load_calendar(work) == calendar_from_rows(load_seed())
    with pytest.raises(CalendarUnknown):
        load_calendar(work).is_working_day(date(2041, 1, 1))


def test_the_table_is_read_once(work: Work) -> None:
    first = load_calendar(work)
    seen = statements(work)
    assert load_calendar(work) is first
    assert len(seen) == 1


def test_a_notice_replaces_the_projection_of_its_year_and_only_that(work: Work, clerk: Actor) -> None:
    before = load_calendar(work)
    assert before.provisional(NEW_YEAR, NEW_YEAR)
    done = import_year(work, actor=clerk, rows=NOTICE, standing="official", source="国办发明电〔2026〕1号")
    after = load_calendar(work)
    assert not after.provisional(NEW_YEAR, NEW_YEAR)
    assert not after.is_working_day(date(2027, 1, 4))
    assert after.is_working_day(date(2027, 1, 10))
    assert {day: kind for day, kind in after.exceptions.items() if day.year < 2027} == {
        day: kind for day, kind in before.exceptions.items() if day.year < 2027
    }
    assert (done.year, done.standing, done.by) == (2027, "official", clerk.id)
    assert date(2027, 1, 10) in done.changed
    assert NEW_YEAR not in done.changed


def test_a_listed_weekend_of_rest_is_not_kept(work: Work, clerk: Actor) -> None:
    import_year(work, actor=clerk, rows=NOTICE, standing="official", source="notice")
    within = select(func.count()).where(calendar_days.c.day.between(NEW_YEAR, date(2027, 12, 31)))
    assert work.connection.scalar(within) == 3


def test_a_year_never_seen_becomes_known(work: Work, clerk: Actor) -> None:
    import_year(work, actor=clerk, rows=[(date(2028, 5, 1), "rest")], standing="projected", source="statutory days")
    assert load_calendar(work).provisional(date(2028, 1, 3), date(2028, 1, 3))
    assert not load_calendar(work).is_working_day(date(2028, 5, 1))


def test_a_corrected_notice_replaces_the_earlier_one(work: Work, clerk: Actor) -> None:
    import_year(work, actor=clerk, rows=NOTICE, standing="official", source="notice")
    import_year(work, actor=clerk, rows=NOTICE[:2], standing="official", source="corrected notice")
    assert load_calendar(work).is_working_day(date(2027, 1, 4))


def test_other_connections_see_the_import_once_it_is_committed(database: Database, clerk: Actor) -> None:
    with reading(database) as work:
        load_calendar(work)
    with unit_of_work(database, NOW) as work:
        import_year(work, actor=clerk, rows=NOTICE, standing="official", source="notice")
    with reading(database) as work:
        assert not load_calendar(work).is_working_day(date(2027, 1, 4))


def test_an_import_that_was_undone_leaves_no_trace_in_memory(database: Database, clerk: Actor) -> None:
    with pytest.raises(OSError, match="power cut"), unit_of_work(database, NOW) as work:
        import_read_and_fail(work, clerk)
    with unit_of_work(database, NOW) as work:
        assert load_calendar(work).is_working_day(date(2027, 1, 4))
        import_year(work, actor=clerk, rows=NOTICE[:1], standing="official", source="notice")
        assert load_calendar(work).is_working_day(date(2027, 1, 4))


def import_read_and_fail(work: Work, actor: Actor) -> None:
    import_year(work, actor=actor, rows=NOTICE, standing="official", source="notice")
    assert not load_calendar(work).is_working_day(date(2027, 1, 4))
    raise OSError("power cut")


def test_a_projection_never_replaces_a_notice(work: Work, clerk: Actor) -> None:
    with pytest.raises(Refused) as refused:
        import_year(work, actor=clerk, rows=[(date(2026, 5, 1), "rest")], standing="projected", source="guess")
    assert refused.value.codes == ("calendar.year_official",)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "calendar.one_year_at_a_time"),
        ([*NOTICE, (date(2028, 1, 1), "rest")], "calendar.one_year_at_a_time"),
        ([*NOTICE, (NEW_YEAR, "work")], "calendar.day_twice"),
    ],
)
def test_a_damaged_list_is_refused(work: Work, clerk: Actor, rows: list[tuple[date, DayKind]], code: str) -> None:
    before = load_calendar(work)
    with pytest.raises(Invalid) as refused:
        import_year(work, actor=clerk, rows=rows, standing="official", source="notice")
    assert refused.value.codes == (code,)
    assert load_calendar(work) == before

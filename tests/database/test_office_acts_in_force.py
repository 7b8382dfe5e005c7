"""Acts of the office on what runs already: money that comes back, and a calendar that moves due days."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from services.actors import Actor
from services.calendar.rules import DayKind, notice_days
from services.cases.models import case_clocks
from services.cases.recalendar import MovedDay, import_calendar_year, recount_clocks
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden
from services.funding import acts as money
from services.funding.acts import MoneyBack
from services.invariants.check import check
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database.office import MONDAY, Office, open_office, refusal, trail


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


@pytest.fixture
def paid(office: Office) -> tuple[Office, str]:
    """An office with an award of which 5 000 yuan were paid, and the award's id."""
    award = office.awarded(office.incubating(), 1_000_000 - 1)
    office.instruct(f"{award}-1")
    office.move("payer", f"{award}-1", "record_payment", bank_serial="S1", value_date="2026-03-20")
    office.carry()
    return office, office.subject(award).case.id


def test_money_comes_back_through_the_payer_and_the_books_agree(paid: tuple[Office, str]) -> None:
    office, award = paid
    payer, day = office.people["payer"], office.now.date()
    money.record_refund(office.database, payer, MoneyBack(100_000, " R1 ", day), award_id=award, now=office.now)
    assert check(office.database, now=office.now) == ()
    done = trail(office.database, "money:record_refund")
    assert [(who, result) for _, who, result, _ in done] == [(payer.name, "done")]


@pytest.mark.parametrize(
    ("back", "codes"),
    [
        (MoneyBack(500_001, "R9", MONDAY), ("ledger.refund_above_paid",)),
        (MoneyBack(1, "R1", MONDAY), ("ledger.bank_serial_used",)),
        (MoneyBack(1, "R9", date(2031, 1, 1)), ("input.out_of_range",)),
        (MoneyBack(0, "R9", MONDAY), ("input.out_of_range",)),
        (MoneyBack(1, "", MONDAY), ("input.missing",)),
    ],
)
def test_a_refund_is_refused(paid: tuple[Office, str], back: MoneyBack, codes: tuple[str, ...]) -> None:
    office, award = paid
    payer = office.people["payer"]
    first = MoneyBack(100, "R1", MONDAY)
    money.record_refund(office.database, payer, first, award_id=award, now=office.now)
    refused = refusal(lambda: money.record_refund(office.database, payer, back, award_id=award, now=office.now))
    assert refused[1] == codes


# Calendar -----------------------------------------------------------------------------------------

SPRING: tuple[tuple[date, DayKind], ...] = ((date(2026, 3, 5), "rest"), (date(2026, 3, 6), "rest"))


def _keeper(office: Office) -> Actor:
    with unit_of_work(office.database, office.now) as work:
        person = add_person(work, username="security", name="曹星野")
        grant_role(work, person, Role.SECURITY_ADMINISTRATOR, valid_from=date(2020, 1, 1))
        return actor_named(work, "security")


def test_a_new_notice_moves_the_due_days_that_rest_on_it_and_tells_each_case(office: Office) -> None:
    keeper, number = _keeper(office), office.submitted()
    before = office.subject(number)
    assert before.case.due_on == date(2026, 3, 9)
    done = import_calendar_year(
        office.database, keeper, rows=SPRING, standing="official", source="国办发明电〔2025〕0号", now=office.now
    )
    assert set(SPRING[0]) & set(done.changed)
    moved = recount_clocks(office.database, keeper, now=office.now)
    assert moved == (MovedDay(number, "intake", date(2026, 3, 9), date(2026, 3, 11)),)
    after = office.subject(number)
    assert (after.case.due_on, after.clocks["intake"].due_on) == (date(2026, 3, 11), date(2026, 3, 11))
    assert after.case.version == before.case.version
    assert [entry.action for entry in office.trail(number)][-1] == "case:recount_clocks"
    assert recount_clocks(office.database, keeper, now=office.now) == ()
    assert check(office.database, now=office.now) == ()


def test_a_day_that_is_a_fact_of_the_case_stays_where_it_is(office: Office) -> None:
    """A planted bug, counting these anew as if the calendar had made them, would move the last day of the term."""
    keeper, number = _keeper(office), office.incubating()
    clocks = office.subject(number).clocks
    term = clocks["term"].due_on
    assert term is not None
    rows: list[tuple[date, DayKind]] = [(term, "rest"), (clocks["midterm"].due_on, "rest")]
    for day in rows:
        import_calendar_year(office.database, keeper, rows=[day], standing="official", source="通知", now=office.now)
    assert {"term", "midterm"}.isdisjoint(one.clock for one in recount_clocks(office.database, keeper, now=office.now))
    with reading(office.database, office.now) as work:
        kept = work.connection.scalars(select(case_clocks.c.due_on).where(case_clocks.c.key == "term")).all()
    assert kept == [term]


def test_only_the_security_administrator_imports_a_year(office: Office) -> None:
    manager = office.people["manager"]
    refused = refusal(
        lambda: import_calendar_year(
            office.database, manager, rows=SPRING, standing="official", source="通知", now=office.now
        )
    )
    assert refused == (Forbidden, ("access.forbidden",))
    assert [one[2] for one in trail(office.database, "calendar:import")] == ["refused"]


def test_a_tried_import_leaves_the_calendar_as_it_was(office: Office) -> None:
    keeper, number = _keeper(office), office.submitted()
    import_calendar_year(
        office.database, keeper, rows=SPRING, standing="official", source="通知", now=office.now, dry_run=True
    )
    assert recount_clocks(office.database, keeper, now=office.now) == ()
    assert office.subject(number).case.due_on == date(2026, 3, 9)


def test_the_lines_of_a_notice_are_read_with_every_fault() -> None:
    days, faults = notice_days(
        [
            (2, "2027-01-01", "rest"),
            (3, "2027-01-01", "work"),
            (4, "soon", "rest"),
            (5, "2027-01-02", "play"),
            (6, "2028-01-01", "rest"),
        ]
    )
    assert days == ((date(2027, 1, 1), "rest"),)
    assert [(one.line, one.code) for one in faults] == [
        (3, "calendar.day_twice"),
        (4, "calendar.row_malformed"),
        (5, "calendar.row_malformed"),
        (6, "calendar.one_year_at_a_time"),
    ]

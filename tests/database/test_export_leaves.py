"""A list leaves with a reason; beyond a thousand rows, or unmasked, only by the act of two people, and once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.audit.models import audit_entries
from services.database.engine import Database
from services.database.work import reading, run
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.exports.commands import Taking, ask_leave, decide_leave, let_out
from services.exports.queries import leaves, usable
from services.exports.rules import MOST_ROWS
from tests.database.office import Office, open_office

LIST = Taking("cases", "季度核对", {"stage": "孵化"})


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database, organizations=1)


def take(office: Office, taking: Taking, count: int, by: str = "keeper") -> None:
    run(office.database, office.now, lambda work: let_out(work, office.people[by], taking, count=count))


def asked(office: Office, count: int = 1_001, *, by: str = "keeper", taking: Taking = LIST) -> str:
    return ask_leave(office.database, office.people[by], taking, count=count, now=office.now)


def granted(office: Office, count: int = 1_001, *, taking: Taking = LIST) -> Taking:
    identity = asked(office, count, taking=taking)
    decide_leave(office.database, office.people["manager"], leave_id=identity, grant=True, now=office.now)
    return replace(taking, leave_id=identity)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes[0]


def test_a_thousand_rows_leave_with_a_reason_and_the_log_keeps_it(office: Office) -> None:
    assert MOST_ROWS == 1_000
    take(office, LIST, 1_000)
    with reading(office.database, office.now) as work:
        entry = work.connection.execute(select(audit_entries).where(audit_entries.c.action == "case:export")).one()
    assert entry.details == {"count": 1_000, "reason": "季度核对", "stage": "孵化"}
    with pytest.raises(Invalid):
        take(office, replace(LIST, reason="  "), 1)


def test_a_thousand_and_one_do_not_and_nobody_lets_their_own_list_out(office: Office) -> None:
    assert code(lambda: take(office, LIST, 1_001)) == "export.needs_leave"
    assert code(lambda: take(office, replace(LIST, unmasked=True), 1)) == "export.needs_leave"
    identity = asked(office, by="manager")
    with pytest.raises(Forbidden):
        decide_leave(office.database, office.people["manager"], leave_id=identity, grant=True, now=office.now)
    one_only = replace(LIST, leave_id=identity)
    assert code(lambda: take(office, one_only, 1_001, by="manager")) == "export.leave_not_in_force"


def test_what_two_people_let_out_leaves_once_and_within_a_day(office: Office) -> None:
    taking = granted(office)
    with reading(office.database, office.now) as work:
        assert [one.id for one in usable(work, office.people["keeper"], list="cases", filters={"stage": "孵化"})]
    take(office, taking, 1_001)
    assert code(lambda: take(office, taking, 1_001)) == "export.leave_used"
    later = granted(office)
    office.now += timedelta(days=1, seconds=1)
    assert code(lambda: take(office, later, 1_001)) == "export.leave_not_in_force"
    with reading(office.database, office.now) as work:
        assert [one.standing for one in leaves(work, office.people["manager"])] == ["over", "used"]


def test_a_leave_is_for_one_person_one_list_and_so_many_rows(office: Office) -> None:
    taking = granted(office)
    assert code(lambda: take(office, taking, 1_002)) == "export.leave_for_another"
    assert code(lambda: take(office, replace(taking, filters={}), 1_001)) == "export.leave_for_another"
    assert code(lambda: take(office, replace(taking, unmasked=True), 1_001)) == "export.leave_for_another"
    with pytest.raises(NotFound):
        take(office, taking, 1_001, by="manager")
    take(office, taking, 1_001)


def test_names_in_full_leave_by_two_people_however_few_rows(office: Office) -> None:
    taking = granted(office, 3, taking=replace(LIST, unmasked=True))
    take(office, taking, 3)


def test_a_refused_leave_lets_nothing_out_and_is_decided_once(office: Office) -> None:
    identity = asked(office)
    decide_leave(office.database, office.people["manager"], leave_id=identity, grant=False, now=office.now)
    again = {"leave_id": identity, "grant": True, "now": office.now}
    assert code(lambda: decide_leave(office.database, office.people["bureau"], **again)) == "export.leave_decided"
    assert code(lambda: take(office, replace(LIST, leave_id=identity), 1_001)) == "export.leave_not_in_force"


def test_nothing_is_asked_that_needs_no_leave_and_nobody_asks_who_may_not(office: Office) -> None:
    assert code(lambda: asked(office, 1_000)) == "export.needs_none"
    with pytest.raises(Forbidden):
        asked(office, by="evaluator1")


def test_a_planted_door_that_forgets_the_cap_would_be_seen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.exports.commands.needs_leave", lambda *_, **__: False)
    with pytest.raises(pytest.fail.Exception):
        test_a_thousand_and_one_do_not_and_nobody_lets_their_own_list_out(office)

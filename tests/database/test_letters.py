"""撤回送出: the letters of a decision stay ten seconds, and until then its decider keeps them back."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from services.cases.letters import letters_on, send_letters, withhold_letters
from services.cases.timers import pull_timers
from services.database.engine import Database
from services.database.work import reading, run
from services.errors import Forbidden, Refused
from services.outbox.commands import claim_errands, retry_errand
from tests.database.office import GRACE, PANEL, Office, open_office

SECOND = timedelta(seconds=1)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def decided(office: Office) -> str:
    """A case whose admission was just decided: two papers and nothing else are owed."""
    number = office.reviewed()
    for name in PANEL:
        office.score(name, office.round(number).id)
    office.move("manager", number, "admit", mode="resident", room="101室")
    return number


def claimed(office: Office) -> list[str]:
    found = run(office.database, office.now, lambda work: claim_errands(work, worker="one"))
    return [one.effect for one in found]


def withhold(office: Office, number: str, who: str = "manager") -> int:
    return withhold_letters(office.database, office.people[who], number=number, now=office.now)


def codes(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


def test_letters_leave_ten_seconds_after_the_decision_and_not_before(office: Office) -> None:
    decided(office)
    office.now += GRACE - SECOND
    assert claimed(office) == []
    office.now += SECOND
    assert claimed(office) == ["issue_document", "issue_document"]


def test_what_no_person_decided_or_no_letter_is_goes_at_once(office: Office) -> None:
    number = office.submitted()
    assert [one.due_at - one.created_at for one in office.errands(number)] == [timedelta(0)] * 2
    office.carry()
    office.move("clerk", number, "accept_application")
    assert {one.due_at - one.created_at for one in office.errands(number)[2:]} == {GRACE}


def test_the_decider_keeps_letters_back_and_the_case_waits_until_they_are_sent(office: Office) -> None:
    number = decided(office)
    assert withhold(office, number) == 2
    office.now += GRACE
    assert claimed(office) == []
    assert office.state(number) == "ADMISSION_PUBLICITY"
    assert office.trail(number)[-1].details == {"row": "T10", "version": 5, "letters": 2}
    with reading(office.database, office.now) as work:
        letters = letters_on(work, office.people["manager"], office.subject(number))
    assert letters is not None
    assert (letters.withheld, letters.papers, letters.mine) == (True, 2, True)
    office.on(2026, 3, 10)
    assert pull_timers(office.database, now=office.now) == ()
    assert codes(lambda: office.move("manager", number, "confirm_admission")) == ("letters.withheld",)
    assert send_letters(office.database, office.people["manager"], number=number, now=office.now) == 2
    assert office.trail(number)[-1].action == "desk:send_letters"
    office.carry()
    assert [one.state for one in pull_timers(office.database, now=office.now)] == ["ADMITTED"]


def test_letters_that_have_left_are_not_kept_back(office: Office) -> None:
    number = decided(office)
    office.now += GRACE
    assert codes(lambda: withhold(office, number)) == ("letters.gone",)
    assert office.trail(number)[-1].result == "refused"
    assert claimed(office) == ["issue_document", "issue_document"]


def test_only_who_decided_keeps_letters_back_and_nobody_else_lets_them_go(office: Office) -> None:
    number = decided(office)
    with pytest.raises(Forbidden):
        withhold(office, number, "bureau")
    withhold(office, number)
    parked = [one for one in office.errands(number) if one.parked_at is not None]
    assert len(parked) == 2

    def retry() -> None:
        run(
            office.database, office.now,
            lambda work: retry_errand(work, actor=office.people["manager"], errand_id=parked[0].id),
        )  # fmt: skip

    assert codes(retry) == ("errand.withheld",)


def test_nothing_is_sent_that_nobody_kept_back(office: Office) -> None:
    number = decided(office)
    assert codes(lambda: send_letters(office.database, office.people["manager"], number=number, now=office.now)) == (
        "letters.none_withheld",
    )


def test_letters_that_leave_at_once_are_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: errands due with the commit."""
    monkeypatch.setattr("services.cases.effects.leaves_at", lambda *_: None)
    with pytest.raises(AssertionError):
        test_letters_leave_ten_seconds_after_the_decision_and_not_before(office)

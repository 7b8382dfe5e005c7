"""公示与异议: who may object until when, what an open objection holds up, who is told, and what a ruling opens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from services.cases.facts import incubation as facts_of_incubation
from services.cases.objections import (
    Objection,
    enter_objection,
    lodge_objection,
    objections_on,
    open_objections,
    publicity_of,
    rule_on_objection,
    running_publicities,
)
from services.cases.timers import pull_timers
from services.cases.turn import Subject
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Forbidden, Invalid, NotFound, Refused, ServiceError
from services.invariants.check import check
from services.notices.queries import notices_for
from statemachines.incubation.facts import IncubationFacts
from tests.database.office import PANEL, Office, open_office

TRUE_FACTS = facts_of_incubation._published
SAID = Objection("王某", "13900000000", "名册不实\n成员有重复")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def published(office: Office) -> str:
    """A case in the publicity of its admission, from Monday 2 March until Monday 9 March 2026."""
    number = office.reviewed()
    for name in PANEL:
        office.score(name, office.round(number).id)
    office.move("manager", number, "admit", mode="resident", room="101室")
    office.carry()
    return number


def lodge(office: Office, number: str, *, address: str = "") -> str:
    return lodge_objection(office.database, number=number, objection=SAID, address=address, now=office.now)


def rule(office: Office, objection: str, *, upheld: bool, who: str = "manager") -> None:
    rule_on_objection(
        office.database, office.people[who], objection_id=objection, upheld=upheld, reason="经核实", now=office.now
    )


def codes(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(ServiceError) as refused:
        act()
    return refused.value.codes


def told(office: Office, who: str) -> list[str]:
    with reading(office.database, office.now) as work:
        return [one.message for one in notices_for(work, office.people[who].id)]


def test_an_open_objection_holds_the_timer_up_until_it_is_ruled_on(office: Office) -> None:
    number = published(office)
    objection = lodge(office, number)
    office.on(2026, 3, 10)
    assert pull_timers(office.database, now=office.now) == ()
    assert office.state(number) == "ADMISSION_PUBLICITY"
    assert codes(lambda: office.move("manager", number, "confirm_admission")) == ("publicity.objection_open",)
    rule(office, objection, upheld=False)
    assert [one.state for one in pull_timers(office.database, now=office.now)] == ["ADMITTED"]


def _without_objections(work: Work, subject: Subject, facts: IncubationFacts) -> IncubationFacts:
    return replace(TRUE_FACTS(work, subject, facts), objections_open=0)


def test_a_timer_that_does_not_ask_for_objections_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: facts that forget the objections nobody has ruled on."""
    monkeypatch.setattr("services.cases.facts.incubation._published", _without_objections)
    with pytest.raises(AssertionError):
        test_an_open_objection_holds_the_timer_up_until_it_is_ruled_on(office)


def test_an_upheld_objection_opens_the_way_back_and_closes_the_way_on(office: Office) -> None:
    number = published(office)
    objection = lodge(office, number)
    assert codes(lambda: office.move("manager", number, "return_to_admission_review", reason="无")) == (
        "publicity.no_objection_upheld",
    )
    rule(office, objection, upheld=True)
    office.on(2026, 3, 10)
    assert pull_timers(office.database, now=office.now) == ()
    assert codes(lambda: office.move("manager", number, "confirm_admission")) == ("publicity.objection_upheld",)
    assert office.move("manager", number, "return_to_admission_review", reason="名册不实").state == "ADMISSION_REVIEW"


def test_an_upheld_objection_closes_the_approval_of_an_award_for_good(office: Office) -> None:
    award = office.proposed(office.incubating(), 300_000)
    rule(office, lodge(office, award), upheld=True)
    office.on(2026, 3, 20)
    for who, trigger in (("manager", "approve_first"), ("bureau", "approve")):
        assert codes(lambda who=who, trigger=trigger: office.move(who, award, trigger)) == (
            "publicity.objection_upheld",
        )
    assert office.move("manager", award, "reject_award", reason="异议成立").state == "REJECTED"


def test_after_its_last_day_a_publicity_takes_no_objection(office: Office) -> None:
    number = published(office)
    lodge(office, number)
    office.on(2026, 3, 9, hour=23)
    lodge(office, number)
    office.on(2026, 3, 10)
    assert codes(lambda: lodge(office, number)) == ("publicity.over",)
    with reading(office.database, office.now) as work:
        assert publicity_of(work, number).over
        assert running_publicities(work) == ()


def test_a_letter_counts_by_the_day_it_came(office: Office) -> None:
    number = published(office)
    lodge(office, number)  # keeps the publicity from being confirmed
    office.on(2026, 3, 11)

    def enter(day: int, who: str = "clerk") -> str:
        return enter_objection(
            office.database, office.people[who], number=number, objection=SAID, received_on=date(2026, 3, day),
            now=office.now,
        )  # fmt: skip

    assert codes(lambda: enter(10)) == ("publicity.over",)
    assert codes(lambda: enter(1)) == ("publicity.not_begun",)
    assert codes(lambda: enter(12)) == ("publicity.received_later",)
    assert codes(lambda: enter(9, "evaluator1")) == ("access.forbidden",)
    entered = enter(9)
    with reading(office.database, office.now) as work:
        lines = {one.id: one for one in objections_on(work, office.subject(number).case.id)}
        waiting = [one.id for one in open_objections(work, office.people["manager"])]
    assert (lines[entered].channel, lines[entered].due_on) == ("letter", date(2026, 3, 16))
    assert waiting[-1] == entered
    assert office.trail(number)[-1].action == "case:enter_objection"


def test_a_case_that_was_never_published_is_not_known(office: Office) -> None:
    number = office.submitted()
    with pytest.raises(NotFound):
        lodge(office, number)
    with reading(office.database, office.now) as work, pytest.raises(NotFound):
        publicity_of(work, number)


def test_an_objection_names_who_raises_it_and_what_for(office: Office) -> None:
    number = published(office)
    for bad in (Objection("", "1", "x"), Objection("王", "", "x"), Objection("王", "1", " ")):
        with pytest.raises(Invalid):
            lodge_objection(office.database, number=number, objection=bad, now=office.now)


def test_many_from_one_address_have_to_wait_and_the_letter_does_not(office: Office) -> None:
    number = published(office)
    for _ in range(5):
        lodge(office, number, address="192.0.2.7")
    assert codes(lambda: lodge(office, number, address="192.0.2.7")) == ("publicity.too_many",)
    lodge(office, number, address="192.0.2.8")
    enter_objection(
        office.database, office.people["clerk"], number=number, objection=SAID, received_on=date(2026, 3, 2),
        now=office.now,
    )  # fmt: skip


def test_applicant_and_manager_are_told_and_nobody_learns_who_objected(office: Office) -> None:
    number = published(office)
    objection = lodge(office, number)
    office.carry()
    assert told(office, "applicant1")[0] == "objection_lodged"
    assert told(office, "manager")[0] == "objection_to_rule"
    office.on(2026, 3, 9)
    office.carry()
    assert told(office, "manager")[0] == "objection_due"
    rule(office, objection, upheld=False)
    office.carry()
    assert told(office, "applicant1")[0] == "objection_dismissed"
    with reading(office.database, office.now) as work:
        said = " ".join(one.title + one.body for one in notices_for(work, office.people["applicant1"].id))
    assert check(office.database, now=office.now) == ()
    assert "王" not in said
    assert "139" not in said


def test_who_was_answered_in_time_is_reminded_of_nothing(office: Office) -> None:
    number = published(office)
    rule(office, lodge(office, number), upheld=False)
    office.on(2026, 3, 9)
    office.carry()
    assert "objection_due" not in told(office, "manager")


def test_an_objection_is_ruled_on_once_with_a_reason_by_the_manager(office: Office) -> None:
    number = published(office)
    objection = lodge(office, number)
    with pytest.raises(Forbidden):
        rule(office, objection, upheld=True, who="clerk")
    with pytest.raises(Invalid):
        rule_on_objection(
            office.database, office.people["manager"], objection_id=objection, upheld=True, reason=" ", now=office.now
        )
    office.on(2026, 3, 20)
    rule(office, objection, upheld=False)
    entry = office.trail(number)[-1]
    assert (entry.action, entry.details) == ("case:rule_objection", {"upheld": False, "late": True})
    with pytest.raises(Refused) as again:
        rule(office, objection, upheld=True)
    assert again.value.codes == ("publicity.objection_already_ruled",)


def test_lodging_leaves_one_entry_without_a_name(office: Office) -> None:
    number = published(office)
    before = len(office.trail(number))
    lodge(office, number)
    (entry,) = office.trail(number)[before:]
    assert (entry.action, entry.actor_name, entry.role, entry.details) == (
        "case:object", "公众", "public", {"channel": "page"},
    )  # fmt: skip

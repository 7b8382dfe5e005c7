"""结果批量发布: prepared unseen, made known at one moment, gone on with after a crash, never told twice."""

from collections.abc import Callable, Iterator

import pytest

from services.actors import Actor
from services.cases import releases
from services.cases.advance import AdvanceCase
from services.cases.queries import case_page
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Forbidden, NotFound, Refused, ServiceError, Stale
from services.invariants.check import check
from tests.database.office import PANEL, Office, open_office

ADMIT = {"mode": "resident", "room": "101室"}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def scored(office: Office, organization: int = 1) -> str:
    """A case under review whose sheets are all locked."""
    number = office.reviewed(organization)
    for name in PANEL:
        office.score(name, office.round(number).id)
    return number


def prepare(office: Office, number: str, trigger: str = "admit", who: str = "manager", **details: str) -> str:
    said = details or ADMIT
    return releases.prepare(
        office.database, office.people[who], AdvanceCase(number, trigger, None, dict(said)), now=office.now
    )


def publish(office: Office, batch: str, who: str = "manager") -> releases.Batch:
    return releases.release(office.database, office.people[who], batch=batch, now=office.now)


def looked(office: Office, batch: str) -> releases.Batch:
    return releases.batch_page(office.database, office.people["manager"], batch=batch, now=office.now)


def codes(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(ServiceError) as refused:
        act()
    return refused.value.codes


def test_what_is_prepared_changes_nothing_anybody_could_see(office: Office) -> None:
    number = scored(office)
    before, owed = office.subject(number), office.errands(number)
    batch = prepare(office, number)
    assert office.subject(number).case == before.case
    assert office.subject(number).moves == before.moves
    assert office.errands(number) == owed
    (line,) = looked(office, batch).lines
    assert (line.number, line.move.trigger, line.state, line.standing) == (
        number, "admit", "ADMISSION_PUBLICITY", "prepared",
    )  # fmt: skip
    assert [one.document for one in line.letters] == ["assessment_form", "publicity_notice"]
    assert office.errands(number) == owed
    assert office.trail(number)[-1].details == {"version": before.case.version}


def test_all_become_known_at_once_and_never_twice(office: Office) -> None:
    first, second = scored(office), scored(office, 2)
    batch = prepare(office, first)
    assert prepare(office, second, room="102室", mode="resident") == batch
    done = publish(office, batch)
    assert (done.standing, done.left) == ("released", 0)
    assert {office.state(first), office.state(second)} == {"ADMISSION_PUBLICITY"}
    moves = len(office.subject(first).moves)
    publish(office, batch)
    assert len(office.subject(first).moves) == moves
    office.carry()
    assert check(office.database, now=office.now) == ()


def test_a_release_that_was_cut_off_goes_on_where_it_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = scored(office), scored(office, 2)
    batch = prepare(office, first)
    prepare(office, second)
    real, seen = releases._make_known, list[str]()

    def cut_off(database: Database, actor: Actor, line_id: str, now: object) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(line_id)
        real(database, actor, line_id, now)  # type: ignore[arg-type]

    monkeypatch.setattr(releases, "_make_known", cut_off)
    with pytest.raises(KeyboardInterrupt):
        publish(office, batch)
    monkeypatch.setattr(releases, "_make_known", real)
    halted = looked(office, batch)
    assert (halted.standing, halted.left, sorted(one.standing for one in halted.lines)) == (
        "releasing", 1, ["prepared", "released"],
    )  # fmt: skip
    assert publish(office, batch).standing == "released"
    assert [office.state(one) for one in (first, second)] == ["ADMISSION_PUBLICITY"] * 2
    assert [sum(move.trigger == "admit" for move in office.subject(one).moves) for one in (first, second)] == [1, 1]


def test_nothing_is_made_known_while_one_result_would_be_refused(office: Office) -> None:
    first, second = scored(office), scored(office, 2)
    batch = prepare(office, first)
    prepare(office, second)
    office.move("applicant2", second, "withdraw_application", reason="不再申请")
    assert [bool(one.refused) for one in looked(office, batch).lines] == [False, True]
    assert codes(lambda: publish(office, batch)) == ("release.not_ready",)
    assert office.state(first) == "ADMISSION_REVIEW"
    bad = next(one.id for one in looked(office, batch).lines if one.refused)
    releases.remove_line(office.database, office.people["manager"], line_id=bad, now=office.now)
    assert publish(office, batch).standing == "released"
    assert office.state(first) == "ADMISSION_PUBLICITY"


def test_what_must_be_decided_by_itself_never_waits_for_others(office: Office) -> None:
    number = scored(office)
    assert codes(lambda: prepare(office, number, "agree_admission")) != ()
    submitted = office.submitted(2)
    said = AdvanceCase(submitted, "accept_application", None, {})
    with pytest.raises((Forbidden, Refused)):
        releases.prepare(office.database, office.people["manager"], said, now=office.now)


def test_only_who_may_decide_prepares_and_the_rules_are_asked_at_once(office: Office) -> None:
    number = office.reviewed()
    with pytest.raises(Forbidden):
        prepare(office, number, who="clerk")
    assert "assessment.sheets_not_locked" in codes(lambda: prepare(office, number))
    assert office.trail(number)[-1].result == "refused"
    with pytest.raises(Stale):
        releases.prepare(
            office.database, office.people["manager"], AdvanceCase(number, "admit", 99, dict(ADMIT)), now=office.now
        )
    with pytest.raises(NotFound):
        publish(office, "019ab2f0-0000-7000-8000-000000000000")


def test_each_looks_at_the_result_with_the_eyes_of_who_will_read_it(office: Office) -> None:
    number = scored(office)
    batch = prepare(office, number)
    (line,) = looked(office, batch).lines

    def seen(view: str) -> tuple[str, str]:
        def look(work: Work, person: Actor | None, of: str) -> tuple[str, str]:
            return (person.username, case_page(work, person, of).line.state) if person else ("", of)

        return releases.look_as(
            office.database, office.people["manager"], line_id=line.id, view=view, look=look, now=office.now
        )

    assert seen("applicant") == ("applicant1", "ADMISSION_PUBLICITY")
    assert seen("panel") == ("evaluator1", "ADMISSION_PUBLICITY")
    assert seen("public") == ("", number)
    with pytest.raises(NotFound):
        seen("press")
    assert office.state(number) == "ADMISSION_REVIEW"


def test_prepared_again_the_later_wish_counts(office: Office) -> None:
    number = scored(office)
    batch = prepare(office, number)
    assert prepare(office, number, mode="virtual") == batch
    (line,) = looked(office, batch).lines
    assert line.details == {"mode": "virtual"}


def test_a_result_made_known_by_the_preparation_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: the rehearsal is kept."""
    from services.cases.advance import advance

    monkeypatch.setattr(releases, "_tried", advance)
    with pytest.raises(AssertionError):
        test_what_is_prepared_changes_nothing_anybody_could_see(office)


def test_everybody_reads_what_is_open_of_a_batch_in_the_list(office: Office) -> None:
    batch = prepare(office, scored(office))
    with reading(office.database, office.now) as work:
        (one,) = releases.batches(work, office.people["manager"])
        with pytest.raises(Forbidden):
            releases.batches(work, office.people["secretary"])
    assert (one.id, one.standing, one.left) == (batch, "prepared", 1)

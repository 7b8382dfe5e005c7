"""The outbox: nothing owed is lost or done twice, whoever claims, dies, comes late or fails."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.actors import Actor
from services.database.engine import Database, open_database
from services.database.work import Work, reading, run, unit_of_work
from services.errors import Broken, NotFound, Refused
from services.outbox import commands
from services.outbox.commands import (
    claim_errands,
    fail_errand,
    finish_errand,
    leave_errand,
    note_flow_run,
    release_leases,
    retry_errand,
)
from services.outbox.models import errands as table
from services.outbox.queries import Progress, count_waiting, errands, next_due, under_way
from services.outbox.rules import FIRST_WAIT, LONGEST_WAIT, Errand, LeaseLost, back_off
from tests.database_fixtures import NOW, text_of

MINUTE = timedelta(minutes=1)


def leave(work: Work, key: str = "1:2:issue", **changed: Any) -> str:
    """An errand like that of a move, with whatever the test wants different."""
    usual: dict[str, Any] = {"effect": "issue_document", "case_id": None, "case_number": "星园孵〔2026〕1号"}
    return leave_errand(work, key=key, **(usual | {"move_sequence": 2, "payload": {"document": ("notice",)}} | changed))


def later(work: Work, by: timedelta) -> Work:
    return Work(work.connection, work.now + by)


def claim_one(work: Work, worker: str = "one") -> Errand:
    (errand,) = claim_errands(work, worker=worker)
    return errand


def only(work: Work) -> Errand:
    (errand,) = errands(work, standing="all")
    return errand


def test_an_errand_left_is_claimed_done_and_gone(work: Work) -> None:
    left = leave(work)
    assert (count_waiting(work), next_due(work)) == (1, NOW)
    claimed = claim_one(work)
    assert (claimed.id, claimed.attempts, claimed.fence) == (left, 1, 1)
    assert claimed.payload == {"document": ["notice"]}
    assert next_due(work) == NOW + timedelta(seconds=300)
    finish_errand(work, left, fence=claimed.fence)
    assert (count_waiting(work), next_due(work)) == (0, None)
    assert [errand.done_at for errand in errands(work, standing="done")] == [NOW]
    assert claim_errands(later(work, timedelta(days=9)), worker="one") == ()


def test_leaving_the_same_errand_again_does_nothing(work: Work) -> None:
    left = leave(work)
    finish_errand(work, left, fence=claim_one(work).fence)
    assert leave(later(work, MINUTE)) == left
    assert only(work).done_at == NOW


@pytest.mark.parametrize("changed", [{"payload": {}}, {"effect": "send_notice"}, {"move_sequence": 3}])
def test_one_key_never_stands_for_two_errands(work: Work, changed: dict[str, Any]) -> None:
    leave(work)
    with pytest.raises(Broken) as broken:
        leave(work, **changed)
    assert broken.value.codes == ("errand.key_reused",)


def test_an_errand_leaves_with_its_unit_of_work(database: Database) -> None:
    with pytest.raises(OSError, match="power cut"), unit_of_work(database, NOW) as work:
        leave_and_fail(work)
    with reading(database) as work:
        assert count_waiting(work) == 0


def leave_and_fail(work: Work) -> None:
    leave(work)
    raise OSError("power cut")


def test_errands_are_claimed_when_due_and_soonest_first(work: Work) -> None:
    leave(work, "late", due_at=NOW + MINUTE)
    leave(work, "second", due_at=NOW)
    leave(work, "first", due_at=NOW - MINUTE)
    assert [errand.key for errand in claim_errands(work, worker="one")] == ["first", "second"]
    assert [errand.key for errand in claim_errands(later(work, MINUTE), worker="one")] == ["late"]


def test_a_claim_takes_no_more_than_it_asked_for(work: Work) -> None:
    for number in range(5):
        leave(work, str(number))
    assert [len(claim_errands(work, worker="one", limit=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_lease_that_ran_out_is_claimed_by_another_and_the_late_worker_is_refused(work: Work) -> None:
    leave(work)
    slow = claim_one(work, "slow")
    assert claim_errands(later(work, MINUTE), worker="quick") == ()
    after = later(work, timedelta(seconds=300))
    quick = claim_one(after, "quick")
    assert (quick.id, quick.fence) == (slow.id, slow.fence + 1)
    with pytest.raises(LeaseLost) as lost:
        finish_errand(after, slow.id, fence=slow.fence)
    assert lost.value.codes == ("errand.lease_lost",)
    with pytest.raises(LeaseLost):
        fail_errand(after, slow.id, fence=slow.fence, reason="late", retry=True)
    finish_errand(after, quick.id, fence=quick.fence)
    with pytest.raises(LeaseLost):
        finish_errand(after, slow.id, fence=slow.fence)


def test_without_the_fence_the_late_worker_would_book_over_the_other(work: Work) -> None:
    """What the fence is for: the plain update that a weaker outbox would use goes through."""
    leave(work)
    slow = claim_one(work, "slow")
    claim_one(later(work, timedelta(seconds=300)), "quick")
    unfenced = update(table).where(table.c.id == slow.id).values(done_at=NOW)
    assert work.connection.execute(unfenced).rowcount == 1


def test_finishing_twice_by_one_claim_is_finishing_once(work: Work) -> None:
    left = leave(work)
    fence = claim_one(work).fence
    finish_errand(work, left, fence=fence)
    finish_errand(later(work, MINUTE), left, fence=fence)
    assert only(work).done_at == NOW


def test_an_unknown_errand_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        finish_errand(work, "01a20742-1201-7155-a8d5-e4e49e58fa4a", fence=1)


def test_a_failed_errand_waits_longer_each_time_and_is_parked_in_the_end(work: Work) -> None:
    left, now, waits = leave(work), work, []
    for _ in range(3):
        claimed = claim_one(now)
        answer = fail_errand(now, left, fence=claimed.fence, reason="mail.no_answer", retry=True, attempts_allowed=3)
        waits.append((answer, only(now).due_at - now.now))
        now = Work(work.connection, only(now).due_at)
    assert [answer for answer, _ in waits] == ["waiting", "waiting", "parked"]
    assert waits[0][1] == back_off(1, "1:2:issue") < waits[1][1] == back_off(2, "1:2:issue")
    assert (only(work).parked_at, only(work).last_reason) == (now.now, "mail.no_answer")
    assert claim_errands(later(now, timedelta(days=9)), worker="one") == ()


def test_a_failure_that_trying_again_cannot_help_is_parked_at_once(work: Work) -> None:
    left = leave(work)
    fence = claim_one(work).fence
    assert fail_errand(work, left, fence=fence, reason="document.overfull", retry=False) == "parked"
    assert [errand.id for errand in errands(work, standing="parked")] == [left]


def test_the_back_off_depends_on_nothing_but_the_attempts_and_the_key() -> None:
    assert back_off(1, "a") == back_off(1, "a") != back_off(1, "b")
    for attempts in range(40):
        floor = min(FIRST_WAIT * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
        assert floor <= back_off(attempts, "a") <= floor * 1.2


def test_poison_is_parked_while_all_others_are_done(work: Work) -> None:
    for number in range(100):
        leave(work, f"good {number}")
    leave(work, "poison", due_at=NOW - MINUTE)
    now = work
    while (due := next_due(now)) is not None:
        now = Work(work.connection, max(now.now, due))
        for errand in claim_errands(now, worker="one", limit=10):
            if errand.key == "poison":
                fail_errand(now, errand.id, fence=errand.fence, reason="broken", retry=True)
            else:
                finish_errand(now, errand.id, fence=errand.fence)
    assert len(errands(work, standing="done", limit=200)) == 100
    assert [(errand.key, errand.attempts) for errand in errands(work, standing="parked")] == [("poison", 8)]


def test_an_errand_that_kills_every_worker_is_parked_too(work: Work) -> None:
    leave(work)
    now = work
    for _ in range(8):
        claim_one(now)
        now = later(now, timedelta(seconds=300))
    assert claim_errands(now, worker="one") == ()
    assert (only(work).parked_at, only(work).last_reason) == (now.now, "errand.no_answer")


def test_how_far_a_long_run_is_counts_what_was_done_today_and_what_is_due(work: Work) -> None:
    for number in range(5):
        leave(work, key=f"{number}:1:issue")
    leave(work, key="later", due_at=NOW + MINUTE)
    for errand in claim_errands(work, worker="a", limit=2):
        finish_errand(work, errand.id, fence=errand.fence)
    assert under_way(work) == (Progress("issue_document", 2, 5),)
    assert under_way(later(work, timedelta(days=1))) == (Progress("issue_document", 0, 4),)
    for errand in claim_errands(work, worker="a", limit=5):
        finish_errand(work, errand.id, fence=errand.fence)
    assert under_way(work) == ()


def test_a_person_sends_a_parked_errand_off_again(work: Work, clerk: Actor) -> None:
    left = leave(work)
    with pytest.raises(Refused) as refused:
        retry_errand(work, actor=clerk, errand_id=left)
    assert refused.value.codes == ("errand.not_parked",)
    fail_errand(work, left, fence=claim_one(work).fence, reason="broken", retry=False)
    again = retry_errand(later(work, MINUTE), actor=clerk, errand_id=left)
    assert (again.attempts, again.parked_at, again.due_at, again.last_reason) == (
        0,
        None,
        NOW + MINUTE,
        "lihua ↻ broken",
    )
    assert claim_one(later(work, MINUTE)).fence == 2


def test_a_worker_that_stops_in_good_order_gives_its_errands_back(work: Work) -> None:
    leave(work, "a")
    leave(work, "b")
    done, _ = claim_errands(work, worker="one")
    finish_errand(work, done.id, fence=done.fence)
    assert release_leases(work, worker="other") == 0
    assert release_leases(work, worker="one") == 1
    assert claim_one(work, "two").attempts == 1


def test_the_run_that_carries_an_errand_is_noted(work: Work) -> None:
    left = leave(work)
    note_flow_run(work, [left], "quick-otter")
    assert only(work).flow_run == "quick-otter"


def test_commit_order_against_id_order_skips_none(database: Database) -> None:
    """Made first and committed last: a reader that remembers the highest id it saw would never come back for these."""
    if database.is_sqlite:
        with unit_of_work(database, NOW) as work:
            leave(work, "only writer")
        with unit_of_work(database, NOW) as work:
            assert len(claim_errands(work, worker="one")) == 1
        return
    claimed: list[str] = []
    skipped_by_a_weaker_reader = 0
    for number in range(0, 500, 10):
        with database.engine.connect() as slow, slow.begin():
            early = [leave(Work(slow, NOW), f"slow {each}") for each in range(number, number + 10)]
            with unit_of_work(database, NOW) as work:
                for each in range(number, number + 10):
                    leave(work, f"quick {each}")
            seen = claim_all(database)
        claimed += [errand.key for errand in seen]
        skipped_by_a_weaker_reader += sum(left < max(errand.id for errand in seen) for left in early)
    claimed += [errand.key for errand in claim_all(database)]
    assert Counter(claimed) == Counter([f"{pace} {number}" for pace in ("slow", "quick") for number in range(500)])
    assert skipped_by_a_weaker_reader > 250, "the order was not inverted, so nothing was shown"


def claim_all(database: Database, worker: str = "one") -> tuple[Errand, ...]:
    with unit_of_work(database, NOW) as work:
        return claim_errands(work, worker=worker)


def shared_by_claimers(database: Database, errands_left: int) -> Counter[str]:
    """How often each errand was claimed when four workers claim at once until nothing is left."""
    with unit_of_work(database, NOW) as work:
        for number in range(errands_left):
            leave(work, str(number))
    others = [open_database(text_of(database.url)) for _ in range(4)]
    start, seen = threading.Barrier(len(others)), Counter[str]()

    def work_on(other: Database, worker: str) -> None:
        start.wait()
        while taken := run(other, NOW, lambda work: commands.claim_errands(work, worker=worker, limit=7)):
            seen.update(errand.key for errand in taken)

    threads = [threading.Thread(target=work_on, args=(other, str(n))) for n, other in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    return seen


def test_claimers_never_share_an_errand(database: Database) -> None:
    seen = shared_by_claimers(database, 300)
    assert len(seen) == 300
    assert set(seen.values()) == {1}


def test_a_claim_without_the_lock_would_be_shared(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look first and take later, as a weaker outbox would: the test above must be able to see it."""
    if database.is_sqlite:
        return  # BEGIN IMMEDIATE lets one in at a time, so there is nothing to weaken
    meet = threading.Barrier(4)

    def look_then_take(work: Work, *, worker: str, limit: int) -> list[Errand]:
        due = select(table.c.id, table.c.key).where(table.c.leased_by.is_(None)).limit(limit)
        rows: list[Any] = list(work.connection.execute(due))
        meet.wait(timeout=10)
        work.connection.execute(update(table).where(table.c.id.in_([row.id for row in rows])).values(leased_by=worker))
        return rows

    monkeypatch.setattr(commands, "claim_errands", look_then_take)
    assert max(shared_by_claimers(database, 14).values()) > 1


def test_an_instant_comes_back_as_it_was_left(work: Work) -> None:
    due: datetime = NOW + timedelta(microseconds=7)
    leave(work, due_at=due)
    assert only(work).due_at == due

"""A worker that was too slow finds out: what it did after another one took over is not booked."""

from datetime import timedelta
from pathlib import Path

from flows import errands as carrying
from services.database.engine import open_database
from services.database.work import office_instant, run
from services.outbox.commands import claim_errands
from services.outbox.queries import errands
from tests.crash import bugs
from tests.crash.client import Client, Journal
from tests.crash.harness import Bug, in_child, prepared, stand_in
from tests.crash.places import Place
from tests.crash.scenarios import ADMISSION, ENTRY_TO_GRADUATION
from tests.database.office import GRACE

DAY = office_instant(ENTRY_TO_GRADUATION[0].day, hour=8)


def outcomes(place: tuple[Place, str], folder: Path, bug: Bug | None) -> list[str]:
    """One worker claims and stalls longer than its lease, another does the work; then the first goes on."""
    where, template = place
    enumerator = prepared(where, folder, template, ADMISSION[:2], now=DAY)
    step = ADMISSION[2]

    def act() -> list[str]:
        database = open_database(enumerator.start)
        journal = Journal(folder / "journal.jsonl")
        client = Client(database, enumerator.city, step=step.name, now=step.now, journal=journal, render=stand_in)
        step.act(client)
        if bug is not None:
            bug()
        slow = run(database, step.now + GRACE, lambda work: claim_errands(work, worker="slow", lease_seconds=60))
        later = step.now + GRACE + timedelta(seconds=61)
        quick = run(database, later, lambda work: claim_errands(work, worker="quick", lease_seconds=60))
        found = [carrying.carry(database, one, now=later, render=stand_in) for one in slow]
        found += [carrying.carry(database, one, now=later, render=stand_in) for one in quick]
        found.append(str(run(database, later, lambda work: len(errands(work, standing="done")))))
        database.close()
        return found

    ended = in_child(folder, act)
    assert ended.status == 0, ended.answer
    where.drop(enumerator.start)
    return ended.answer


def test_the_late_worker_is_refused(place: tuple[Place, str], tmp_path: Path) -> None:
    found = outcomes(place, tmp_path, None)
    half = (len(found) - 1) // 2
    assert found == ["lost"] * half + ["done"] * half + [str(half)]


def test_without_a_fence_this_test_would_see_it(file_place: tuple[Place, str], tmp_path: Path) -> None:
    assert "lost" not in outcomes(file_place, tmp_path, bugs.fence_ignored)

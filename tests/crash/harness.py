"""The enumerator: kills a child process at the n-th point, starts it again, drains, and judges what is there.

Steps are walked in order. For each point of a step: copy the database as it stood before the step, let a child do the
step and die at the point, let another do the step again as the client would, carry out what is due, and compare with a
run nobody disturbed: no invariant broken, every acknowledged request on record, and the same things to be seen. As the
world after each step is the same as undisturbed, so is everything that follows; some runs are walked to the end anyway.
"""

import json
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.bench.city import City, build
from flows.errands import Render
from services.cases.models import answered_requests
from services.database import points
from services.database.engine import Database, open_database
from services.database.work import reading
from services.invariants.check import check
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw
from tests.crash.client import Client, Journal
from tests.crash.observed import differences, observed
from tests.crash.places import Place
from tests.crash.scenarios import Step, city_of
from tests.database.office import GRACE
from tests.database_fixtures import text_of

LONGEST_SECONDS = 100
KILLED = -signal.SIGKILL
Bug = Callable[[], None]
"""Changes the product or its outside world inside a child process, where nobody else sees it."""
Seen = Callable[[], list[str]]
"""What is wrong in the outside world after a child ended."""


def stand_in(paper: DocumentToDraw) -> Drawn:
    """A paper nobody reads: the same inputs give the same bytes, as the real engine does."""
    content = f"%PDF-1.7 {paper.id} {paper.number}".encode()
    return Drawn(content, sha256(content).hexdigest(), 1, "stand-in")


@dataclass(frozen=True, slots=True)
class Run:
    """How one child ended: its exit status, and what it answered."""

    status: int
    answer: Any

    @property
    def killed(self) -> bool:
        return self.status == KILLED


@dataclass
class Walk:
    """What a walk found: the points there are, the points it died at, and everything that was wrong, with its place."""

    points: int = 0
    tried: int = 0
    reached: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def in_child(folder: Path, act: Callable[[], Any]) -> Run:
    """Run `act` in a forked process and answer how it ended; its answer and its errors come back through a file."""
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    with warnings.catch_warnings():
        # Later Pythons warn of threads; the child opens everything anew and never comes back.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(LONGEST_SECONDS)
            answer.write_text(json.dumps(act(), ensure_ascii=False, default=str), encoding="utf-8")
            status = 0
        except BaseException:
            answer.write_text(json.dumps({"error": traceback.format_exc()}, ensure_ascii=False), encoding="utf-8")
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    said = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None
    return Run(os.waitstatus_to_exitcode(ended), said)


def _count_points(kill_at: int) -> list[str]:
    """Note every point reached from now on, and die at the one of that number (0: at none)."""
    seen: list[str] = []

    def reached(name: str) -> None:
        seen.append(name)
        if len(seen) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    points.listen(reached)
    return seen


@dataclass
class Enumerator:
    """Walks a scenario on copies of a database, in the folder given."""

    place: Place
    folder: Path
    city: City
    start: str
    render: Render = stand_in
    bug: Bug | None = None
    outside: Path | None = None
    outside_wrong: Seen | None = None
    quiet: bool = True
    """Nothing may be left waiting when a step is over; else only what is due by then may not."""
    warmed: Database | None = None

    def warm(self, steps: Sequence[Step]) -> None:
        """Take the steps once in this process, so that its children find every statement compiled."""
        address, journal = self.place.again(self.start), Journal(self._journal())
        self.warmed = open_database(address)
        for step in steps:
            client = Client(self.warmed, self.city, step=step.name, now=step.now, journal=journal, render=self.render)
            step.act(client)
            client.drain()
        judged(self.warmed, client)
        observed(self.warmed)
        # A child may not inherit an open connection.
        self.warmed.close()

    def _open(self, address: str) -> Database:
        if self.warmed is None or address != text_of(self.warmed.url):
            return open_database(address)
        self.warmed.engine.dispose(close=False)
        return self.warmed

    def do(
        self, address: str, step: Step, *, journal: Path, kill_at: int = 0, attempt: int = 0, judge: bool = False
    ) -> Run:
        """One start of the process: do the step, drain, and (judging) look at everything."""

        def act() -> dict[str, Any]:
            if self.bug is not None:
                self.bug()
            seen = _count_points(kill_at)
            database = self._open(address)
            client = Client(
                database,
                self.city,
                step=step.name,
                now=step.now,
                journal=Journal(journal),
                render=self.render,
                attempt=attempt,
            )
            step.act(client)
            client.drain()
            result: dict[str, Any] = {"points": list(seen), "observed": observed(database)}
            if judge:
                result["findings"] = judged(database, client, quiet=self.quiet)
                result["findings"] += self.outside_wrong() if self.outside_wrong else []
            database.close()
            return result

        return in_child(self.folder, act)

    def walk(
        self,
        steps: Sequence[Step],
        *,
        wanted: Callable[[int], bool],
        until_wrong: bool = False,
        to_the_end: Callable[[int], bool] = lambda number: False,
    ) -> Walk:
        """Every point for whose number (from 1) `wanted` says yes; `until_wrong`: up to the first mistake."""
        walk = Walk()
        before = self.place.copy(self.start)
        for position, step in enumerate(steps):
            undisturbed = self.do(self.place.again(before), step, journal=self._journal(), judge=True)
            if undisturbed.status != 0 or undisturbed.answer["findings"]:
                walk.wrong.append(f"{step.name}, undisturbed: {_told(undisturbed)}")
                return walk
            after = self.place.copy(self.place.again_address())
            reached = undisturbed.answer["points"]
            for offset, name in enumerate(reached, start=1):
                number = walk.points + offset
                if wanted(number) and not (until_wrong and walk.wrong):
                    rest = steps[position + 1 :] if to_the_end(number) else ()
                    self._die(
                        walk,
                        before,
                        step,
                        offset,
                        f"point {number} ({step.name}, {name})",
                        undisturbed.answer["observed"],
                        rest,
                    )
                    walk.reached[name] = walk.reached.get(name, 0) + 1
            walk.points += len(reached)
            self.place.drop(before)
            before = after
        self.place.drop(before)
        return walk

    def _die(
        self,
        walk: Walk,
        before: str,
        step: Step,
        offset: int,
        where: str,
        expected: dict[str, list[str]],
        rest: Sequence[Step],
    ) -> None:
        walk.tried += 1
        address, journal = self.place.again(before), self._journal()
        first = self.do(address, step, journal=journal, kill_at=offset)
        if not first.killed:
            walk.wrong.append(f"{where}: the process did not die there but ended with {first.status}: {_told(first)}")
        again = self.do(address, step, journal=journal, attempt=1, judge=True)
        if again.status != 0:
            walk.wrong.append(f"{where}: the restarted process ended with {again.status}: {_told(again)}")
        else:
            walk.wrong += [f"{where}: {one}" for one in again.answer["findings"]]
            walk.wrong += [f"{where}: {one}" for one in differences(expected, again.answer["observed"])]
        for later in rest:
            further = self.do(address, later, journal=self._journal(), attempt=1, judge=True)
            if further.status != 0 or further.answer["findings"]:
                walk.wrong.append(f"{where}, then {later.name}: {_told(further)}")
                break

    def _journal(self) -> Path:
        path = self.folder / "journal.jsonl"
        path.unlink(missing_ok=True)
        # A walk that begins anew begins in a world where nothing was asked of the bank yet.
        if self.outside is not None:
            self.outside.unlink(missing_ok=True)
        return path


def _told(run: Run) -> str:
    """The last line of its error, or what it found."""
    said = run.answer or {}
    return str(said["error"]).strip().splitlines()[-1] if "error" in said else str(said.get("findings"))


def judged(database: Database, client: Client, *, quiet: bool = True) -> list[str]:
    """What is wrong: broken invariants, acknowledged requests that are not on record, errands that did not end well."""
    later = client.now + (timedelta(hours=1) if quiet else GRACE)
    wrong = [f"{one.code} {one.en}: {one.rows[:3]}" for one in check(database, now=later, quiet=quiet)]
    lines = client.journal.lines()
    with reading(database) as work:
        known = {row.request_id: row.answer for row in work.connection.execute(select(answered_requests))}
    for line in lines:
        if "acknowledged" in line:
            answer = line["answer"]
            kept = known.get(line["acknowledged"])
            if kept is None or any(kept[key] != answer[key] for key in ("case_id", "state", "version", "documents")):
                wrong.append(f"request {line['acknowledged']} was acknowledged and is not on record as answered")
        if "outcome" in line:
            wrong.append(f"errand {line['errand']} ({line['effect']}) ended as {line['outcome']}")
    return wrong


def prepared(place: Place, folder: Path, template: str, steps: Sequence[Step], *, now: datetime) -> Enumerator:
    """An enumerator over a copy of the template with the small city on it, after the steps were taken undisturbed."""
    address = place.copy(template)

    def make() -> dict[str, Any]:
        database = open_database(address)
        city = build(database, organizations_count=1, now=now)
        database.close()
        return asdict(city)

    made = in_child(folder, make)
    assert made.status == 0, made.answer
    enumerator = Enumerator(place, folder, city_of(made.answer), address)
    for step in steps:
        done = enumerator.do(address, step, journal=enumerator._journal())
        assert done.status == 0, done.answer
    return enumerator

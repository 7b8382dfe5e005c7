"""`chuke bench pages`: what the daily pages cost the server at full size, beside a FastAPI page with nothing on it."""

import logging
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from cli.bench.kept import Result
from cli.bench.places import Place, opened
from services.cases.lists import CaseFilter, filtered
from services.database.engine import Database
from services.database.recording import recording
from services.database.schema import upgrade
from services.database.work import office_now, reading, run
from services.people.queries import actor_named
from services.people.sign_ins import open_sign_in
from services.samples.loading import load

PEOPLE = ("manager1", "street1", "keeper1")
SEARCHES = (("part of a name", "互助社"), ("pinyin", "zhihe"), ("initials", "hzs"), ("a leader", "王知夏"))
EXPORT = "export, Excel"
SEED = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page asked for again and again: milliseconds of every answer, of processor time for one, its statements."""

    name: str
    person: str
    milliseconds: tuple[float, ...]
    processor: float
    statements: int

    @property
    def row(self) -> tuple[Any, ...]:
        """The line of the table."""
        ordered = sorted(self.milliseconds)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return (self.name, self.person, statistics.median(ordered), p95, self.processor, self.statements)


def measure(place: Place, *, cases: int, rounds: int = 25) -> Result:
    """Load that many invented cases and ask for every page in turn, as a manager, a street handler, a case manager."""
    now = office_now()
    database = opened(place.fresh())
    try:
        upgrade(database)
        began = time.perf_counter()
        loaded = load(database, scale=cases, seed=SEED, now=now)
        seconds = time.perf_counter() - began
        rows = tuple(one.row for one in ask_all(database, place, now=now, rounds=rounds))
    finally:
        database.close()
    size = f"{loaded.cases} cases, {loaded.organizations} organizations, {loaded.moves} moves, {loaded.papers} papers"
    notes = (
        f"{place.engine} {place.version}; {size}, loaded in {seconds:.0f} s.",
        f"p50 and p95: from the request to the whole answer within one process, {rounds} times each (exports fewer).",
        "CPU: what this process and a database server of our own used for one answer; the rest is waiting for a core.",
        "manager1 sees every case, street1 those of one street of forty, keeper1 is one of 25 case managers.",
    )
    return Result("pages", place.engine, ("page", "as", "p50 ms", "p95 ms", "CPU ms", "statements"), rows, notes)


def ask_all(database: Database, place: Place, *, now: datetime, rounds: int) -> tuple[Page, ...]:
    """Every page for every person, and the empty page first."""
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from web.app import create_app

    logging.getLogger("httpx2").setLevel(logging.WARNING)
    bare = FastAPI()
    bare.get("/")(_nothing)
    asking = _Asking(database, place, rounds)
    pages = [asking.ask(TestClient(bare).get, "/", name="empty page", person="—")]
    app = create_app(database, clock=lambda: now)
    for person in PEOPLE:
        site = "http://127.0.0.1:8010"
        client = TestClient(app, base_url=site, headers={"origin": site})
        number = _sign_in(database, client, person, now=now)
        for name, path in _paths(number):
            if path != "/cases/":
                get = partial(client.post, data={"reason": "测速"}) if name == EXPORT else client.get
                pages.append(asking.ask(get, path, name=name, person=person))
    return tuple(pages)


def _sign_in(database: Database, client: Any, person: str, *, now: datetime) -> str:
    """Sign the person in; answers the number of a case with much on its page that the person may see, or nothing."""
    with reading(database, now) as work:
        actor = actor_named(work, person)
        # In a small town a street may have no case in assessment, or none at all.
        stages = (CaseFilter(kind="incubation", stage=stage) for stage in ("评估", "出壳", "孵化", ""))
        number = next((one.number for stage in stages for one in filtered(work, actor, stage, limit=1)), "")
    client.cookies.set("chuke", run(database, now, lambda work: open_sign_in(work, actor.id)).token)
    return number


def _nothing() -> dict[str, str]:
    return {}


def _paths(number: str) -> tuple[tuple[str, str], ...]:
    searches = tuple((f"search: {name}", f"/search?text={text}") for name, text in SEARCHES)
    return (
        ("work list", "/"), ("all cases", "/cases"), ("cases of a stage", "/cases?stage=评估"), *searches,
        ("search in the list", "/cases?text=互助社"), ("case page", f"/cases/{number}"), ("board", "/board"),
        ("organizations", "/organizations"), (EXPORT, f"/cases/export.xlsx?text={number}"),
    )  # fmt: skip


@dataclass(frozen=True)
class _Asking:
    """Asks for pages of one application on one database."""

    database: Database
    place: Place
    rounds: int

    def ask(self, get: Callable[[str], Any], path: str, *, name: str, person: str) -> Page:
        """Once to count the statements, and then as often as is wanted."""
        with recording(self.database) as sent:
            _whole(get(path), path)
        statements = len(sent)
        rounds = -(-self.rounds // 8) if name == EXPORT else self.rounds
        found = []
        used = self._used()
        for _ in range(rounds):
            began = time.perf_counter()
            answer = get(path)
            found.append((time.perf_counter() - began) * 1e3)
            _whole(answer, path)
        return Page(name, person, tuple(found), (self._used() - used) * 1e3 / rounds, statements)

    def _used(self) -> float:
        return time.process_time() + self.place.server_cpu()


def _whole(answer: Any, path: str) -> None:
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")

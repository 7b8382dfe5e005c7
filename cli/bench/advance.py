"""`chuke bench advance`: moves of cases through the one door, beside the same statements sent by the driver alone."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cli.bench.city import City, actors, build
from cli.bench.kept import Result
from cli.bench.places import Place, opened
from services.actors import Actor
from services.cases.advance import AdvanceCase
from services.cases.commands import advance_case, open_incubation, provide_materials
from services.database.engine import Database
from services.database.recording import Sent, recording
from services.database.schema import upgrade
from services.database.work import office_instant, reading
from services.rulesets.commands import rule_set_on
from statemachines.engine import Standing, decide
from statemachines.incubation.facts import IncubationFacts
from statemachines.registry import CURRENT
from statemachines.roles import Role

CALLERS = 8
NOW = office_instant(date(2026, 11, 24))
MOVES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("applicant", "submit", {"privacy_notice_accepted": True, "commitments_accepted": True}),
    ("clerk", "accept_application", {}),
    ("keeper", "begin_preliminary_review", {"lists_checked": True, "visitors": 2, "eligible": True, "report": "符合"}),
)
"""Two of the three issue a numbered paper and leave two errands, the third leaves one; all turn clocks."""

Journey = list[Callable[[], Any]]


@dataclass(frozen=True, slots=True)
class Timing:
    """What some callers did together: how many acts, in how long, with how much CPU (client and server), how late."""

    acts: int
    seconds: float
    cpu: float
    waits: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Acts in a second."""
        return self.acts / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU microseconds an act."""
        return self.cpu / self.acts * 1e6

    def quantile(self, part: int) -> float:
        """Milliseconds within which `part` percent of the acts ended."""
        return statistics.quantiles(self.waits, n=100)[part - 1] * 1e3


def measure(place: Place, *, cases: int) -> Result:
    """Moves of that many cases with one caller and with eight, and the same statements raw on a copy."""
    start = place.fresh()
    numbers, city = prepare(start, cases)
    sent = _recorded(place.copy(start), numbers, city)
    _product(place, place.copy(start), numbers[:20], city, callers=1)  # first use compiles statements and tables
    rows = []
    for callers in (1, CALLERS):
        ours = _product(place, place.copy(start), numbers, city, callers=callers)
        plain = raw(place, place.copy(start), sent, callers=callers)
        rows.append(row(f"advance, {callers} callers" if callers > 1 else "advance, 1 caller", ours))
        rows.append(row("  same SQL, raw driver", plain))
        rows.append(("  ratio", ours.rate / plain.rate, ours.cpu_us / plain.cpu_us, "", "", ""))
    decision = _decision()
    rows.append(("decision alone", 1e6 / decision, decision, "", "", ""))
    statements = sum(len(journey) for case in sent for journey in case) / sum(len(case) for case in sent)
    moves = ", ".join(trigger for _, trigger, _ in MOVES)
    notes = (
        f"{place.engine} {place.version}, durable commits; {cases} cases; {statements:.1f} statements an advance.",
        f"Moves of each case: {moves}.",
        "CPU is of this process and of the server. Ratio: of the rates, and of the CPU.",
    )
    columns = ("what", "a second", "CPU µs", "p50 ms", "p95 ms", "p99 ms")
    return Result("advance", place.engine, columns, tuple(rows), notes)


def row(name: str, timing: Timing) -> tuple[Any, ...]:
    """The line of the table."""
    return (name, timing.rate, timing.cpu_us, timing.quantile(50), timing.quantile(95), timing.quantile(99))


def prepare(address: str, cases: int) -> tuple[list[str], City]:
    """A migrated database with the city and that many draft applications, materials complete; closed again."""
    database = opened(address)
    upgrade(database)
    before = office_instant(date(2026, 11, 23))
    city = build(database, organizations_count=cases, now=before)
    people = actors(database, now=before, organizations_count=cases)
    with reading(database, before) as work:
        names = rule_set_on(work, work.today).value("materials.application")
    numbers = []
    for position, organization in enumerate(city.organization_ids, start=1):
        applicant = people[f"applicant{position}"]
        case = open_incubation(database, applicant, organization_id=organization, centre_id=city.centre_id, now=before)
        provide_materials(database, applicant, number=case.number, names=names, now=before)
        numbers.append(case.number)
    database.close()
    return numbers, city


def journeys(
    database: Database, numbers: Sequence[str], city: City, *, clock: Callable[[], datetime] = lambda: NOW
) -> list[Journey]:
    """For each case its moves, to be made in order, each at the instant the clock shows then."""
    people = actors(database, now=clock(), organizations_count=len(city.organization_ids))

    def one(number: str, position: int, version: int) -> Callable[[], Any]:
        who, trigger, details = MOVES[version]
        actor: Actor = people[f"applicant{position}" if who == "applicant" else who]
        command = AdvanceCase(number, trigger, version, details, f"{number}:{trigger}")
        return lambda: advance_case(database, actor, command, now=clock())

    return [
        [one(number, position, version) for version in range(len(MOVES))]
        for position, number in enumerate(numbers, start=1)
    ]


def _product(place: Place, address: str, numbers: Sequence[str], city: City, *, callers: int) -> Timing:
    database = opened(address)
    timing = timed(place, journeys(database, numbers, city), callers=callers)
    database.close()
    return timing


def timed(place: Place, work: Sequence[Journey], *, callers: int) -> Timing:
    """Share the journeys out over the callers and time every act."""
    waits: list[list[float]] = [[] for _ in range(callers)]
    failures: list[Exception] = []
    barrier = threading.Barrier(callers + 1)

    def go(caller: int) -> None:
        barrier.wait()
        try:
            for journey in work[caller::callers]:
                for act in journey:
                    began = time.perf_counter()
                    act()
                    waits[caller].append(time.perf_counter() - began)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=go, args=(caller,)) for caller in range(callers)]
    for thread in threads:
        thread.start()
    server, client = place.server_cpu(), time.process_time()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    cpu = time.process_time() - client + place.server_cpu() - server
    if failures:
        raise failures[0]
    all_waits = tuple(wait for of_caller in waits for wait in of_caller)
    return Timing(len(all_waits), seconds, cpu, all_waits)


def _recorded(address: str, numbers: Sequence[str], city: City) -> list[list[list[Sent]]]:
    """The statements of every move of every case."""
    database = opened(address)
    found = []
    for journey in journeys(database, numbers, city):
        of_case = []
        for act in journey:
            with recording(database) as sent:
                act()
            of_case.append(list(sent))
        found.append(of_case)
    database.close()
    return found


def raw(place: Place, address: str, sent: list[list[list[Sent]]], *, callers: int) -> Timing:
    """The same statements in the same transactions, by connections of the driver; SQLite behind one lock as ours."""
    lock = threading.RLock()
    connections: dict[int, Any] = {}

    def connection() -> Any:
        caller = threading.get_ident()
        if caller not in connections:
            connections[caller] = place.raw(address)
        return connections[caller]

    def act(statements: list[Sent]) -> Callable[[], None]:
        def send() -> None:
            raw = connection()
            if place.engine == "sqlite":
                with lock:
                    raw.execute("BEGIN IMMEDIATE")
                    _send(raw.cursor(), statements)
                    raw.execute("COMMIT")
                return
            _send(raw.cursor(), statements)
            raw.commit()

        return send

    timing = timed(place, [[act(statements) for statements in of_case] for of_case in sent], callers=callers)
    for one in connections.values():
        one.close()
    return timing


def _send(cursor: Any, statements: list[Sent]) -> None:
    for one in statements:
        if one.many:
            cursor.executemany(one.statement, one.parameters)
        else:
            cursor.execute(one.statement, one.parameters)
        if cursor.description is not None:
            cursor.fetchall()


def _decision(times: int = 20_000) -> float:
    """CPU microseconds of one decision by the engine, every guard open."""
    process = CURRENT["incubation"]
    facts = IncubationFacts(today=NOW.date(), privacy_notice_accepted=True, commitments_accepted=True)
    standing = Standing(frozenset({Role.APPLICANT}))
    decide(process, "DRAFT", "submit", standing=standing, facts=facts)
    began = time.process_time()
    for _ in range(times):
        decide(process, "DRAFT", "submit", standing=standing, facts=facts)
    return (time.process_time() - began) / times * 1e6

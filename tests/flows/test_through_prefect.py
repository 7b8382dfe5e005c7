"""The same relay with a real Prefect server: runs people find by case number, and nothing personal in them."""

import gc
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flows.prefect_server import EmbeddedServer, answers
from flows.relay import MANY, Carrier, DrainReport, drain, drain_until_quiet
from flows.serve import run_relay
from tests.database_fixtures import NOW
from tests.flows.ground import LEADER, Ground

pytestmark = [
    pytest.mark.xdist_group("prefect"),
    # Prefect leaves connections to the collector; they are collected before the next module's tests.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def through(prefect_server: EmbeddedServer) -> Carrier:
    return carrier(prefect_server.ready)


def carrier(ready: Callable[[], bool]) -> Any:
    """Prefect is loaded by the first test that needs it, and only then, as in the product."""
    from flows.through_prefect import ThroughPrefect

    return ThroughPrefect(ready)


def asked(server: EmbeddedServer, path: str, **body: Any) -> list[dict[str, Any]]:
    """What the server's API answers to a filter request."""
    import base64
    import urllib.request

    request = urllib.request.Request(
        f"{server.api_url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    request.add_header("Authorization", "Basic " + base64.b64encode(server.auth.encode()).decode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.loads(answer.read())
    return found


def soon(look: Callable[[], Any], seconds: float = 30) -> Any:
    """What `look` finds, once it finds something; the recorder of task runs lags by seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.3)
    return found


def test_a_move_is_a_flow_run_named_by_case_and_its_errands_are_task_runs(
    small_ground: Ground, prefect_server: EmbeddedServer, through: Carrier
) -> None:
    number = "QYFH-2026-7001"
    first = small_ground.leave(move=12, position=1, case_number=number)
    second = small_ground.leave("hold_payments", move=12, position=2, case_number=number, payload={})
    report = drain(small_ground.database, now=NOW, worker="one", through=through)
    assert report == DrainReport(claimed=2, done=2)
    made = small_ground.errand(first).flow_run
    assert made == small_ground.errand(second).flow_run
    (run,) = asked(prefect_server, "/flow_runs/filter", flow_runs={"id": {"any_": [made]}})
    said = run["name"], run["state"]["type"], run["state"]["message"]
    assert said == (f"{number} #12", "COMPLETED", "2 done")

    def task_runs() -> list[str]:
        found = asked(prefect_server, "/task_runs/filter", flow_runs={"id": {"any_": [run["id"]]}})
        done = sorted(one["name"] for one in found if one["state"] and one["state"]["type"] == "COMPLETED")
        return done if len(done) == 2 else []

    assert soon(task_runs) == [f"{number} hold_payments", f"{number} send_notice"]


def test_many_errands_are_one_flow_run_and_poison_stands_out_in_it(
    small_ground: Ground, prefect_server: EmbeddedServer, through: Carrier
) -> None:
    for place in range(MANY):
        small_ground.leave(move=place)
    poison = small_ground.leave("no_such_effect")
    report = drain_until_quiet(small_ground.database, now=NOW, through=through)
    assert (report.done, report.parked) == (MANY, 1)
    flow_run = small_ground.errand(poison).flow_run
    (run,) = asked(prefect_server, "/flow_runs/filter", flow_runs={"id": {"any_": [flow_run]}})
    assert run["state"]["message"] == f"1 of {MANY + 1} not done"


def test_nothing_personal_reaches_prefect(
    small_ground: Ground, prefect_server: EmbeddedServer, through: Carrier
) -> None:
    """Not in parameters, states or logs, not even when an errand fails with a person's name in its reason."""

    def fail(_paper: Any) -> Any:
        raise RuntimeError(f"no face for {LEADER}")

    errand = small_ground.leave_paper(move=99)
    drain(small_ground.database, now=NOW, worker="one", through=through, render=fail)
    assert LEADER in str(small_ground.errand(errand).last_reason)
    flow_run = small_ground.errand(errand).flow_run

    def task_runs() -> list[dict[str, Any]]:
        return asked(prefect_server, "/task_runs/filter", flow_runs={"id": {"any_": [flow_run]}})

    seen = soon(task_runs) + asked(prefect_server, "/flow_runs/filter") + asked(prefect_server, "/logs/filter")
    assert seen
    assert LEADER not in json.dumps(seen, ensure_ascii=False)
    (run,) = asked(prefect_server, "/flow_runs/filter", flow_runs={"id": {"any_": [flow_run]}})
    assert run["parameters"] == {"case_number": small_ground.number, "move_sequence": 99, "errand_ids": [errand]}


def test_prefect_that_dies_in_the_middle_loses_nothing(small_ground: Ground, prefect_server: EmbeddedServer) -> None:
    """A server that is away when the flow run should start: what was claimed is given back and is carried later."""
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    errand = small_ground.leave()
    nowhere = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(nowhere):
        gone = drain(small_ground.database, now=NOW, worker="one", through=carrier(lambda: True))
    assert gone == DrainReport(claimed=1, waiting=1)
    assert small_ground.errand(errand).attempts == 0
    back = drain(small_ground.database, now=NOW, worker="one", through=carrier(prefect_server.ready))
    assert back.done == 1


def test_the_relay_waits_for_prefect_then_catches_up_and_does_the_chores(
    small_ground: Ground, prefect_server: EmbeddedServer
) -> None:
    here, stop = threading.Event(), threading.Event()
    errand = small_ground.leave()
    relay = threading.Thread(
        target=run_relay,
        args=(small_ground.database,),
        kwargs={"stop": stop, "through": carrier(here.is_set), "clock": lambda: NOW},
    )
    relay.start()
    time.sleep(1)
    assert small_ground.errand(errand).attempts == 0
    here.set()
    assert soon(lambda: small_ground.errand(errand).done_at)
    stop.set()
    relay.join(30)
    assert not relay.is_alive()


def test_a_dead_run_is_marked_as_crashed_by_an_automation(prefect_server: EmbeddedServer) -> None:
    import asyncio

    from flows.automations import ZOMBIES, install_automations

    assert asyncio.run(install_automations()) is True
    assert asyncio.run(install_automations()) is False
    assert [one["name"] for one in asked(prefect_server, "/automations/filter")] == [ZOMBIES]


def test_the_server_wants_its_password_and_keeps_it_to_its_owner(prefect_server: EmbeddedServer) -> None:
    assert answers(prefect_server.api_url, auth=prefect_server.auth)
    assert not answers(prefect_server.api_url, auth="chuke:guess")
    assert (prefect_server.home / "auth").stat().st_mode & 0o777 == 0o600

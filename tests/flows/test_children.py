"""Child processes start in the background, are started again when they die, and never outlive their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.children import Child
from flows.serve import _lives
from tests.flows.conftest import free_port

PARENT = """
import sys, time
from flows.children import Child
child = Child("console", "127.0.0.1", sys.argv[1], healthy=lambda: False)
child.start()
while child.pid is None:
    time.sleep(0.05)
print(child.pid, flush=True)
time.sleep(100)
"""


def soon(look: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not look() and time.monotonic() < deadline:
        time.sleep(0.1)
    return look()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that nobody has waited for yet is dead all the same.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Child]:
    port = free_port()
    environment = {**os.environ, "CHUKE_HOME": str(tmp_path), "CHUKE_DATABASE_URL": ""}
    address = f"http://127.0.0.1:{port}/livez"
    child = Child("console", "127.0.0.1", str(port), healthy=lambda: _lives(address), environment=environment)
    child.start()
    yield child
    child.stop()


def test_a_child_that_dies_is_started_again_and_stops_when_told(console: Child) -> None:
    assert console.wait(60)
    first = console.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert soon(lambda: console.pid not in (None, first))
    assert soon(console.ready)
    second = console.pid
    console.stop()
    assert console.pid is None
    assert second is not None
    assert not alive(second)


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "CHUKE_HOME": str(tmp_path), "CHUKE_DATABASE_URL": ""}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(free_port())], stdout=subprocess.PIPE, env=environment, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert soon(lambda: not alive(child), seconds=30)

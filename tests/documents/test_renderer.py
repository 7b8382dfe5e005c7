"""Renderer processes keep their budgets (G6): a page over one of them is refused, and costs one child at most."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from documents import pdf
from documents import renderer as pool
from documents.context import ContextInvalid, to_json
from documents.glyphs import MissingGlyph
from documents.registry import KINDS
from documents.rendered import Budget, OverBudget, RendererLost, RendererUnfit
from documents.renderer import Renderer

from .conftest import drawn

NOTICE = "admission_notice"
ROOT = Path(pool.__file__).resolve().parent.parent
NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
ENDLESS = "经评审组独立评分并公示无异议" * 8_000


def data(**changes: Any) -> dict[str, Any]:
    return to_json(replace(KINDS[NOTICE].sample(), **changes))


def pids(one: Renderer) -> set[int]:
    return {child.process.pid for child in one._idle}


@pytest.fixture(scope="module")
def shared() -> Iterator[Renderer]:
    one = Renderer(processes=1, budget=Budget(cpu_seconds=1))
    yield one
    one.close()


def test_a_child_gives_the_same_document_as_this_process(shared: Renderer) -> None:
    assert shared.render(NOTICE, data()) == drawn(NOTICE)


def test_refusals_come_back_as_they_are_and_cost_no_child(shared: Renderer) -> None:
    shared.render(NOTICE, data())
    before = pids(shared)
    with pytest.raises(MissingGlyph, match=r"U\+20BB7"):
        shared.render(NOTICE, data(room="张𠮷"))
    with pytest.raises(ContextInvalid, match="surplus"):
        shared.render(NOTICE, {**data(), "surplus": 1})
    assert pids(shared) == before


def test_seconds_are_counted_for_each_paper_anew(shared: Renderer) -> None:
    (child,) = pids(shared)
    for _ in range(8):
        shared.render(NOTICE, data())
    assert pids(shared) == {child}


def test_a_paper_that_takes_too_long_costs_one_child_and_the_next_is_drawn(shared: Renderer) -> None:
    shared.render(NOTICE, data())
    before = pids(shared)
    with pytest.raises(OverBudget, match="cpu: 1"):
        shared.render(NOTICE, data(duties=(ENDLESS,)))
    assert shared.render(NOTICE, data()).sha256 == drawn(NOTICE).sha256
    assert pids(shared).isdisjoint(before)


def test_a_paper_that_waits_too_long_by_the_clock_is_given_up(
    shared: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.start()
    monkeypatch.setattr(shared, "_budget", replace(shared._budget, wall_seconds=0.3))
    with pytest.raises(OverBudget, match=r"wall: 0\.3"):
        shared.render(NOTICE, data(duties=(ENDLESS,)))
    assert pids(shared) == set()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="narrows the limit of a running process")
def test_a_paper_that_takes_too_much_memory_is_refused(shared: Renderer) -> None:
    shared.render(NOTICE, data())
    (child,) = pids(shared)
    status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
    in_use = int(status.partition("VmSize:")[2].split()[0]) << 10
    assert resource.prlimit(child, resource.RLIMIT_AS) == (512 << 20, 512 << 20)
    resource.prlimit(child, resource.RLIMIT_AS, (in_use, 512 << 20))
    with pytest.raises(OverBudget, match="memory"):
        shared.render(NOTICE, data(duties=(ENDLESS * 6,)))
    assert pids(shared) == set()


def test_pages_rows_and_characters_have_their_limits() -> None:
    two_pages, form = replace(KINDS[NOTICE].sample(), duties=(ENDLESS[:700],)), KINDS["assessment_form"]
    assert pdf.render(NOTICE, two_pages, budget=Budget(pages=3)).pages in (2, 3)
    with pytest.raises(OverBudget, match="pages: 1"):
        pdf.render(NOTICE, two_pages, budget=Budget(pages=1))
    with pytest.raises(OverBudget, match="rows: 3"):
        pdf.render(form.name, form.sample(), budget=Budget(rows=3))
    with pytest.raises(OverBudget, match="size: 2000"):
        pdf.render(NOTICE, two_pages, budget=Budget(size=2_000))


@pytest.mark.skipif(not NIGHTLY, reason="a minute of CPU; nightly")
def test_the_page_that_takes_too_long_passes_where_nothing_limits_it() -> None:
    one = Renderer(processes=1, budget=Budget(cpu_seconds=900, wall_seconds=900, memory_bytes=4 << 30))
    try:
        assert one.render(NOTICE, data(duties=(ENDLESS,))).pages > 100
    finally:
        one.close()


def test_a_child_killed_in_between_is_replaced(shared: Renderer) -> None:
    shared.start()
    (idle,) = pids(shared)
    os.kill(idle, signal.SIGKILL)
    assert gone(idle)
    assert shared.render(NOTICE, data()).pages == 1


def test_a_paper_whose_child_is_killed_at_work_may_be_tried_again(shared: Renderer) -> None:
    shared.start()
    killer = threading.Timer(0.2, lambda: os.kill(next(iter(shared._busy)).process.pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(RendererLost, match="ended with -9"):
        shared.render(NOTICE, data(duties=(ENDLESS,)))


def test_a_child_is_replaced_after_its_share_of_documents(monkeypatch: pytest.MonkeyPatch, shared: Renderer) -> None:
    monkeypatch.setattr(shared, "_jobs_per_child", 1)
    shared.render(NOTICE, data())
    assert pids(shared) == set()


@pytest.mark.skipif(not NIGHTLY, reason="starts two processes; nightly")
def test_many_callers_share_two_children() -> None:
    one = Renderer(processes=2)
    try:
        with ThreadPoolExecutor(6) as callers:
            hashes = {done.sha256 for done in callers.map(lambda _: one.render(NOTICE, data()), range(12))}
        assert hashes == {drawn(NOTICE).sha256}
        assert len(pids(one)) == 2
    finally:
        one.close()


def test_a_child_ends_with_its_parent_however_that_ends() -> None:
    script = (
        "import time; from documents.renderer import Renderer; one = Renderer(processes=1); one.start()\n"
        "print(one._idle[0].process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert gone(child)


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
            status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if status == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_renderer_unlike_the_first_is_unfit() -> None:
    one = Renderer(processes=1)
    one._golden = "0" * 64
    with pytest.raises(RendererUnfit, match="golden page"):
        one.start()


ANSWERS = {
    "noise": "line.sendall(b'%PDF-1.7 nothing we know' * 10)",
    "text that is no JSON": "line.sendall(b'CHK1' + bytes([0,0,0,2,0,0,0,0]) + b'{]')",
    "a list": "line.sendall(b'CHK1' + bytes([0,0,0,2,0,0,0,0]) + b'[]')",
    "a length beyond all bounds": "line.sendall(b'CHK1' + bytes([255]*8))",
    "another ending": "send(line, {'ended': 'perhaps'})",
    "other bytes than it claims": "send(line, {'ended': 'ok', 'document': {'sha256': '0'*64}}, b'%PDF')",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_child_that_answers_nonsense_is_not_believed(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "import socket, sys; from documents.wire import receive, send; line = socket.socket(fileno=int(sys.argv[1]))\n"
        f"receive(line); send(line, {{'ended': 'ok', 'engine': 'x', 'golden': 'x'}}); receive(line); {answer}\n"
        "receive(line)"
    )
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, "-c", body))
    one = Renderer(processes=1)
    try:
        with pytest.raises(RendererLost):
            one.render(NOTICE, data())
        assert pids(one) == set()
    finally:
        one.close()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
def test_a_child_is_given_no_secret_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUKE_SMTP_URL", "smtp://office:secret@example.cn")
    child = pool._launched()
    try:
        assert b"CHUKE" not in Path(f"/proc/{child.process.pid}/environ").read_bytes()
    finally:
        pool._end(child)

"""G4: whatever is typed into a paper or written into a page, drawing it opens no socket and no file outside of ours."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from documents.registry import KINDS

from .attack_payloads import FILE, PAYLOADS, SITE, VECTORS

NIGHTLY = os.environ.get("CHUKE_NIGHTLY") == "1"
SAMPLE = ("admission_notice", "award_agreement", "graduation_certificate", "midterm_report")
SECRET = "QINGYAN-CANARY-7731"
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """A server that only remembers who came."""
    came: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                line.settimeout(1)
                came.append(line.recv(200))
                line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", came
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(2)


def attacked(folder: Path, **job: Any) -> tuple[dict[str, Any], list[bytes]]:
    """What a process of its own opened while it drew the payloads, and who came to the server."""
    secret = folder / "secret.svg"
    secret.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text></svg>', encoding="utf-8")
    with listening() as (site, came):

        def placed(text: str) -> str:
            for mark, address in ((FILE, secret.as_uri()), (SITE, site)):
                text = text.replace(mark, address)
            return text

        payloads = [placed(one) for one in PAYLOADS]
        usual = {"payloads": payloads, "kinds": [], "whole": False, "editions": False, "vectors": {}}
        job |= {"vectors": {name: placed(body) for name, body in job.get("vectors", {}).items()}}
        done = subprocess.run(
            [sys.executable, "-m", "tests.documents.attack_child", json.dumps(usual | {"secret": SECRET} | job)],
            capture_output=True, text=True, cwd=ROOT, timeout=3000, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout), came


@pytest.mark.timeout(3600)
def test_no_payload_reaches_a_file_or_a_server(tmp_path: Path) -> None:
    kinds = sorted(KINDS) if NIGHTLY else list(SAMPLE)
    answer, came = attacked(tmp_path, kinds=kinds, whole=NIGHTLY, editions=True)
    print(f"{len(PAYLOADS)} payloads, {len(kinds)} kinds: {answer['drawn']} drawn, {answer['refused']} refused")
    assert (answer["files"], answer["sockets"], answer["leaked"], came) == ([], [], 0, [])
    assert answer["drawn"] >= len(kinds)
    assert answer["refused"] >= len(PAYLOADS)


def test_every_way_to_load_something_is_shut_and_open_without_our_fetcher(tmp_path: Path) -> None:
    answer, came = attacked(tmp_path, vectors={name: body for name, (body, _) in VECTORS.items()})
    rows = answer["rows"]
    print(
        "\n".join(
            f"{name}: {theirs} with the engine's fetcher, {ours} with ours" for name, (theirs, ours) in rows.items()
        )
    )
    assert {name: theirs for name, (theirs, _) in rows.items()} == {name: want for name, (_, want) in VECTORS.items()}
    assert {ours for _, ours in rows.values()} <= {"refused", "nothing"}
    assert len(came) >= 5

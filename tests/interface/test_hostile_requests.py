"""Requests no honest program sends, over raw sockets to a real server: each is answered, and memory stays bounded."""

import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.web.conftest import Scene, token_of

MIB = 1024 * 1024
BEARABLE = 32 * MIB
SERVER = """
import sys, uvicorn
from datetime import datetime
from services.database.engine import open_database
from web.app import create_app
now = datetime.fromisoformat(sys.argv[2])
app = create_app(open_database(sys.argv[1]), clock=lambda: now)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[3]), log_level="error", server_header=False)
"""


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def resident(self, name: str = "VmRSS") -> int:
        """The server's memory in bytes (`VmHWM`: the most it ever had)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(name))

    def ask(self, head: str, pieces: Iterator[bytes] | None = None) -> int:
        """Send head and body as far as the server takes it; the status of its answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            try:
                connection.sendall(head.replace("\n", "\r\n").encode("latin-1"))
                for piece in pieces or iter(()):
                    connection.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the server has answered and taken no more
            answer = b""
            try:
                while b"\r\n" not in answer and (more := connection.recv(65536)):
                    answer += more
            except ConnectionResetError:
                pass
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


@pytest.fixture(scope="module")
def server(staged: tuple[Path, Scene], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path, founded = staged
    copied = tmp_path_factory.mktemp("hostile") / "chuke.sqlite"
    copied.write_bytes(path.read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, f"sqlite:///{copied}", founded.city.now.isoformat(), str(port)]
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)})
    try:
        found = Server(port, process)
        deadline = time.monotonic() + 60
        while True:
            try:
                assert found.ask("GET /api/v1/centres HTTP/1.1\nHost: x\nConnection: close\n\n") == 401
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        warm(found)
        yield found
    finally:
        process.terminate()
        process.wait(30)


def head(path: str, *lines: str, method: str = "POST", kind: str = "application/json") -> str:
    said = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", f"Content-Type: {kind}",
            f"Authorization: Bearer {token_of('ma')}", *lines]  # fmt: skip
    return "\n".join([*said, "", ""])


def warm(server: Server) -> None:
    """What is loaded with the first request of each kind is not what is measured."""
    for path in ("/api/v1/cases", "/api/v1/verifications"):
        server.ask(head(path, "Content-Length: 2"), iter([b"{}"]))
    form = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n'
    server.ask(
        head(
            "/verify",
            f"Content-Length: {len(form)}",
            "Sec-Fetch-Site: same-origin",
            kind="multipart/form-data; boundary=b",
        ),
        iter([form]),
    )


def zeros(size: int) -> Iterator[bytes]:
    for _ in range(size // MIB):
        yield b"0" * MIB


def chunked(size: int) -> Iterator[bytes]:
    for piece in zeros(size):
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


@pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/verifications", "/verify"])
@pytest.mark.parametrize("announced", [True, False])
def test_300_megabytes_are_refused_and_never_held(server: Server, path: str, announced: bool) -> None:
    before = server.resident()
    size = 300 * MIB
    line = f"Content-Length: {size}" if announced else "Transfer-Encoding: chunked"
    kind = "multipart/form-data; boundary=b" if path == "/verify" else "application/json"
    status = server.ask(
        head(path, line, "Sec-Fetch-Site: same-origin", kind=kind), zeros(size) if announced else chunked(size)
    )
    grown = server.resident("VmHWM") - before
    print(f"{path} {line}: {status}, +{grown / MIB:.1f} MiB at most")
    assert status == 413 or (path == "/verify" and status == 400)  # zeros are no multipart form
    assert grown <= BEARABLE


def nested(depth: int) -> bytes:
    return b'{"details":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1)


MANY_KEYS = json.dumps({f"k{number}": 1 for number in range(70_000)}).encode()
A_MILLION_KEYS = b"{" + b",".join(b'"%d":1' % number for number in range(1_000_000)) + b"}"
BODIES = {
    "depth 10": (nested(10), {422}),
    "depth 900": (nested(900), {400, 422}),
    "depth 10,000": (nested(10_000), {400, 422}),
    "depth 100,000 of lists": (b"[" * 100_000, {400, 422}),
    "70,000 keys": (MANY_KEYS, {422}),
    "a million keys": (A_MILLION_KEYS, {413}),
    "70,000 keys in the details": (b'{"details":' + MANY_KEYS + b"}", {422}),
    "a number of 5,000 digits": (b'{"details":{"a":' + b"9" * 5000 + b"}}", {400, 422}),
    "half a character": (b'{"details":{"a":"\\ud800"}}', {422}),
    "no text": (b"\xff\xfe\x00", {400, 422}),
}


@pytest.mark.parametrize("name", BODIES)
def test_json_of_any_shape_is_answered(server: Server, name: str) -> None:
    content, statuses = BODIES[name]
    before = server.resident()
    path = "/api/v1/cases/QYFH-2026-0001/transitions/submit"
    status = server.ask(head(path, f"Content-Length: {len(content)}", 'If-Match: "0"'), iter([content]))
    grown = server.resident() - before
    print(f"{name}: {status}, +{grown / MIB:.1f} MiB")
    assert status in statuses
    assert grown <= BEARABLE


def test_a_million_form_fields_and_ten_thousand_parts_are_refused(server: Server) -> None:
    before = server.resident()
    own = ("Sec-Fetch-Site: same-origin",)
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
    parts = part * 10_000 + b"--b--\r\n"
    status = server.ask(
        head("/verify", f"Content-Length: {len(parts)}", *own, kind="multipart/form-data; boundary=b"), iter([parts])
    )
    assert status == 400
    fields = b"a=1&" * 250_000
    kind = "application/x-www-form-urlencoded"
    assert server.ask(head("/verify", f"Content-Length: {len(fields)}", *own, kind=kind), iter([fields])) == 400
    fields = b"a=1&" * 1_000_000
    assert server.ask(head("/verify", f"Content-Length: {len(fields)}", *own, kind=kind), iter([fields])) == 413
    assert server.resident() - before <= BEARABLE


def test_a_compressed_body_is_not_unpacked(server: Server) -> None:
    bomb = gzip.compress(b"0" * (100 * MIB), 9)
    for coding in ("gzip", "deflate", "br"):
        line = f"Content-Encoding: {coding}"
        assert server.ask(head("/api/v1/cases", line, f"Content-Length: {len(bomb)}"), iter([bomb])) == 415


def test_64_kilobytes_of_headers_are_refused(server: Server) -> None:
    one = server.ask(head("/api/v1/me", "X-Long: " + "x" * 65_536, method="GET"))
    many = server.ask(head("/api/v1/me", *[f"X-{number}: {'x' * 100}" for number in range(640)], method="GET"))
    assert {one, many} <= {400, 431}


def test_the_server_still_serves(server: Server) -> None:
    assert server.ask(head("/api/v1/me", method="GET")) == 200
    assert server.process.poll() is None


def test_a_limit_that_is_gone_is_noticed(
    staged: tuple[Path, Scene], monkeypatch: pytest.MonkeyPatch, scene: Scene
) -> None:
    content = b'{"details":{}}' + b" " * 2 * MIB
    path = f"/api/v1/cases/{scene.numbers['draft']}/transitions/submit"
    headers = {"content-type": "application/json", "if-match": '"0"'}
    assert scene.program("ma").post(path, content=content, headers=headers).status_code == 413
    monkeypatch.setattr("web.guards.LARGEST_ORDER", 10 * MIB)
    assert scene.program("ma").post(path, content=content, headers=headers).status_code != 413

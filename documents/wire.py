"""How the renderer and its children talk: a header of two lengths, canonical JSON, bytes. Nothing is unpickled."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

_HEADER = struct.Struct(">4sII")
_MARK = b"CHK1"
LARGEST = 64 << 20


class Closed(Exception):
    """The other end is gone."""


class Garbled(Exception):
    """What came is no message."""


def send(line: socket.socket, message: dict[str, Any], body: bytes = b"", *, deadline: float | None = None) -> None:
    """Sends the message; `deadline` is an instant of the monotonic clock. TimeoutError when it passes."""
    text = json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    _limit(line, deadline)
    line.sendall(_HEADER.pack(_MARK, len(text), len(body)) + text + body)


def receive(line: socket.socket, *, deadline: float | None = None) -> tuple[dict[str, Any], bytes]:
    """The next message. Closed at its end, TimeoutError after the deadline, Garbled for anything that is no message."""
    mark, text_length, body_length = _HEADER.unpack(_read(line, _HEADER.size, deadline))
    if mark != _MARK or text_length > LARGEST or body_length > LARGEST:
        raise Garbled("no message")
    try:
        message = json.loads(_read(line, text_length, deadline))
    except ValueError as failure:
        raise Garbled("no JSON") from failure
    if not isinstance(message, dict):
        raise Garbled("no object")
    return message, _read(line, body_length, deadline)


def _read(line: socket.socket, length: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while length:
        _limit(line, deadline)
        part = line.recv(min(length, 1 << 20))
        if not part:
            raise Closed
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _limit(line: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        line.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)

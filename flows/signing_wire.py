"""What travels over the socket of the signing process: one frame asks, one frame answers, then the line is closed."""

import json
import socket
import struct
from typing import Any

from services.issuance.signatures import PublicKey, SealAway

HEAD_BYTES, BODY_BYTES = 64_000, 40_000_000
PATIENCE_SECONDS = 60
_SIZES = struct.Struct("!II")


def send(line: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    """Send one frame: a small JSON object and bytes."""
    said = json.dumps(head, ensure_ascii=False).encode()
    line.sendall(_SIZES.pack(len(said), len(body)) + said + body)


def receive(line: socket.socket) -> tuple[dict[str, Any], bytes]:
    """The next frame. Fails (OSError, ValueError) when the other side goes away, is silent, or sends too much."""
    head, body = _SIZES.unpack(_exactly(line, _SIZES.size))
    if head > HEAD_BYTES or body > BODY_BYTES:
        raise ValueError("a frame larger than any paper")
    said = json.loads(_exactly(line, head))
    if not isinstance(said, dict):
        raise ValueError("no frame of ours")
    return said, _exactly(line, body)


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = line.recv(min(size, 1 << 20))
        if not part:
            raise ConnectionError("the other side has gone away")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def keys_to_wire(keys: tuple[PublicKey, ...]) -> list[dict[str, str]]:
    """The keys as plain values."""
    return [
        {"fingerprint": one.fingerprint, "purpose": one.purpose, "holder": one.holder, "pem": one.pem} for one in keys
    ]


def keys_from_wire(said: Any) -> tuple[PublicKey, ...]:
    """The keys again; SealAway for an answer that names none."""
    try:
        return tuple(PublicKey(**one) for one in said)
    except TypeError as error:
        raise SealAway("seal.silent", path="") from error

"""Asks a virus scanner about a file, where an installation has one: the clamd service, over its own protocol."""

import socket
import struct
from dataclasses import dataclass
from typing import Protocol

from services.errors import Unavailable

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class Scanner(Protocol):
    """Whatever can look at bytes and name what is wrong with them."""

    def finds(self, content: bytes) -> str:
        """The name of what was found; empty for a clean file. Unavailable when the scanner does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class NoScanner:
    """Where no scanner is installed; the inspection of files goes on without one."""

    def finds(self, content: bytes) -> str:  # noqa: ARG002
        """Nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class Clamd:
    """The clamd daemon at `unix:/path` or `host:port`, asked with INSTREAM."""

    address: str
    timeout_seconds: float = 10.0

    def finds(self, content: bytes) -> str:
        """The signature clamd names; Unavailable when it is not there, says an error, or takes too long."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), CHUNK):
                    piece = content[start : start + CHUNK]
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
                connection.sendall(struct.pack("!I", 0))
                answer = _answer(connection)
        except OSError as error:
            raise Unavailable("upload.scanner_silent") from error
        if answer.endswith(" FOUND"):
            return answer.removeprefix("stream:").removesuffix("FOUND").strip()
        if not answer.endswith(" OK"):
            raise Unavailable("upload.scanner_silent")
        return ""

    def _connected(self) -> socket.socket:
        if self.address.startswith("unix:"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.timeout_seconds)
            connection.connect(self.address.removeprefix("unix:"))
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=self.timeout_seconds)


def _answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode("utf-8", "replace")


def scanner_at(address: str) -> Scanner:
    """The scanner of that address; none for an empty one."""
    return Clamd(address) if address else NoScanner()

"""Posts one signed message to another system's address: checked after its name was resolved, held to ten seconds.

The connection goes to the very address that was checked, so that a name which changes its mind in between leads
nowhere else; an answer that sends us on is not followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

import certifi
from standardwebhooks import Webhook

from services.webhooks.queries import Message
from services.webhooks.rules import may_be_called, url_faults

SECONDS = 10.0
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Posted:
    """What came back: the status, or None with the reason why there was no answer."""

    status: int | None
    reason: str = ""


def post(message: Message, *, now: datetime, loopback: bool, resolve: Resolve | None = None) -> Posted:
    """Send the message once; never raises for what the other side or the network does."""
    if url_faults(message.url, loopback=loopback):
        return Posted(None, "webhook.address_not_public")
    parts = urlsplit(message.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = (resolve or _resolve)(str(parts.hostname), port)
    except OSError:
        return Posted(None, "webhook.name_not_found")
    if not addresses or not all(may_be_called(one, loopback=loopback) for one in addresses):
        return Posted(None, "webhook.address_not_public")
    kind = _Trusted if parts.scheme == "https" else _Plain
    connection = kind(str(parts.hostname), port, addresses[0])
    ender = threading.Timer(SECONDS, _end, (connection,))
    ender.daemon = True
    ender.start()
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body=message.body, headers=_headers(message, now))
        status = connection.getresponse().status
        return Posted(status, "" if 200 <= status < 300 else "webhook.not_taken")
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # AttributeError: the ten seconds ended while the library was between two steps.
        return Posted(None, "webhook.no_trust" if isinstance(error, ssl.SSLError) else "webhook.no_answer")
    finally:
        ender.cancel()
        connection.close()


def _headers(message: Message, now: datetime) -> Mapping[str, str]:
    signed = Webhook(message.secret).sign(message.event_id, now, message.body.decode())
    return {
        "Content-Type": "application/json",
        "User-Agent": "chuke-webhooks",
        "Connection": "close",
        "webhook-id": message.event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signed,
    }


def _resolve(host: str, port: int) -> list[str]:
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


class _Plain(http.client.HTTPConnection):
    """A connection whose socket goes to the checked address, whatever the name says by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.address = address

    def connect(self) -> None:
        """Dial the checked address."""
        self.sock = socket.create_connection((self.address, self.port), SECONDS)


class _Trusted(_Plain):
    """The same under TLS; the certificate must be one of the name."""

    default_port = 443

    def connect(self) -> None:
        """Dial the checked address and ask for the name's certificate."""
        super().connect()
        self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)


def _end(connection: http.client.HTTPConnection) -> None:
    """Cut a connection whose ten seconds are over, whatever it is doing."""
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)

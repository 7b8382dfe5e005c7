"""What may be sent where and when: event kinds, addresses that may be called, waits between attempts; no database."""

import ipaddress
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

LONGEST_URL = 500
WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 180, 360, 720, 1440, 1560))
"""The waits after the failed attempts: three days in all, then a person must look."""

PING = "ping"
PAPER = "paper.issued"
PAYMENT = "payment.confirmed"


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after that many failed attempts; None when it is enough."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def kind_of_move(case_kind: str, state: str) -> str:
    """The event kind of a move of a case into a state."""
    return f"case.{case_kind}.{state}"


def matches(wanted: Sequence[str], kind: str) -> bool:
    """Whether somebody who wants these kinds wants this one: `case` and `case.incubation` mean all below them."""
    return any(kind == one or kind.startswith(f"{one}.") for one in wanted)


def url_faults(url: str, *, loopback: bool) -> tuple[str, ...]:
    """Reason codes why nothing is sent to that address: https only, no names in it, no address of our own network.

    `loopback` allows http to this very machine, for tests.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ("webhook.url_unreadable",)
    host = parts.hostname or ""
    printable = url.isascii() and url.isprintable() and " " not in url
    if not printable or len(url) > LONGEST_URL or not host or parts.username is not None or parts.fragment or port == 0:
        return ("webhook.url_unreadable",)
    if loopback and parts.scheme in ("http", "https") and host in ("127.0.0.1", "localhost", "::1"):
        return ()
    if parts.scheme != "https":
        return ("webhook.url_not_https",)
    literal = _address(host)
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return ("webhook.address_not_public",)
    return ("webhook.address_not_public",) if literal and not may_be_called(host, loopback=False) else ()


def may_be_called(address: str, *, loopback: bool) -> bool:
    """Whether that IP address is one of the public internet (or, with `loopback`, this machine)."""
    found = _address(address)
    if found is None:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        # An IPv4 address in the dress of another is judged as what it is.
        inner = found.ipv4_mapped or found.sixtofour
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return may_be_called(str(inner), loopback=loopback)
    if loopback and found.is_loopback:
        return True
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None

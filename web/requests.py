"""What a request says about itself: ids that can be ids, and numbers that make it repeatable."""

import hashlib
from datetime import date
from uuid import UUID

from services.actors import Actor
from services.errors import NotFound


def request_key(actor: Actor, given: str) -> str:
    """The key under which the services remember the request; empty when none was given.

    One person's number never meets another's, and any length fits.
    """
    return hashlib.sha256(f"{actor.id} {given}".encode()).hexdigest() if given else ""


def known_id(text: str) -> str:
    """The text when it can be an id of ours (a UUID as we write it); NotFound otherwise: one database chokes on it."""
    try:
        fits = str(UUID(text)) == text
    except ValueError:
        fits = False
    if not fits:
        raise NotFound("access.not_found")
    return text


def day_asked(text: str) -> date | None:
    """The day in an address; what is none, or of no year of ours, asks for nothing."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None

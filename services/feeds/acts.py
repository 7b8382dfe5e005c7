"""What a person does about the own calendar address, noted in the audit log."""

from datetime import datetime

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work, run
from services.feeds.commands import end_feed, open_feed
from services.people.acts import note


def open_own_feed(database: Database, actor: Actor, *, now: datetime) -> str:
    """Give the person a new address and answer its secret, once; the one before is dead."""

    def unit(work: Work) -> str:
        note(work, actor, "calendar_feed:open", stream=f"feed:{actor.id}", object=actor.username)
        return open_feed(work, person_id=actor.id)

    return run(database, now, unit)


def end_own_feed(database: Database, actor: Actor, *, now: datetime) -> None:
    """End the person's address."""

    def unit(work: Work) -> None:
        note(work, actor, "calendar_feed:end", stream=f"feed:{actor.id}", object=actor.username)
        end_feed(work, person_id=actor.id)

    run(database, now, unit)

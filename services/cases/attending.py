"""What a person does about errands that were parked: try one again, all of a kind, or note that it was done by hand."""

from datetime import datetime

from services.actors import Actor
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Refused
from services.outbox.commands import handle_by_hand, retry_errand
from services.outbox.queries import errands
from services.outbox.rules import Errand
from services.people.acts import act, allowed, note, told


def retry_parked(database: Database, actor: Actor, *, errand_id: str, now: datetime) -> Errand:
    """Let a parked errand try again, noted in the case's trail; Forbidden, or Refused when it is not parked."""

    def unit(work: Work) -> Errand:
        allowed(work, actor, "errand:retry")
        errand = retry_errand(work, actor=actor, errand_id=errand_id)
        _note(work, actor, "errand:retry", errand, {"effect": errand.effect})
        return errand

    stream = f"errand:{errand_id}"
    return act(database, actor, unit, now=now, action="errand:retry", stream=stream, object=errand_id)


def retry_all_parked(database: Database, actor: Actor, *, effect: str, now: datetime) -> int:
    """Let every parked errand of that kind try again, each noted; answers how many. Forbidden as `retry_parked`."""
    with reading(database, now) as work:
        allowed(work, actor, "errand:retry")
        chosen = [one.id for one in errands(work, standing="parked", limit=10_000) if one.effect == effect]
    retried = 0
    for identity in chosen:
        try:
            retry_parked(database, actor, errand_id=identity, now=now)
        except Refused:
            # Somebody else sent it off meanwhile.
            continue
        retried += 1
    return retried


def done_by_hand(database: Database, actor: Actor, *, errand_id: str, reason: str, now: datetime) -> Errand:
    """Note that a person did in the office what a parked errand could not do, and why; it is not tried again.

    Refuses an errand that is not parked, and one whose result only the system can make (papers, money, states).
    """
    said = told(("处理情况", "what was done"), reason, longest=400)

    def unit(work: Work) -> Errand:
        allowed(work, actor, "errand:retry")
        errand = handle_by_hand(work, actor=actor, errand_id=errand_id, reason=said)
        _note(work, actor, "errand:by_hand", errand, {"effect": errand.effect, "reason": said})
        return errand

    stream = f"errand:{errand_id}"
    return act(database, actor, unit, now=now, action="errand:by_hand", stream=stream, object=errand_id)


def _note(work: Work, actor: Actor, action: str, errand: Errand, details: dict[str, str]) -> None:
    if errand.case_id is not None:
        # The case's row is what keeps two entries from taking the same place in its trail.
        load_subject(work, case_id=errand.case_id, lock=True)
    stream = errand.case_id or f"errand:{errand.id}"
    note(work, actor, action, stream=stream, object=errand.case_number or errand.effect, details=details)

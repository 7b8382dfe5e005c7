"""What every task that carries an errand has in common: its name, its settings, and how it ends."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Failed

from flows.hand import held

Carried = State[Any]
Body = Callable[[str, str], Coroutine[Any, Any, Carried]]

ENDINGS: dict[str, Callable[..., Carried]] = {
    "done": Completed,
    "waiting": Failed,
    "parked": Failed,
    "lost": Cancelled,
}
"""How Prefect shows an outcome. The reason stands on the errand, where it may name a person, and not here."""


def errand_task(body: Body) -> Any:
    """A task that carries one kind of errand, named "QYFH-2026-0031 issue_document".

    No retries and no results of Prefect's: the errand's own attempts and its fence are what count.
    """
    return task(
        name=body.__name__,
        task_run_name="{case_number} " + body.__name__,
        persist_result=False,
        cache_policy=NO_CACHE,
        retries=0,
    )(body)


async def carried(errand_id: str) -> Carried:
    """Carry the errand in a thread of its own, so that drawing and committing do not hold up the others."""
    found = held(errand_id)
    if found is None:
        return Cancelled(message="not in hand: the relay claims it when it is due")
    hand, errand = found
    try:
        outcome = await asyncio.to_thread(hand.carry, errand)
    except Exception as error:
        # Only our database being away leads here. Its words may repeat personal values, so only the kind is shown.
        return Failed(message=type(error).__name__)
    if outcome is None:
        return Cancelled(message="left for later")
    return ENDINGS[outcome](message=outcome)

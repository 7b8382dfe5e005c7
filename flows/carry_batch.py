"""Carries a batch when much waits: one flow run, a task for every errand, the errands of one case in their order."""

import asyncio
from typing import Any

from prefect import flow
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows.errand_task import Carried
from flows.hand import held
from flows.registry import task_of

AT_ONCE = 4
"""Cases carried at the same time in one flow run: while one waits for the disk, another is prepared."""


@flow(name="carry_batch", flow_run_name="{errands} errands", persist_result=False, retries=0)
async def carry_batch(errands: int, errand_ids: list[str]) -> Carried:  # noqa: ARG001 - the count names the run
    """Carry a claimed batch."""
    return await carry_in_order(errand_ids)


async def carry_in_order(errand_ids: list[str]) -> Carried:
    """Carry the errands by one task run each; those of one case one after the other, whatever became of the earlier.

    Ends as Failed when one did not get done, so that it stands out; what happens next is on the errand itself.
    """
    await asyncio.to_thread(_note, errand_ids)
    chains: dict[str, list[str]] = {}
    for errand_id in errand_ids:
        if (found := held(errand_id)) is not None:
            chains.setdefault(found[1].case_number, []).append(errand_id)
    turns = asyncio.Semaphore(AT_ONCE)
    ended = await asyncio.gather(*(_chain(case_number, ids, turns) for case_number, ids in chains.items()))
    failed = sum(not state.is_completed() for states in ended for state in states)
    if failed:
        return Failed(message=f"{failed} of {len(errand_ids)} not done")
    return Completed(message=f"{len(errand_ids)} done")


async def _chain(case_number: str, errand_ids: list[str], turns: asyncio.Semaphore) -> list[Carried]:
    async with turns:
        return [await _one(case_number, errand_id) for errand_id in errand_ids]


async def _one(case_number: str, errand_id: str) -> Carried:
    found = held(errand_id)
    task: Any = task_of(found[1].effect if found else "")
    state: Carried = await task(errand_id=errand_id, case_number=case_number, return_state=True)
    return state


def _note(errand_ids: list[str]) -> None:
    found = held(errand_ids[0]) if errand_ids else None
    if found is not None:
        found[0].note_flow_run(errand_ids, str(flow_run.id))

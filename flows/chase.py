"""Reminds whoever a case waits for that a due day is near or past."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def chase(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Remind once for each mark of a running clock; nobody is chased for a case that has moved on."""
    return await carried(errand_id)

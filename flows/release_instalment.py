"""Opens an earned instalment for request, once its move has earned it."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def release_instalment(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Release the earned instalments through the one door; one that is held waits for its hold to be lifted."""
    return await carried(errand_id)

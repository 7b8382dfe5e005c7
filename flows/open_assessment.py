"""Opens an assessment round, so that the seated evaluators can score."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def open_assessment(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Open the round with its form; while no panel sits, the secretary is asked to appoint one."""
    return await carried(errand_id)

"""Tells the people of a case what happened and what they may do next."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def send_notice(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Put the notice before everyone of its roles on the case; nobody is told twice."""
    return await carried(errand_id)

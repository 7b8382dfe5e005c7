"""Sends a released batch of payments to the bank; the flow is told nothing but the errand's id."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def send_payments(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Ask the bank once for each payment of the batch; run again it goes on, and never asks twice about an unknown."""
    return await carried(errand_id)

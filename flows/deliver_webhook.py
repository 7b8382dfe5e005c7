"""Delivers a signed message to another system; what fails comes again, for three days."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def deliver_webhook(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Send the message the errand names once, and book how that went."""
    return await carried(errand_id)

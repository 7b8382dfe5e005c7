"""Sends the e-mail that tells a person of a notice; a server that does not take it is asked again later."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def send_mail(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Hand the mail to the server, then book that it went out."""
    return await carried(errand_id)

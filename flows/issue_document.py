"""Issues a paper: draws it from its stored inputs, files the bytes, puts it into its addressees' drawers."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def issue_document(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Draw, file and deliver the paper the errand names; a paper that is filed already is only delivered."""
    return await carried(errand_id)

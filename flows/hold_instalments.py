"""Holds, frees and cancels what an award has not paid yet, when its incubation stops, goes on or ends."""

from flows.errand_task import Carried, carried, errand_task


@errand_task
async def hold_payments(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Hold every instalment of the case that has not gone to the bank."""
    return await carried(errand_id)


@errand_task
async def lift_hold(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Let every held instalment go on from where it stood."""
    return await carried(errand_id)


@errand_task
async def cancel_unpaid(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Cancel what was not paid; refused, and tried again, while an instruction is at the bank."""
    return await carried(errand_id)


@errand_task
async def follow_account_change(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Pay into the account that replaced another one, and hold what was approved for that one."""
    return await carried(errand_id)


@errand_task
async def open_recovery(errand_id: str, case_number: str) -> Carried:  # noqa: ARG001 - the number names the run
    """Open the case in which money that was paid is asked back."""
    return await carried(errand_id)

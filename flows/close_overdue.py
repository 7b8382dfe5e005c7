"""Closes what is overdue and reminds whoever is waited for: a flow run whenever a day brings something."""

import asyncio

from prefect import flow
from prefect.states import Completed

from flows.chores import close_what_is_overdue
from flows.errand_task import Carried
from flows.hand import lent


@flow(name="close_overdue", flow_run_name="{day}", persist_result=False, retries=0)
async def close_overdue(day: str) -> Carried:  # noqa: ARG001 - the day names the run
    """Pull due timers and leave reminders; running it twice changes nothing the second time."""
    database, now = lent()
    found = await asyncio.to_thread(close_what_is_overdue, database, now=now)
    return Completed(message=f"{found.moved} moved, {found.reminded} to be reminded")

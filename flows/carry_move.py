"""Carries what one move of one case owes the world: the flow run a person looks for, named by case number."""

from prefect import flow

from flows.carry_batch import carry_in_order
from flows.errand_task import Carried


@flow(name="carry_move", flow_run_name="{case_number} #{move_sequence}", persist_result=False, retries=0)
async def carry_move(case_number: str, move_sequence: int | None, errand_ids: list[str]) -> Carried:  # noqa: ARG001
    """Carry the errands of one move, in the order of its table row."""
    return await carry_in_order(errand_ids)

"""Installs what the Prefect server needs of us: flow runs whose process died are marked as crashed."""

from datetime import timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from flows.prefect_server import HEARTBEAT_SECONDS

ZOMBIES = "chuke: flow runs without a heartbeat have crashed"


def zombie_automation() -> AutomationCore:
    """A flow run that was heard of and then not again for three heartbeats, without having ended, has crashed."""
    return AutomationCore(
        name=ZOMBIES,
        description="The errands of such a run are claimed again when their leases end; this only mends the picture.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat", "prefect.flow-run.Completed", "prefect.flow-run.Failed",
                "prefect.flow-run.Cancelled", "prefect.flow-run.Crashed",
            },
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=3 * HEARTBEAT_SECONDS),
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="no heartbeat: its process has ended")],
    )  # fmt: skip


async def install_automations() -> bool:
    """Install the automation when the server has none of its name yet; answers whether it was missing."""
    async with get_client() as client:
        if await client.read_automations_by_name(ZOMBIES):
            return False
        await client.create_automation(zombie_automation())
        return True

"""The due days of what waits for a person, each with whether the year's holidays may still move it."""

from sqlalchemy import select

from services.actors import Actor
from services.authority.rules import scopes
from services.cases.models import case_clocks
from services.cases.queries import CaseLine, waiting_for
from services.database.work import Work

MOST = 500


def due_days(work: Work, actor: Actor) -> tuple[tuple[CaseLine, bool], ...]:
    """(case, whether its due day is provisional) of everything that waits for the person and has a due day."""
    if not scopes(actor, "case:list"):
        return ()
    lines = [line for line in waiting_for(work, actor, limit=MOST) if line.due_on is not None]
    rows = work.connection.execute(
        select(case_clocks.c.case_id, case_clocks.c.due_on).where(
            case_clocks.c.case_id.in_([line.id for line in lines]), case_clocks.c.provisional.is_(True),
            case_clocks.c.standing == "running",
        )
    )  # fmt: skip
    provisional = {(row.case_id, row.due_on) for row in rows}
    return tuple((line, (line.id, line.due_on) in provisional) for line in lines)

"""Keeps every application as it was handed in, by whatever way, so that what changed between two can be seen."""

from sqlalchemy import select

from services.applications import commands as applications
from services.applications.queries import files_of
from services.cases.models import case_materials
from services.cases.turn import Turn


def keep_version(turn: Turn) -> None:
    """Whatever way an application is handed in, what was handed in is kept as a version of its own."""
    files = files_of(turn.work, turn.case.id)
    rows = turn.work.connection.execute(
        select(case_materials).where(case_materials.c.case_id == turn.case.id).order_by(case_materials.c.name)
    )
    materials = [
        {"name": row.name, "original": row.original, "sha256": files[row.name].sha256 if row.name in files else None}
        for row in rows
    ]
    applications.keep_version(turn.work, turn.actor, turn.case.id, materials=materials)

"""A small city with one admitted case, on each database."""

import os
from dataclasses import dataclass
from datetime import datetime

import pytest

from cli.bench.city import City, actors, build
from services.actors import Actor
from services.database.engine import Database
from services.database.work import office_instant
from tests.crash.client import Client, Journal
from tests.crash.harness import stand_in
from tests.crash.scenarios import ADMISSION, CASE

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
ORGANIZATIONS = 16


@dataclass(frozen=True)
class Town:
    """The database with the city, its people, and an instant at which the first case is admitted."""

    database: Database
    city: City
    people: dict[str, Actor]
    now: datetime
    case: str = CASE


@pytest.fixture
def town(database: Database, tmp_path) -> Town:
    """The case stands in ADMITTED, where the plan may be recorded again and again."""
    return walked(database, tmp_path)


def walked(database: Database, folder, *, budget_fen: int = 100_000_000) -> Town:
    """The city after its first organization was admitted."""
    city = build(
        database, organizations_count=ORGANIZATIONS, now=office_instant(ADMISSION[0].day, hour=8), budget_fen=budget_fen
    )
    journal = Journal(folder / "journal.jsonl")
    for step in ADMISSION[:13]:
        client = Client(database, city, step=step.name, now=step.now, journal=journal, render=stand_in)
        step.act(client)
        client.drain()
    now = ADMISSION[13].now
    return Town(database, city, actors(database, now=now, organizations_count=ORGANIZATIONS), now)


PLAN = {
    "needs": [{"area": "团队", "level": 3}],
    "goals": [{"metric": "志愿者", "base": "12人", "target": "20人", "due_on": "2027-06-30"}],
    "service_plan": "每月两次助老活动",
    "mentor": "导师甲",
}

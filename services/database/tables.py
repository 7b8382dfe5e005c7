"""Loads every noun's tables onto the shared MetaData, by name, so that migrations and tests see the whole schema."""

import importlib

from sqlalchemy import MetaData

from services.database import counters
from services.database.base import METADATA

NOUNS = (
    "people", "organizations", "rulesets", "calendar", "audit", "outbox", "notices", "ledger", "funding",
    "assessments", "issuance", "desk", "cases", "applications", "replies", "webhooks", "feeds",
    "evaluators", "stars", "grades", "reviews", "payments", "donations", "awards", "reconciliation", "exports",
    "purchases", "delivery", "templates",
)  # fmt: skip


def all_tables() -> MetaData:
    """The MetaData with every table of every noun on it."""
    assert counters.counters.metadata is METADATA
    for noun in NOUNS:
        importlib.import_module(f"services.{noun}.models")
    return METADATA

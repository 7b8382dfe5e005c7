"""Tests against a real SQLite and a real PostgreSQL, each migrated by the shipped steps."""

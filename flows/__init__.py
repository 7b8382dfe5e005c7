"""Carries what the database has decided to the outside world: errands become Prefect flows here."""

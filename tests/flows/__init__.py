"""Tests of the relay and of the flows: errands carried by plain calls and through a real Prefect server."""

"""Measures what an advance and an errand cost, on a small city of its own in a database of its own."""

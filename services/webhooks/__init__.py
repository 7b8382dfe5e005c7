"""Signed messages to other systems about moves, papers and payments: ids, numbers and states, nothing personal."""

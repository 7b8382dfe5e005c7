"""Payments: what the bank was told to pay, in which batch, what it answered, and what became of each attempt."""

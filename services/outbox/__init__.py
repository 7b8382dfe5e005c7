"""Errands: what a move owes the world, committed with the move and carried out by flows."""

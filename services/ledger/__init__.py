"""The append-only double-entry book; integer fen; every entry sums to zero."""

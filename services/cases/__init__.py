"""Cases of every kind, the one door through which they move, and what their guards ask."""

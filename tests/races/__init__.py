"""Many at once on the same thing: one wins, the others are told so, and no number or fen is counted twice."""

"""What the office counts: figures for the board, each with the list of cases behind it. Reads only."""

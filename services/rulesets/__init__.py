"""Numbers, periods, percentages and pass marks, versioned by date, never constants in code."""

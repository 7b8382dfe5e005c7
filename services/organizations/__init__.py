"""Community social organizations: their names, numbers and members."""

"""Working days and legal time limits."""

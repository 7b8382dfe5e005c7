"""Stops the process at every point where something is committed, starts it again, looks for what is lost or twice."""

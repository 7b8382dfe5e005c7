"""Stops the process at every point where something is committed, starts it again, and looks for what is lost or doubled."""

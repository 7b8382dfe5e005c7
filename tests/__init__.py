"""Proof of what the software promises, one folder per tier; see each folder for what it may touch."""

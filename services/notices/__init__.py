"""Notices to people, one per person and business key."""

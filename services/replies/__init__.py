"""Answers kept for requests that are sent again under the same key."""

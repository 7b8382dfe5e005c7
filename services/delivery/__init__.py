"""送达: the drawer of each organization, which papers must be served, how each was served, and what runs from there."""

"""Properties that hold for every input, found by random search."""

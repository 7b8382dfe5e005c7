"""The checker finds nothing in a sound database, and each planted breach under its own code."""

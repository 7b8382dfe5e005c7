"""The checker: recomputes from the records what must always hold, and names the rows where it does not."""

"""Secret addresses under which a person's calendar reads the due days of what waits for the person."""

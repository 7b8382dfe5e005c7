"""The JSON interface as programs meet it: its description, its promises, and what comes of nonsense."""

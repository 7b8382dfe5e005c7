"""National grades 1A to 5A of registered organizations: recorded and reminded of, never decided here."""

"""The database: engine, shared table base, units of work, gapless counters and migrations; nothing of any noun."""

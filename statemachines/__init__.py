"""The processes as tables: pure declarations and one pure engine; no clock, no database, no effect happens here."""

"""Personal data at rest and on show: keys kept outside of the database, sealed fields, masks."""

"""Runs the steps on the connection that `services.database.schema.upgrade` hands over; there is no other way in."""

from alembic import context

from services.database.tables import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    transactional_ddl=True,  # both databases undo DDL; the library assumes otherwise for SQLite
)
context.run_migrations()

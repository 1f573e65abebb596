"""Alembic's entry: runs the steps on the connection that ``upgrade.migrate`` has opened."""

from alembic import context

_connection = context.config.attributes["connection"]
context.configure(connection=_connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()

"""The same services on SQLite and on Postgres."""

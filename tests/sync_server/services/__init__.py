"""The server's use cases on a real Postgres."""

"""The desktop's store, cycle and client against the real server on a real Postgres."""

"""The server's use cases: each takes what it needs in its constructor and opens its own transactions."""

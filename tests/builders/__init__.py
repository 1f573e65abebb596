"""Things made with defaults, so that a test mentions only what matters."""

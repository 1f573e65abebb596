"""House rules of Daybook."""

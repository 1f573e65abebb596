"""The rows that screens show, on a real local store."""

"""The customer pages in a real browser."""

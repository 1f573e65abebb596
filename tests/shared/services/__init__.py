"""The studio's use cases."""

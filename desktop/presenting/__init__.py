"""Codes and values turned into the words that people read; no Qt, no SQL, no clock of its own."""

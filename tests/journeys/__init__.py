"""Whole stories through every part."""

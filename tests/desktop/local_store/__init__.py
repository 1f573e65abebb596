"""Rules of the desktop: local store."""

"""Rules of the desktop: sync."""

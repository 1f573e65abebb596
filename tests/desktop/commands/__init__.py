"""Rules of the desktop: commands."""

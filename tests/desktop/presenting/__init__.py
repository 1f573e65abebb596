"""What the desktop says: pure words."""

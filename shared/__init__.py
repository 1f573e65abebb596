"""The studio's rules, run by the desktop and by the server alike."""

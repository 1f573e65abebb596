"""The screens, offscreen; any Qt warning fails."""

"""What a studio keeps: plain classes with their state and legal transitions, no SQL."""

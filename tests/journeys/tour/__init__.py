"""The main job for every row of a file of bookings: ``make tour``."""

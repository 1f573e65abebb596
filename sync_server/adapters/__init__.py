"""The doors to what lies outside: one vendor each, chosen by bootstrap alone."""

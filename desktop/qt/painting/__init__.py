"""Strokes that several widgets and delegates share: hairlines, hatches, status edges, marks, circles."""

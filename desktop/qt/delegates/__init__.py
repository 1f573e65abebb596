"""How cells are painted: every delegate paints what its column means on the ground of its table."""

"""How cells are painted: every delegate paints the ground of its row and then what its column means."""

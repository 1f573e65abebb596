"""The database's shape, step by step; only ``migrate`` connects as the owner."""

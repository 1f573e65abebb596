"""What follows from a fact after its commit: each handler runs alone, in a transaction of its own."""

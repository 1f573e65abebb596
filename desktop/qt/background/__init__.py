"""Work away from the GUI thread: one writer, a pool of readers, and the one way home."""

"""One wire, both ends: operations, their results, and the changes that come back."""

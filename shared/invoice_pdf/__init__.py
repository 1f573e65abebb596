"""The paper: an issued document as plain worded values, and its PDF, byte for byte the same for ever."""

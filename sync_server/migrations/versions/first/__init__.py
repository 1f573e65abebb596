"""The parts of the first step."""

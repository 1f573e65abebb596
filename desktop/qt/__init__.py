"""All that people see on the desktop; the only folder that imports PySide6."""

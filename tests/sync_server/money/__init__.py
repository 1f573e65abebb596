"""Card money on the server, against the emulator as the process it is."""

"""Brings own changes to the server and the server's rows here: a cycle without I/O, and its loop."""

"""Reads: one function per list or record, answering with frozen rows (rows.py, record_rows.py)."""

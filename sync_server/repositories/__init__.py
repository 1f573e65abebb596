"""The server's own SQL: tables, engine, lock, and finding and writing what only the server keeps."""

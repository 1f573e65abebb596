"""What the database itself refuses and keeps."""

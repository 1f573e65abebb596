"""What staff do, one function per intent; each answers what it touched."""

"""What customers can do by mailed links, and what nobody can."""

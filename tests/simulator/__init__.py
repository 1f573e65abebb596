"""Many small histories of two studios, their computers and one server, each grown from one number."""

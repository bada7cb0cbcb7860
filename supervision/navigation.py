"""The menu entries of supervision."""

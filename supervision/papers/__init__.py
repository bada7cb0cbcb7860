"""What the papers of supervision say, as plain data for `core.papers`."""

"""The periodic work of supervision."""

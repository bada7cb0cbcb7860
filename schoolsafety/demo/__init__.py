"""The demo city: invented names and a believable history, the same for the same seed."""

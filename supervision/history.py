"""The sentences of this app's events in a timeline."""

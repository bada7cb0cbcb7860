"""The sentences of this app's events in a timeline."""

from . import history_listing  # noqa: F401 -- it registers

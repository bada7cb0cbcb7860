"""The periodic work of supervision."""

from . import schedule_listing  # noqa: F401 -- it registers

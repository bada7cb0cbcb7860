"""The menu entries of supervision."""

from . import navigation_listing  # noqa: F401 -- it registers

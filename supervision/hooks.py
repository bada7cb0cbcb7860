"""What supervision adds to a hazard: locks of its close-out, parts of its page, acts that follow a move."""

from . import hooks_listing  # noqa: F401 -- it registers

"""What supervision puts on a person's desk."""

from . import duties_listing  # noqa: F401 -- it registers

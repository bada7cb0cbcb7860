"""What supervision adds to a hazard: locks of its close-out, parts of its page, acts that follow a move."""

from . import (  # noqa: F401 -- they register
    hooks_chasing,
    hooks_closing,
    hooks_funding,
    hooks_judging,
    hooks_listing,
    hooks_looking_back,
    hooks_measures,
    hooks_stops,
    hooks_surroundings,
)

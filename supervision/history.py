"""The sentences of this app's events in a timeline."""

from . import (  # noqa: F401 -- they register
    history_chasing,
    history_funding,
    history_judging,
    history_listing,
    history_measures,
    history_stops,
    history_surroundings,
)

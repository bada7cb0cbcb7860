"""The periodic work of supervision."""

from . import (  # noqa: F401 -- they register
    schedule_chasing,
    schedule_closing,
    schedule_listing,
    schedule_looking_back,
    schedule_measures,
    schedule_surroundings,
)

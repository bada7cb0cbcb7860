"""What supervision puts on a person's desk."""

from . import (  # noqa: F401 -- they register
    duties_chasing,
    duties_funding,
    duties_judging,
    duties_listing,
    duties_looking_back,
    duties_measures,
    duties_stops,
    duties_surroundings,
)

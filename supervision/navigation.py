"""The menu entries of supervision."""

from . import (  # noqa: F401 -- they register
    navigation_chasing,
    navigation_command,
    navigation_judging,
    navigation_ledger,
    navigation_listing,
    navigation_looking_back,
    navigation_measures,
    navigation_surroundings,
)

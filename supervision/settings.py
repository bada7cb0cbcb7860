"""The bureau settings of this app, with their defaults and where these come from."""

from . import (  # noqa: F401 -- they register
    settings_chasing,
    settings_command,
    settings_judging,
    settings_listing,
    settings_measures,
    settings_stops,
    settings_surroundings,
)

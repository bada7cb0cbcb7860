"""The bureau settings of this app, with their defaults and where these come from."""

from . import settings_listing  # noqa: F401 -- it registers

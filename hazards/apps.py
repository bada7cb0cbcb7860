"""Hazards: the case, its life cycle, the five implementations, extensions, close-out."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"

    def ready(self):
        from . import settings  # noqa: F401, PLC0415 -- declares the bureau settings

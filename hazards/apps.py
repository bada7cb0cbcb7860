"""Hazards: the case, its life cycle, the five implementations, extensions, close-out."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"

    def ready(self):
        from schoolsafety.core.files import register_owner  # noqa: PLC0415 -- needs the app registry

        from . import duties, importing, navigation, schedule, settings, tasks, verbs  # noqa: F401, PLC0415 -- they register
        from .models import Hazard  # noqa: PLC0415 -- needs the app registry

        register_owner(Hazard, Hazard.objects.visible_to)

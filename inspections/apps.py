"""Inspections: checklists, patrol points, daily patrols, bureau inspections, rectification notices."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self):
        """Register what the kernel and the app below show of this one."""
        from . import duties, history, importing, links, navigation, schedule, settings, tasks  # noqa: F401, PLC0415 -- they register

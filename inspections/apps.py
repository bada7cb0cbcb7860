"""Inspections: checklists, patrol points, daily patrols, bureau inspections, rectification notices."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self):
        from . import settings  # noqa: F401, PLC0415 -- declares the bureau settings

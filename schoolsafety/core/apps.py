"""The kernel: organisations, people, history, numbers, files, calendar, jobs. It knows no domain word."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "schoolsafety.core"
    label = "core"

    def ready(self):
        """Register checks, jobs, importers and menu entries; sign-in rows hang on its signals."""
        from . import anchors, checks, entries, importers, notifications, signin, tidy  # noqa: F401, PLC0415 -- they register

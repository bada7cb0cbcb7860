"""The kernel: organisations, people, history, numbers, files, calendar, jobs. It knows no domain word."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "schoolsafety.core"
    label = "core"

    def ready(self):
        from . import checks  # noqa: F401, PLC0415 -- registers the system checks

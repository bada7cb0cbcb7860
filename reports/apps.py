"""Reports: the week and the month, drafted from the records and frozen when issued."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from . import schedule  # noqa: F401, PLC0415 -- registers the periodic jobs

"""Reports: the week and the month, drafted from the records and frozen when issued."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from . import duties, navigation, schedule, verbs  # noqa: F401, PLC0415 -- they register

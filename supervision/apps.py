"""Supervision: what the bureau does beyond one hazard's repair, from judgement to look-back and measures."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self):
        """Register what the kernel and the apps below show of this one."""
        from . import duties, history, hooks, navigation, schedule, settings  # noqa: F401, PLC0415 -- they register

"""The Celery application and its beat schedule. Beat only wakes; what is due is decided from rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.base")

app = Celery("schoolsafety")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Every minute: create the periodic jobs that have fallen due, also those missed while down.
    "tick": {"task": "core.tick", "schedule": 60.0},
    # Every minute: jobs whose hint got lost, or whose worker died, are put back on the queue.
    "sweep": {"task": "core.sweep", "schedule": 60.0},
}

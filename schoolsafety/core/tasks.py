"""Celery's side of the outbox: three thin tasks. Each may run twice."""

from celery import shared_task
from django.utils import timezone

from . import jobs


@shared_task(name="core.run_job")
def run_job(job_pk):
    """Run one job by its row."""
    return jobs.run(job_pk, now=timezone.now())


@shared_task(name="core.tick")
def tick():
    """Create the periodic jobs that fell due."""
    return jobs.tick(now=timezone.now())


@shared_task(name="core.sweep")
def sweep():
    """Put back jobs that got lost between row and worker."""
    return jobs.sweep(now=timezone.now())

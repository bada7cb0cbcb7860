"""Background work: a row first, the broker only as a hint, every job safe to run twice.

Measured: Celery on Redis loses or doubles jobs when a worker is killed. So a job is a row in the
same transaction as its cause; `sweep` puts back what no worker finished.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .audit import record_event
from .models import Job
from .workdays import build_calendar, calendar_rows

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=15)  # longer than the hard time limit of a task
RETRY_AFTER = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)]
HANDLERS: dict[str, Callable] = {}
TITLES: dict[str, Any] = {}  # job name -> lazy text that people read
SCHEDULES: dict[str, "Schedule"] = {}


@dataclass(frozen=True)
class Schedule:
    """A periodic job. `due(after, now)` yields (period key, arguments) for every period that fell due."""

    name: str
    due: Callable[[datetime, datetime], list[tuple[str, dict]]]
    catch_up: timedelta


def handler(name, *, title=None):
    """Register a function `f(job, **arguments) -> dict | None` as the work behind `name`.

    The dict is shown on the job's page: "rows" ([{"school", "text", "ok", "url"}]), "url" and "text".
    """

    def register(function):
        if name in HANDLERS:
            raise ValueError(f"The job {name} is registered twice.")
        HANDLERS[name] = function
        TITLES[name] = title or name
        return function

    return register


def periodic(name, due, *, catch_up=timedelta(days=21)):
    """Let `tick` create the job `name` for each period that `due` yields, also after downtime."""
    SCHEDULES[name] = Schedule(name, due, catch_up)


def workday_mornings(at):
    """A `due` for `periodic`: this morning from `at` (a time in Asia/Shanghai), if it is a workday.

    What tells people of today needs no run of its own for a day that was missed.
    """

    def due(after, now):
        local = timezone.localtime(now)
        begins = timezone.make_aware(datetime.combine(local.date(), at))
        if not max(after, begins) <= now:
            return []
        today = local.date()
        is_workday = build_calendar(*calendar_rows([]), []).is_workday(today)
        return [(today.isoformat(), {"day": today.isoformat()})] if is_workday else []

    return due


def enqueue(name, *, now, key=None, organisation=None, requested_by=None, run_after=None, **arguments):
    """Write the job's row and, on commit, hint the broker. With a `key` seen before: that first job.

    Arguments must be plain JSON. Returns the Job.
    """
    if name not in HANDLERS:
        raise ValueError(f"There is no job called {name}.")
    values = {
        "name": name, "arguments": arguments, "organisation": organisation, "requested_by": requested_by,
        "created_at": now, "run_after": run_after or now,
    }  # fmt: skip
    if key is None:
        job = Job.objects.create(**values)
    else:
        job, _created = Job.objects.get_or_create(key=key, defaults=values)
    transaction.on_commit(lambda: hint(job.pk))
    return job


def hint(job_pk):
    """Tell the broker; if it cannot be told the sweeper will find the row."""
    from .tasks import run_job  # noqa: PLC0415 -- tasks import this module

    try:
        run_job.delay(job_pk)
    except Exception:
        log.warning(
            "The broker could not be told of job %s; the sweeper will take it.", job_pk, exc_info=True
        )


def run(job_pk, *, now):
    """Claim and run one job; returns True if it ran here. Safe to call twice: one caller wins the claim."""
    claimable = Q(state=Job.State.WAITING, run_after__lte=now) | Q(
        state=Job.State.RUNNING, lease_until__lt=now
    )
    claimed = Job.objects.filter(claimable, pk=job_pk).update(
        state=Job.State.RUNNING, started_at=now, lease_until=now + LEASE, attempts=F("attempts") + 1, error=""
    )
    if not claimed:
        return False
    job = Job.objects.get(pk=job_pk)
    try:
        result = HANDLERS[job.name](job, **job.arguments)
    except Exception as failure:
        _fail(job, failure)
    else:
        Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
            state=Job.State.DONE, result=result or {}, finished_at=timezone.now(), lease_until=None
        )
    return True


def progress(job, done, total):
    """Tell the waiting person how far it is, and keep the lease."""
    Job.objects.filter(pk=job.pk).update(
        done_steps=done, total_steps=total, lease_until=timezone.now() + LEASE
    )


@transaction.atomic
def retry(job, *, actor, organisation, now):
    """Run a failed job again; an act of the administrator of `organisation`. True if it had failed."""
    again = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.WAITING, run_after=now, attempts=0, finished_at=None
    )
    if again:
        record_event(job, "core.retry_job", organisation=organisation, actor=actor, name=job.name)
        transaction.on_commit(lambda: hint(job.pk))
    return bool(again)


def sweep(*, now, older_than=timedelta(seconds=30)):
    """Hint again every job that waits too long or whose worker died; returns how many."""
    stuck = Q(state=Job.State.WAITING, run_after__lt=now - older_than) | Q(
        state=Job.State.RUNNING, lease_until__lt=now
    )
    pks = list(Job.objects.filter(stuck).order_by("run_after").values_list("pk", flat=True)[:500])
    for pk in pks:
        hint(pk)
    return len(pks)


def tick(*, now):
    """Create a job for each period that fell due, also those missed while nothing ran; returns how many."""
    created = 0
    for schedule in SCHEDULES.values():
        for period, arguments in schedule.due(now - schedule.catch_up, now):
            key = f"{schedule.name}:{period}"
            if not Job.objects.filter(key=key).exists():
                enqueue(schedule.name, now=now, key=key, **arguments)
                created += 1
    return created


def last_sign_of_life():
    """When the newest heartbeat was done, or None on a site that is too young to have one."""
    beats = Job.objects.filter(name="core.heartbeat")
    newest = beats.filter(state=Job.State.DONE).order_by("-pk").first() or beats.order_by("pk").first()
    return (newest.finished_at or newest.created_at) if newest else None


def _fail(job, failure):
    log.exception("Job %s (%s) failed", job.pk, job.name)
    final = job.attempts > len(RETRY_AFTER)
    now = timezone.now()
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=Job.State.FAILED if final else Job.State.WAITING,
        run_after=now if final else now + RETRY_AFTER[job.attempts - 1],
        finished_at=now if final else None,
        lease_until=None,
        error="".join(traceback.format_exception_only(failure))[-2000:],
    )

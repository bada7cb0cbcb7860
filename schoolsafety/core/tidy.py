"""The nights: throws away what nobody needs any more, fingerprints photos that have no print yet."""

from datetime import date, datetime, time, timedelta

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy

from . import jobs, photo_prints
from .models import Delivery, ImportBatch, Job, SignedInSession

AT = time(3, 30)
# The keys of periodic jobs must outlive the time for which `tick` catches up (21 days).
KEEP_BEATS, KEEP_JOBS, KEEP_PREVIEWS = timedelta(days=22), timedelta(days=365), timedelta(days=30)
KEEP_SESSIONS = timedelta(days=30)


def tidy(*, now):
    """Delete what is old; {kind: how many}. The history, papers and files are never touched."""
    done = Job.objects.filter(state=Job.State.DONE)
    previews = ImportBatch.objects.filter(
        state=ImportBatch.State.PREVIEW, uploaded_at__lt=now - KEEP_PREVIEWS
    )
    return {
        "heartbeats": done.filter(name="core.heartbeat", created_at__lt=now - KEEP_BEATS).delete()[0],
        "jobs": done.filter(created_at__lt=now - KEEP_JOBS).delete()[0],
        "previews": previews.update(state=ImportBatch.State.DISCARDED, rows=[]),
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "devices": SignedInSession.objects.filter(seen_at__lt=now - KEEP_SESSIONS).delete()[0],
        "messages": Delivery.objects.filter(state=Delivery.State.SENT, sent_at__lt=now - KEEP_JOBS).delete()[
            0
        ],
        "tries": AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_SESSIONS).delete()[0],
        "sign_ins": AccessLog.objects.filter(attempt_time__lt=now - KEEP_JOBS).delete()[0],
    }


@jobs.handler("core.tidy", title=gettext_lazy("Tidy up"))
def tidy_job(job, day):
    return tidy(now=timezone.now())


def _nights(after: datetime, now: datetime) -> list[tuple[str, dict]]:
    """Last night: one tidying covers all that were missed."""
    local = timezone.localtime(now)
    day: date = local.date() if local.time() >= AT else local.date() - timedelta(days=1)
    return [(day.isoformat(), {"day": day.isoformat()})]


jobs.periodic("core.tidy", _nights)


@jobs.handler("core.photo_prints", title=gettext_lazy("Fingerprint older photos"))
def photo_prints_job(job, day):
    """Photos that were kept before there were fingerprints, or brought in by bulk."""
    done = 0
    while found := photo_prints.keep_missing():
        done += found
        jobs.progress(job, done, done)
    return {"photos": done}


jobs.periodic("core.photo_prints", _nights)

"""The work behind this app's jobs. Only here and in views the clock is read."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs
from schoolsafety.core.models import User

from .services import notice_jobs


@jobs.handler(notice_jobs.JOB, title=_("Issue rectification notices"))
def issue_notices(job, hazards, actor, texts=None):
    """One notice per school; a school that has its line from an earlier run is not touched again."""
    person = User.objects.get(pk=actor)
    groups = notice_jobs.schools_of(hazards, person)
    rows = job.result.get("rows", [])
    done = {row["code"] for row in rows}
    for step, (school, chosen) in enumerate(groups, start=1):
        if school.code not in done:
            rows = notice_jobs.issue_for(
                school, chosen, job=job, actor=person, texts=texts or {}, now=timezone.now()
            )
        jobs.progress(job, step, len(groups))
    return {"rows": rows, "good": sum(row["ok"] for row in rows), "all": len(rows)}

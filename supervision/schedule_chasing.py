"""The work behind a press that chases many, and each workday morning's look at pauses and escalation."""

from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs
from schoolsafety.core.models import User

from .services import chasing, escalating, pausing

AT = time(6, 50)
JOB = "supervision.deadlines"


@jobs.handler(chasing.JOB, title=_("Chase schools"))
def chase(job, hazards, actor, way, text, note, is_again):
    """One chase a hazard; one that has its line from an earlier run is not chased again."""
    person, rows = User.objects.get(pk=actor), job.result.get("rows", [])
    done = {row["pk"] for row in rows}
    for step, pk in enumerate(hazards, start=1):
        if pk not in done:
            rows = chasing.chase_in_job(
                pk, job=job, actor=person, now=timezone.now(), way=way, text=text, note=note,
                is_again=is_again,
            )  # fmt: skip
        jobs.progress(job, step, len(hazards))
    return {"rows": rows, "good": sum(row["ok"] for row in rows), "all": len(rows)}


@jobs.handler(JOB, title=_("Look at pauses and escalation"))
def look(job, day):
    """End the pauses that are over on `day` (ISO date), then propose to the next level. Safe to run twice."""
    on, now = date.fromisoformat(day), timezone.now()
    return {
        "ended": pausing.end_over(on=on, now=now), "proposed": escalating.propose_all(today=on, now=now)
    }  # fmt: skip


mornings = jobs.workday_mornings(AT)
jobs.periodic(JOB, mornings, catch_up=timedelta(days=1))

"""The work behind this app's jobs that a person asks for. Only here and in views the clock is read."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolsafety.core import jobs
from schoolsafety.core.models import User

from .services import bulk


@jobs.handler(bulk.job_of("chase"), title=gettext_lazy("Chase the chosen hazards"))
def chase_many(job, **arguments):
    """Chase each of the chosen hazards."""
    return _act("chase", job, **arguments)


@jobs.handler(bulk.job_of("close"), title=gettext_lazy("Write off the chosen hazards"))
def close_many(job, **arguments):
    """Write off each of the chosen hazards."""
    return _act("close", job, **arguments)


def _act(does, job, *, hazards, actor, versions, back=""):
    """One act a hazard; one that has its line from an earlier run is not acted on again."""
    person, rows = User.objects.get(pk=actor), job.result.get("rows", [])
    done = {row["pk"] for row in rows}
    for step, pk in enumerate(hazards, start=1):
        if pk not in done:
            rows = bulk.act_in_job(
                pk, does=does, job=job, actor=person, now=timezone.now(), version=versions.get(str(pk), "")
            )
        jobs.progress(job, step, len(hazards))
    return {
        "rows": rows, "good": sum(row["ok"] for row in rows), "all": len(rows), "text": _("Back to the list"),
        "url": reverse("hazards:list") + (f"?{back}" if back else ""),
    }  # fmt: skip

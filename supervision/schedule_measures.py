"""Each workday morning the triggers look at everything and propose measures."""

from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs

from .services import measures

AT = time(6, 40)
JOB = "supervision.propose_measures"


@jobs.handler(JOB, title=_("Propose measures"))
def propose_measures(job, day):
    """What the triggers find on `day` (ISO date). Runs twice without proposing twice."""
    return {"proposed": measures.propose_all(today=date.fromisoformat(day), now=timezone.now())}


mornings = jobs.workday_mornings(AT)
jobs.periodic(JOB, mornings, catch_up=timedelta(days=1))

"""Each workday morning the triggers look at everything and propose measures."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs
from schoolsafety.core.workdays import build_calendar, calendar_rows

from .services import measures

AT = time(6, 40)
JOB = "supervision.propose_measures"


@jobs.handler(JOB, title=_("Propose measures"))
def propose_measures(job, day):
    """What the triggers find on `day` (ISO date). Runs twice without proposing twice."""
    return {"proposed": measures.propose_all(today=date.fromisoformat(day), now=timezone.now())}


def mornings(after, now):
    """This morning, if it is a workday: a missed day needs no look of its own."""
    local = timezone.localtime(now)
    begins = timezone.make_aware(datetime.combine(local.date(), AT))
    if not max(after, begins) <= now:
        return []
    today = local.date()
    is_workday = build_calendar(*calendar_rows([]), []).is_workday(today)
    return [(today.isoformat(), {"day": today.isoformat()})] if is_workday else []


jobs.periodic(JOB, mornings, catch_up=timedelta(days=1))

"""The periodic work: each workday morning the schools hear what is late and what falls due."""

from datetime import date, time, timedelta

from django.utils import timezone

from schoolsafety.core import jobs

from . import services

AT = time(7, 30)


@jobs.handler("hazards.remind_overdue")
def remind_overdue(job, day):
    """Remind of what is late or soon due on `day` (ISO date). Runs twice without telling twice."""
    on, now = date.fromisoformat(day), timezone.now()
    return {"reminded": services.remind_overdue(on=on, now=now) + services.remind_ahead(on=on, now=now)}


mornings = jobs.workday_mornings(AT)
jobs.periodic("hazards.remind_overdue", mornings, catch_up=timedelta(days=1))

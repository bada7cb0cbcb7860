"""The periodic work: each workday morning the schools hear what is late and what falls due."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from schoolsafety.core import jobs
from schoolsafety.core.workdays import build_calendar, calendar_rows

from . import services

AT = time(7, 30)


@jobs.handler("hazards.remind_overdue")
def remind_overdue(job, day):
    """Remind of what is late or soon due on `day` (ISO date). Runs twice without telling twice."""
    on, now = date.fromisoformat(day), timezone.now()
    return {"reminded": services.remind_overdue(on=on, now=now) + services.remind_ahead(on=on, now=now)}


def mornings(after: datetime, now: datetime) -> list[tuple[str, dict]]:
    """This morning, if it is a workday and half past seven is over: missed days need no reminder."""
    local = timezone.localtime(now)
    begins = timezone.make_aware(datetime.combine(local.date(), AT))
    if not max(after, begins) <= now:
        return []
    calendar = build_calendar(*calendar_rows([]), [])
    today = local.date()
    return [(today.isoformat(), {"day": today.isoformat()})] if calendar.is_workday(today) else []


jobs.periodic("hazards.remind_overdue", mornings, catch_up=timedelta(days=1))

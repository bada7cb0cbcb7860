"""The periodic work of listed supervision: each workday morning, the reports due today and those late."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs
from schoolsafety.core.workdays import build_calendar, calendar_rows

from .services import listing_reminding

AT = time(7, 40)


@jobs.handler("supervision.remind_listings", title=_("Remind of progress reports"))
def remind_listings(job, day):
    """Remind of every progress report due on `day` (ISO date) or late. Runs twice without telling twice."""
    return {"reminded": listing_reminding.remind(on=date.fromisoformat(day), now=timezone.now())}


def mornings(after: datetime, now: datetime) -> list[tuple[str, dict]]:
    """This morning, if it is a workday and its hour is over: missed days need no reminder."""
    local = timezone.localtime(now)
    begins = timezone.make_aware(datetime.combine(local.date(), AT))
    if not max(after, begins) <= now:
        return []
    calendar = build_calendar(*calendar_rows([]), [])
    today = local.date()
    return [(today.isoformat(), {"day": today.isoformat()})] if calendar.is_workday(today) else []


jobs.periodic("supervision.remind_listings", mornings, catch_up=timedelta(days=1))

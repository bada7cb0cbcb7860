"""The periodic jobs of this app: each morning the day's patrols fall due; photos without a record go."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs

from .services import field_photos, plan

PLANNED_AT = time(0, 5)


@jobs.handler("inspections.plan_day")
def plan_day(job, day):
    """Write which schools owe a patrol on `day` (ISO date)."""
    return {"due": plan.plan_day(date.fromisoformat(day))}


def mornings(after, now):
    """Every day whose morning lies between `after` and `now`."""
    day, found = timezone.localdate(after), []
    while day <= timezone.localdate(now):
        at = datetime.combine(day, PLANNED_AT, tzinfo=timezone.get_default_timezone())
        if after < at <= now:
            found.append((day.isoformat(), {"day": day.isoformat()}))
        day += timedelta(days=1)
    return found


jobs.periodic("inspections.plan_day", mornings)


@jobs.handler("inspections.tidy_photos", title=_("Throw away photos that no record came for"))
def tidy_photos(job, day):
    """Photos that phones sent ahead of a record that never came."""
    return {"photos": field_photos.tidy_unused(now=timezone.now())}


def _last_night(after, now):
    """One tidying covers all nights that were missed."""
    return mornings(after, now)[-1:]


jobs.periodic("inspections.tidy_photos", _last_night)

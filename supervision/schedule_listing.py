"""The periodic work of listed supervision: each workday morning, the reports due today and those late."""

from datetime import date, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schoolsafety.core import jobs

from .services import listing_reminding

AT = time(7, 40)


@jobs.handler("supervision.remind_listings", title=_("Remind of progress reports"))
def remind_listings(job, day):
    """Remind of every progress report due on `day` (ISO date) or late. Runs twice without telling twice."""
    return {"reminded": listing_reminding.remind(on=date.fromisoformat(day), now=timezone.now())}


mornings = jobs.workday_mornings(AT)
jobs.periodic("supervision.remind_listings", mornings, catch_up=timedelta(days=1))

"""Each workday morning the bureaus hear which letters about surroundings are without an answer."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.schedule import mornings
from schoolsafety.core import jobs

from .services import surrounding_letters


@jobs.handler("supervision.late_letters", title=_("Tell of letters without an answer"))
def late_letters(job, day):
    """Tell of the letters whose clock ran out before `day` (ISO date). Runs twice without telling twice."""
    told = surrounding_letters.tell_of_late_letters(on=date.fromisoformat(day), now=timezone.now())
    return {"told": told}


jobs.periodic("supervision.late_letters", mornings, catch_up=timedelta(days=1))

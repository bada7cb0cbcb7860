"""Each workday morning the bureaus hear which look-backs fell due."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.schedule import mornings
from schoolsafety.core import jobs

from .services import looking_back


@jobs.handler("supervision.remind_look_backs", title=_("Tell the bureaus of look-backs that fell due"))
def remind_look_backs(job, day):
    """Tell of everything due on `day` (ISO date) or before, each once, however often it runs."""
    return {"reminded": looking_back.remind(on=date.fromisoformat(day), now=timezone.now())}


jobs.periodic("supervision.remind_look_backs", mornings, catch_up=timedelta(days=1))

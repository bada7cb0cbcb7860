"""What missing money puts on the desk of a bureau."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.duties import Duty, Rank, source
from schoolsafety.core.roles import BUREAU_ROLES

from . import queries_funding as queries


@source
def funding_duties(user, now):
    """Needs for money to acknowledge: one query."""
    if not {role for _path, role in user.posts} & BUREAU_ROLES:
        return []
    count, _counted = queries.counts_for(user)
    if not count:
        return []
    text = ngettext("%(n)d need for money to acknowledge", "%(n)d needs for money to acknowledge", count)
    return [
        Duty(
            rank=Rank.SIGNATURE, text=text % {"n": count}, detail="", button=_("Acknowledge"), weight=count,
            url=f"{reverse('supervision:funding')}?tab=proposed",
        )
    ]  # fmt: skip

"""What judging puts on a desk: late downgrades that a leader looks over."""

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolsafety.core.duties import Duty, Rank, source

from .judging_pages import to_look_over
from .workflow.judging import OVERSEERS


@source
def late_downgrades(user, now):
    """One line for all that wait for this leader (one query)."""
    if not {role for _path, role in user.posts} & OVERSEERS:
        return []
    count = to_look_over(user).count()
    if not count:
        return []
    return [
        Duty(
            rank=Rank.TODAY, weight=6,
            text=_("%(n)d major hazards were downgraded shortly before the deadline") % {"n": count},
            detail=_("Look over the facts and the reason."), url=reverse("supervision:judgements"),
            button=_("Look over"), tag=_("flagged"),
        )
    ]  # fmt: skip

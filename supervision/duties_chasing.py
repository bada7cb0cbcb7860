"""What pauses and escalation put on a bureau's desk."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hazards.workflow import BUREAU
from schoolsafety.core.duties import Duty, Rank, source

from .models import Escalation, Pause
from .workflow.chasing import DECIDERS, EscalationStatus, PauseStatus

MOST_ROWS = 6


@source
def pause_duties(user, now):
    """For a bureau: the pauses that schools asked for (one query; none for others)."""
    if not {role for _path, role in user.posts} & BUREAU:
        return []
    rows = Pause.objects.visible_to(user).filter(status=PauseStatus.ASKED).select_related("hazard", "school")
    return [
        Duty(
            rank=Rank.TODAY, button=_("Decide"), url=pause.get_absolute_url(), detail=pause.school.label,
            text=_("Decide on the pause: %(title)s") % {"title": pause.hazard.title},
        )
        for pause in rows.order_by("asked_at")[:MOST_ROWS]
    ]  # fmt: skip


@source
def escalation_duties(user, now):
    """For a leader: how many escalations wait at the leader's own bureau (one query; none for others)."""
    mine = [path for path, role in user.posts if role in DECIDERS]
    if not mine:
        return []
    rows = Escalation.objects.visible_to(user).filter(status=EscalationStatus.OPEN)
    count = rows.filter(organisation__path__in=mine).count()
    if not count:
        return []
    text = ngettext("%(n)d hazard late in spite of chasing", "%(n)d hazards late in spite of chasing", count)
    return [
        Duty(
            rank=Rank.SIGNATURE, text=text % {"n": count}, detail="", url=reverse("supervision:escalations"),
            button=_("Decide"), weight=count,
        )
    ]  # fmt: skip

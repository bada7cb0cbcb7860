"""Reminders: the morning's, once a day, and those that a person sends (催办)."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event
from schoolsafety.core.notifications import notify

from ..models import Hazard
from ..workflow import SCHOOL, Action
from .moving import begin, finish, people_for


def remind_overdue(*, on, now):
    """Tell each school once a day which of its hazards are late; returns how many. Safe to run twice."""
    overdue = Hazard.objects.overdue(on).filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=on))
    return sum(_remind(hazard, on, now) for hazard in overdue.select_related("school"))


@transaction.atomic
def chase(hazard, *, actor, now, note=""):
    """A person of the bureau presses for a hazard; the history says who and when."""
    move = begin(hazard, Action.CHASE, actor=actor)
    fresh = finish(move, actor=actor, now=now, note=note)
    people = people_for(fresh.school, SCHOOL, timezone.localdate(now))
    text = _("The bureau presses for %(number)s %(title)s") % {"number": fresh.number, "title": fresh.title}
    notify(
        people, "hazards.chase", text, url=fresh.get_absolute_url(), organisation=fresh.school,
        needs_action=True, now=now,
    )  # fmt: skip
    return fresh


@transaction.atomic
def _remind(hazard, on, now):
    """Claim the day's reminder before it is sent; False when another run has it."""
    claimed = (
        Hazard.objects.overdue(on)
        .filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=on), pk=hazard.pk)
        .update(reminded_on=on)
    )
    if claimed:
        record_event(hazard, "hazards.remind", organisation=hazard.school, days=(on - hazard.due_on).days)
        people = people_for(hazard.school, SCHOOL, on)
        text = _("%(n)d days late: %(number)s %(title)s") % {
            "n": (on - hazard.due_on).days, "number": hazard.number, "title": hazard.title,
        }  # fmt: skip
        notify(
            people, "hazards.remind", text, url=hazard.get_absolute_url(), organisation=hazard.school,
            needs_action=True, key=f"hazards.remind:{hazard.pk}:{on}", now=now,
        )  # fmt: skip
    return bool(claimed)

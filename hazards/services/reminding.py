"""Reminders: the morning's before, at and after a deadline, and those that a person sends (催办)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core.audit import record_event
from schoolsafety.core.models import User
from schoolsafety.core.notifications import notify
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.roles import SCHOOL_ROLES
from schoolsafety.core.workdays import calendar_for

from ..models import Hazard, RectificationPlan
from ..settings import REMINDERS, workdays_in
from ..workflow import OPEN, SCHOOL, Action, Status
from .moving import begin, finish, people_for

FARTHEST = timedelta(days=60)  # calendar days that hold the most workdays which may be set


def remind_overdue(*, on, now):
    """Tell the schools which hazards are late on `on`, as often as is set; returns how many were told of.

    Safe to run twice: each hazard is claimed once a day.
    """
    return _remind_all(Hazard.objects.overdue(on), on, now)


def remind_ahead(*, on, now):
    """The same for what falls due on `on` or soon."""
    handed_in = {Status.SUBMITTED, Status.VERIFIED}
    near = Hazard.objects.filter(status__in=OPEN - handed_in, awaits_funds_since=None)
    return _remind_all(near.filter(due_on__gte=on, due_on__lte=on + FARTHEST), on, now)


@transaction.atomic
def chase(hazard, *, actor, now, note="", text="", by="", is_told=True):
    """A person of the bureau presses for a hazard; the history says who, when and how. Returns the hazard.

    `text` replaces the usual line; `by` names a messenger that carries it at once to whoever gave an
    address there; without `is_told` nobody is told here (a telephone call, a paper).
    """
    move = begin(hazard, Action.CHASE, actor=actor)
    fresh = finish(move, actor=actor, now=now, note=note)
    if is_told:
        usual = _("The bureau presses for %(number)s %(title)s")
        words = text or usual % {"number": fresh.number, "title": fresh.title}
        notify(
            chased_people(fresh, timezone.localdate(now)), "hazards.chase", words,
            url=fresh.get_absolute_url(), organisation=fresh.school, needs_action=True, now=now, at_once=by,
        )  # fmt: skip
    return fresh


def chased_people(hazard, on):
    """Whom a chase tells: whoever answers for the rectification first, then officers and principal."""
    first = _named(hazard, on)
    return first + [person for person in people_for(hazard.school, SCHOOL, on) if person not in first]


def _remind_all(hazards, on, now):
    """Remind of those that are due today by the settings and the calendar of their school."""
    waiting = hazards.filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=on)).select_related("school")
    known, told = {}, 0
    for hazard in waiting.order_by("school_id", "due_on", "pk"):
        if hazard.school_id not in known:
            known = {
                hazard.school_id: (
                    preferences_for(hazard.school, REMINDERS), calendar_for(hazard.school)
                )
            }  # fmt: skip
        chosen, calendar = known[hazard.school_id]
        days = calendar.between(on, hazard.due_on)
        if hazard.due_on < on:
            days = min(days, -1)  # late over a weekend is late by one workday
        if _is_due(days, chosen):
            told += _remind(hazard, on, now, days, -days >= chosen["hazards.remind_widen"])
    return told


def _is_due(days, chosen):
    """Is a reminder due `days` workdays before the deadline (negative: after it)?"""
    if days < 0:
        every = chosen["hazards.remind_after"]
        return bool(every) and (-days - 1) % every == 0
    return chosen["hazards.remind_at"] if days == 0 else days in workdays_in(chosen["hazards.remind_before"])


@transaction.atomic
def _remind(hazard, on, now, days, is_wide):
    """Claim the day's reminder before it is sent; False when another run has it."""
    unclaimed = Hazard.objects.filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=on), pk=hazard.pk)
    if not unclaimed.filter(status=hazard.status, due_on=hazard.due_on).update(reminded_on=on):
        return False
    late = (on - hazard.due_on).days
    changes = {"days": late} if late > 0 else {"ahead": days}
    record_event(hazard, "hazards.remind", organisation=hazard.school, **changes)
    first = _named(hazard, on)
    people = first if first and not is_wide else chased_people(hazard, on)
    notify(
        people, "hazards.remind", _words(hazard, late, days), url=hazard.get_absolute_url(),
        organisation=hazard.school, needs_action=True, key=f"hazards.remind:{hazard.pk}:{on}", now=now,
    )  # fmt: skip
    return True


def _words(hazard, late, days):
    what = {"number": hazard.number, "title": hazard.title}
    if late > 0:
        return _("%(n)d days late: %(number)s %(title)s") % {"n": late, **what}
    if not days:
        return _("Due today: %(number)s %(title)s") % what
    text = ngettext(
        "Due in %(n)d workday: %(number)s %(title)s", "Due in %(n)d workdays: %(number)s %(title)s", days
    )
    return text % {"n": days, **what}


def _named(hazard, on):
    """The people of the school who bear the name of who answers for the rectification; mostly one or none."""
    name = hazard.responsible or (
        RectificationPlan.objects.filter(hazard=hazard).values_list("responsible_person", flat=True).first()
    )
    return list(User.objects.holding(SCHOOL_ROLES, hazard.school, on).filter(name=name)) if name else []

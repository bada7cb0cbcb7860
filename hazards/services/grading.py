"""The bureau's judgement: general, major, not a hazard, or another authority's."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.workdays import calendar_for

from ..models import RectificationPlan
from ..workflow import Action, Closure, Grade, Status
from .moving import begin, finish, needed, not_past


@transaction.atomic
def grade(hazard, *, actor, grade, reason, now, due_on=None):
    """Grade a reported hazard with a reason: general goes to rectification, major to its plan."""
    move = begin(hazard, Action.GRADE, actor=actor)
    return _graded(move, actor, grade, reason, now, due_on)


@transaction.atomic
def regrade(hazard, *, actor, grade, reason, now, due_on=None):
    """Change the grade of an open hazard; the history keeps both."""
    move = begin(hazard, Action.REGRADE, actor=actor)
    if move.hazard.grade == grade:
        raise ValidationError({"grade": _("It has this grade already.")})
    return _graded(move, actor, grade, reason, now, due_on)


@transaction.atomic
def dismiss(hazard, *, actor, note, now):
    """Not a hazard: closed as recorded by mistake."""
    note = needed("note", note)
    move = begin(hazard, Action.DISMISS, actor=actor)
    return shut(move, Closure.MISTAKEN, actor=actor, note=note, now=now)


@transaction.atomic
def transfer(hazard, *, actor, to, note, now):
    """Another authority's matter: closed as transferred, with its name."""
    to, note = needed("to", to, _("Name the authority.")), needed("note", note)
    move = begin(hazard, Action.TRANSFER, actor=actor)
    move.hazard.transferred_to = to
    return shut(move, Closure.TRANSFERRED, actor=actor, note=note, now=now, fields=["transferred_to"], to=to)


def shut(move, closure, *, actor, note, now, fields=(), **changes):
    """Close the locked hazard in the given way; shared by every verb that ends a case."""
    hazard = move.hazard
    hazard.status, hazard.closure = Status.CLOSED, closure
    hazard.closed_at, hazard.closed_on, hazard.closed_by = now, timezone.localdate(now), actor
    return finish(
        move, actor=actor, now=now, note=note, closure=closure, **changes,
        fields=["closure", "closed_at", "closed_on", "closed_by", *fields],
    )  # fmt: skip


def _graded(move, actor, grade, reason, now, due_on):
    hazard, before = move.hazard, move.hazard.grade
    today = timezone.localdate(now)
    not_past("due_on", due_on, now)
    grade, reason = Grade(grade), needed("reason", reason)
    hazard.grade, hazard.grade_reason, hazard.graded_at, hazard.graded_by = grade, reason, now, actor
    old_due = hazard.due_on
    hazard.due_on = due_on or _deadline(hazard, grade, today)
    hazard.first_due_on = hazard.first_due_on or hazard.due_on
    hazard.status = _status_after(grade, move.before)
    if hazard.status == Status.PLANNING:  # what was handed in before no longer counts
        hazard.verified_at, hazard.verified_by, hazard.verification = None, None, ""
    if grade == Grade.MAJOR:
        RectificationPlan.objects.get_or_create(hazard=hazard)
    fields = ["grade", "grade_reason", "graded_at", "graded_by", "due_on", "first_due_on"]
    fields += ["verified_at", "verified_by", "verification"]
    return finish(
        move, actor=actor, now=now, note=reason, fields=fields,
        grade=[before or hazard.proposed_grade, grade], due_on=[old_due, hazard.due_on],
    )  # fmt: skip


def _status_after(grade, before):
    if grade == Grade.MAJOR:
        return Status.PLANNING
    return before if before in {Status.SUBMITTED, Status.VERIFIED} else Status.RECTIFYING


def _deadline(hazard, grade, today):
    """The default deadline; a general one already set stays."""
    if grade == Grade.GENERAL and hazard.due_on and hazard.due_on >= today:
        return hazard.due_on
    days = preferences_for(hazard.school, ["hazards.general_days", "hazards.major_days"])
    count = days["hazards.major_days" if grade == Grade.MAJOR else "hazards.general_days"]
    return calendar_for(hazard.school).add(today, count) if count else today

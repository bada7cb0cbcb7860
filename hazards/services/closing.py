"""Verification and what follows: write-off by someone else, sending back, reopening."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.workdays import calendar_for

from ..workflow import WRITE_OFF_CLOSURES, Action, Closure, Grade, Status, Verification
from .grading import shut
from .moving import begin, finish, needed, not_past


@transaction.atomic
def verify(hazard, *, actor, mode, now, note="", photos=()):
    """The bureau verifies, on site or by material; never the person who handed it in."""
    move = begin(hazard, Action.VERIFY, actor=actor)
    hazard = move.hazard
    hazard.verification, hazard.verified_at, hazard.verified_by = Verification(mode), now, actor
    fields = ["verification", "verified_at", "verified_by", *_grade_if_missing(hazard, actor, now)]
    return finish(
        move, actor=actor, now=now, note=note, photos=photos, purpose="verified", fields=fields, mode=mode
    )


@transaction.atomic
def close(hazard, *, actor, now, closure=Closure.RECTIFIED, note=""):
    """Write off (销号). A major hazard must have been verified before, and by its own act."""
    if closure not in WRITE_OFF_CLOSURES:
        raise ValidationError({"closure": _("Choose how it was closed.")})
    move = begin(hazard, Action.CLOSE, actor=actor)
    hazard = move.hazard
    fields = _grade_if_missing(hazard, actor, now)
    return shut(move, closure, actor=actor, note=note, now=now, fields=fields)


@transaction.atomic
def send_back(hazard, *, actor, note, now):
    """Not good enough: back to the school with a reason. The deadline stays."""
    note = needed("note", note)
    move = begin(hazard, Action.SEND_BACK, actor=actor)
    hazard = move.hazard
    hazard.sent_back_count += 1
    hazard.verified_at = hazard.verified_by = None
    hazard.verification, hazard.is_fixed_on_spot = "", False
    fields = ["sent_back_count", "verified_at", "verified_by", "verification", "is_fixed_on_spot"]
    fields += _grade_if_missing(hazard, actor, now)
    return finish(move, actor=actor, now=now, note=note, fields=fields)


@transaction.atomic
def reopen(hazard, *, actor, note, now, due_on=None):
    """It came back: open again, with a new deadline; the first closure stays in the history.

    It goes on where it lacks something: ungraded to REPORTED, a major without its plan to PLANNING.
    """
    note, due_on = needed("note", note), not_past("due_on", due_on, now)
    move = begin(hazard, Action.REOPEN, actor=actor)
    hazard = move.hazard
    if hazard.merged_into_id:
        raise ValidationError(_("It was merged into another hazard; reopen that one."))
    today = timezone.localdate(now)
    was, hazard.closure = hazard.closure, ""
    hazard.closed_at = hazard.closed_on = hazard.closed_by = None
    hazard.due_on = due_on or calendar_for(hazard.school).next_workday(today)
    hazard.reopened_count += 1
    hazard.submitted_at = hazard.submitted_by = hazard.verified_at = hazard.verified_by = None
    hazard.verification, hazard.is_fixed_on_spot = "", False
    hazard.status = _state_again(hazard, move.facts)
    fields = ["closure", "closed_at", "closed_on", "closed_by", "due_on", "reopened_count", "submitted_at"]
    fields += ["submitted_by", "verified_at", "verified_by", "verification", "is_fixed_on_spot"]
    fields += _grade_if_missing(hazard, actor, now) if hazard.status == Status.RECTIFYING else []
    return finish(
        move, actor=actor, now=now, note=note, fields=fields, closure=[was, ""], due_on=hazard.due_on
    )


def _state_again(hazard, facts):
    if not hazard.grade and hazard.proposed_grade == Grade.MAJOR:
        return Status.REPORTED
    if hazard.grade == Grade.MAJOR and facts.missing:
        return Status.PLANNING
    return Status.RECTIFYING


def _grade_if_missing(hazard, actor, now):
    """What was proposed as general and fixed at once is graded general by this act."""
    if hazard.grade:
        return []
    hazard.grade, hazard.graded_at, hazard.graded_by = Grade.GENERAL, now, actor
    hazard.due_on = hazard.due_on or timezone.localdate(now)
    return ["grade", "graded_at", "graded_by", "due_on"]

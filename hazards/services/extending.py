"""More time: asked for by the school, decided by the bureau; every date is kept."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event
from schoolsafety.core.notifications import notify
from schoolsafety.core.roles import BUREAU_ROLES

from ..models import Extension, Hazard
from ..workflow import SCHOOL, Action, NotAllowed
from .moving import begin, finish, needed, people_for


@transaction.atomic
def ask_extension(hazard, *, actor, reason, due_on, now):
    """Ask for a later deadline; returns the Extension. One request at a time."""
    reason = needed("reason", reason)
    move = begin(hazard, Action.ASK_EXTENSION, actor=actor)
    hazard = move.hazard
    if due_on <= max(hazard.due_on, timezone.localdate(now)):
        raise ValidationError({"due_on": _("Ask for a day after the present deadline.")})
    extension = Extension.objects.create(
        hazard=hazard, reason=reason, old_due_on=hazard.due_on, asked_due_on=due_on, asked_at=now,
        asked_by=actor,
    )  # fmt: skip
    finish(move, actor=actor, now=now, note=reason, asked=[hazard.due_on, due_on])
    notify(
        people_for(hazard.school, BUREAU_ROLES, timezone.localdate(now)), "hazards.ask_extension",
        _("Extension asked for: %(number)s") % {"number": hazard.number}, url=hazard.get_absolute_url(),
        organisation=hazard.school, needs_action=True, now=now,
    )  # fmt: skip
    return extension


@transaction.atomic
def decide_extension(hazard, *, actor, is_granted, answer, now, new_due_on=None):
    """Grant (with the day) or refuse the open request, with an answer."""
    answer = answer.strip() if is_granted else needed("answer", answer)
    move = begin(hazard, Action.DECIDE_EXTENSION, actor=actor)
    hazard = move.hazard
    extension = Extension.objects.select_for_update().get(hazard=hazard, decided_at=None)
    new_due_on = (new_due_on or extension.asked_due_on) if is_granted else None
    if new_due_on and new_due_on < timezone.localdate(now):
        raise ValidationError({"new_due_on": _("The deadline cannot lie in the past.")})
    extension.decided_at, extension.decided_by, extension.answer = now, actor, answer
    extension.is_granted, extension.new_due_on = is_granted, new_due_on
    extension.save()
    old = hazard.due_on
    if is_granted:
        hazard.due_on = new_due_on
    finish(
        move, actor=actor, now=now, note=answer, fields=["due_on"], granted=is_granted,
        due_on=[old, hazard.due_on],
    )  # fmt: skip
    notify(
        people_for(hazard.school, SCHOOL, timezone.localdate(now)),
        "hazards.decide_extension",
        _("Extension decided: %(number)s") % {"number": hazard.number},
        url=hazard.get_absolute_url(), organisation=hazard.school, now=now,
    )  # fmt: skip
    return extension


@transaction.atomic
def move_deadline(hazard, *, actor, due_on, paused_until, note=""):
    """The clock stops until `paused_until`, or runs again (None); `due_on` is the deadline that follows.

    Who may do so is asked by the app that keeps the pauses. Raises NotAllowed for a closed hazard.
    """
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    if not fresh.is_open:
        raise NotAllowed(_("Only the deadline of an open hazard moves."))
    old, fresh.due_on, fresh.paused_until = fresh.due_on, due_on, paused_until
    fresh.save(update_fields=["due_on", "paused_until"])
    changes = {"until": paused_until} if paused_until else {}
    record_event(
        fresh, "hazards.pause" if paused_until else "hazards.unpause", organisation=fresh.school, actor=actor,
        note=note, due_on=[old, due_on], post=actor.post_for(fresh.school, SCHOOL | BUREAU_ROLES) if actor
        else "", **changes,
    )  # fmt: skip
    return fresh


@transaction.atomic
def order(hazard, *, actor, notice, due_on):
    """A notice or a listing (its number is `notice`) makes `due_on` the deadline from now on."""
    fresh = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    if not actor.roles_at(fresh.school) & BUREAU_ROLES or not fresh.is_open:
        raise NotAllowed(_("Only the bureau orders the rectification of an open hazard."))
    old, fresh.due_on = fresh.due_on, due_on
    fresh.save(update_fields=["due_on"])
    record_event(
        fresh, "hazards.order", organisation=fresh.school, actor=actor, notice=notice, due_on=[old, due_on],
        post=actor.post_for(fresh.school, BUREAU_ROLES),
    )  # fmt: skip
    return fresh

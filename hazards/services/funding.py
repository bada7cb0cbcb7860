"""A hazard that waits for money: marked and unmarked, and what was granted written into its plan."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event

from ..models import Hazard, RectificationPlan
from ..workflow import BUREAU, Grade, NotAllowed
from .moving import not_past


@transaction.atomic
def await_funds(hazard, *, actor, now):
    """The bureau acknowledges that the school cannot pay: not counted as overdue from today on.

    Safe to repeat: the first day stays. Raises NotAllowed where it is closed or the actor is not the
    bureau's.
    """
    fresh = _locked(hazard, actor)
    if fresh.awaits_funds_since is None:
        fresh.awaits_funds_since = timezone.localdate(now)
        _save(fresh, "await_funds", actor=actor, awaits_funds_since=[None, fresh.awaits_funds_since])
    return fresh


@transaction.atomic
def end_wait(hazard, *, actor, now, note=""):
    """It waits for money no longer: refused, or rectified without it. Nothing happens if it did not wait.

    Any actor: it only follows from an act that was allowed already.
    """
    fresh = _row(hazard)
    if fresh.awaits_funds_since is not None:
        since, fresh.awaits_funds_since = fresh.awaits_funds_since, None
        _save(fresh, "end_wait", actor=actor, note=note, awaits_funds_since=[since, None])
    return fresh


@transaction.atomic
def grant_funds(hazard, *, actor, amount, source, now, due_on=None):
    """The money is there (yuan): the wait ends, a major hazard's plan shows it as allocated.

    `due_on` is the deadline from now on; None leaves the old one. Raises ValidationError for a day
    that has passed.
    """
    due_on, fresh = not_past("due_on", due_on, now), _locked(hazard, actor)
    changes = {"amount": amount, "source": source}
    if fresh.grade == Grade.MAJOR:
        changes["funds_allocated"] = _allocate(fresh, amount, source)
    if due_on and due_on != fresh.due_on:
        changes["due_on"] = [fresh.due_on, due_on]
        fresh.due_on, fresh.first_due_on = due_on, fresh.first_due_on or due_on
    if fresh.awaits_funds_since:
        changes["awaits_funds_since"] = [fresh.awaits_funds_since, None]
        fresh.awaits_funds_since = None
    _save(fresh, "grant_funds", actor=actor, **changes)
    return fresh


def _allocate(hazard, amount, source):
    """Add to what is allocated already; returns [old, new]. An open form of the plan is told of it."""
    RectificationPlan.objects.get_or_create(hazard=hazard)
    plan = RectificationPlan.objects.select_for_update().get(hazard=hazard)
    old, plan.funds_allocated = plan.funds_allocated, (plan.funds_allocated or 0) + amount
    if plan.funds_planned is None:
        plan.funds_planned = plan.funds_allocated
    plan.funds_source = plan.funds_source or source[:100]
    plan.version = F("version") + 1
    plan.save(update_fields=["funds_allocated", "funds_planned", "funds_source", "version"])
    return [old, plan.funds_allocated]


def _locked(hazard, actor):
    fresh = _row(hazard)
    if not actor.roles_at(fresh.school) & BUREAU or not fresh.is_open:
        raise NotAllowed(_("Only the bureau says whether an open hazard waits for money."))
    return fresh


def _row(hazard):
    return Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)


def _save(hazard, verb, *, actor, note="", **changes):
    hazard.save(update_fields=["awaits_funds_since", "due_on", "first_due_on"])
    record_event(
        hazard, f"hazards.{verb}", organisation=hazard.school, actor=actor, note=note,
        post=actor.post_for(hazard.school, BUREAU), **changes,
    )  # fmt: skip

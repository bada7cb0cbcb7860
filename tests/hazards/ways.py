"""Ways that many tests walk: filling in a plan, reading what happened."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.timezone import localdate

from hazards import services
from schoolsafety.core.audit import history_of


def plan_values(**changes):
    """Complete values of the five implementations."""
    return {
        "responsible_person": "王建国", "responsible_post": "总务主任",
        "deadline": localdate() + timedelta(days=20), "measures": "更换箱体，加锁",
        "funds_planned": Decimal(4800),
        "funds_allocated": Decimal(4800), "funds_spent": None, "funds_source": "公用经费",
        "contingency": "停用插座", "guard_person": "赵敏", "guard_phone": "",
    } | changes  # fmt: skip


def plan_it(hazard, officer, principal):
    """Protect, fill in everything, sign for the responsibility."""
    now = timezone.now()
    services.protect(hazard, actor=officer, closed="东楼地下室", watch="赵敏", now=now)
    services.save_plan(hazard, actor=officer, values=plan_values(), version=1, now=now)
    services.sign_responsibility(hazard, actor=principal, now=now)


def verbs_of(hazard):
    """What happened to the hazard, oldest first."""
    return [event.verb.removeprefix("hazards.") for event in reversed(history_of(hazard))]


def state_of(hazard):
    """What another person's act must leave as it was."""
    fresh = type(hazard).objects.get(pk=hazard.pk)
    return [(field.name, getattr(fresh, field.attname)) for field in fresh._meta.fields], verbs_of(fresh)

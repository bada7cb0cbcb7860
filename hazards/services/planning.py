"""The five (or six) implementations of a major hazard: filled in, signed, accepted, returned."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import RectificationPlan
from ..workflow import Action, NotAllowed
from .moving import begin, finish, keep_proof, needed, not_past

FIELDS = [
    "responsible_person", "responsible_post", "deadline", "measures", "funds_planned", "funds_allocated",
    "funds_spent", "funds_source", "contingency", "guard_person", "guard_phone", "goal", "organisation_text",
]  # fmt: skip


class EditedMeanwhile(ValidationError):
    """Someone else saved the plan since this form was opened; `plan` is what stands now."""

    def __init__(self, plan):
        super().__init__(_("Someone else changed the plan meanwhile. Compare and save again."))
        self.plan = plan


@transaction.atomic
def save_plan(hazard, *, actor, values, version, now, proofs=None):
    """Save the plan's fields and `proofs` ({slot: uploaded documents}); `version` is the one the form
    was opened with.

    Changing the responsible person takes back the signature. Raises EditedMeanwhile.
    """
    move = begin(hazard, Action.PLAN, actor=actor)
    plan = _locked(move.hazard)
    if plan.version != version:
        raise EditedMeanwhile(plan)
    changes = {
        name: [getattr(plan, name), values[name]]
        for name in FIELDS
        if name in values and getattr(plan, name) != values[name]
    }
    if "deadline" in changes:
        not_past("deadline", values["deadline"], now)
    if "responsible_person" in changes:
        plan.responsible_signed_at = plan.responsible_signed_by = None
    for name, (_old, new) in changes.items():
        setattr(plan, name, new)
    plan.version += 1
    plan.save()
    for slot, papers in (proofs or {}).items():
        for paper in papers:
            keep_proof(move.hazard, paper, slot, actor=actor, now=now)
    finish(move, actor=actor, now=now, plan={name: list(pair) for name, pair in changes.items()})
    return plan


def _locked(hazard):
    """The plan's row, locked; made empty if the case came to planning without one."""
    RectificationPlan.objects.get_or_create(hazard=hazard)
    return RectificationPlan.objects.select_for_update().get(hazard=hazard)


@transaction.atomic
def sign_responsibility(hazard, *, actor, now):
    """The responsible person signs for the duty under the name written in the plan; or the principal does."""
    move = begin(hazard, Action.SIGN_RESPONSIBILITY, actor=actor)
    plan = _locked(move.hazard)
    plan.responsible_signed_at, plan.responsible_signed_by = now, actor
    plan.save(update_fields=["responsible_signed_at", "responsible_signed_by"])
    finish(move, actor=actor, now=now, responsible=plan.responsible_person)
    return plan


@transaction.atomic
def sign_plan(hazard, *, actor, now, note=""):
    """The principal signs the complete plan; its deadline becomes the hazard's."""
    move = begin(hazard, Action.SIGN_PLAN, actor=actor)
    plan = _locked(move.hazard)
    plan.signed_at, plan.signed_by = now, actor
    plan.save(update_fields=["signed_at", "signed_by"])
    return finish(move, actor=actor, now=now, note=note)


@transaction.atomic
def accept_plan(hazard, *, actor, now, note=""):
    """The bureau accepts; from here on the plan's deadline holds and work begins."""
    move = begin(hazard, Action.ACCEPT_PLAN, actor=actor)
    hazard = move.hazard
    plan = _locked(hazard)
    if plan.signed_by_id == actor.pk:
        raise NotAllowed(_("Whoever signed the plan cannot accept it."))
    if plan.deadline < timezone.localdate(now):
        raise ValidationError(_("The plan's deadline has passed; return it for a new one."))
    plan.accepted_at, plan.accepted_by = now, actor
    plan.save(update_fields=["accepted_at", "accepted_by"])
    old, hazard.due_on, hazard.responsible = hazard.due_on, plan.deadline, plan.responsible_person
    return finish(
        move, actor=actor, now=now, note=note, fields=["due_on", "responsible"], due_on=[old, hazard.due_on]
    )


@transaction.atomic
def return_plan(hazard, *, actor, note, now):
    """Back to the school with a reason; the signature falls."""
    note = needed("note", note)
    move = begin(hazard, Action.RETURN_PLAN, actor=actor)
    RectificationPlan.objects.filter(hazard=move.hazard).update(
        signed_at=None, signed_by=None, accepted_at=None, accepted_by=None
    )
    return finish(move, actor=actor, now=now, note=note)

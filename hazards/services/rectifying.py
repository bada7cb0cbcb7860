"""The school hands in what it did, with proof."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schoolsafety.core import files

from ..models import RectificationPlan
from ..workflow import Action, Grade
from .moving import begin, finish


@transaction.atomic
def submit(hazard, *, actor, measure, now, responsible="", cost=None, photos=()):
    """Hand in the rectification: what was done, by whom, for how much, with at least one photo of after."""
    move = begin(hazard, Action.SUBMIT, actor=actor)
    hazard = move.hazard
    if not photos and not files.attachments_of(hazard, "after").exists():
        raise ValidationError({"photos": _("Add a photo that shows it fixed.")})
    hazard.measure, hazard.cost = measure, cost
    hazard.responsible = responsible or hazard.responsible or str(actor)
    hazard.submitted_at, hazard.submitted_by = now, actor
    hazard.verified_at = hazard.verified_by = None
    if hazard.grade == Grade.MAJOR and cost is not None:
        RectificationPlan.objects.filter(hazard=hazard).update(funds_spent=cost)
    return finish(
        move, actor=actor, now=now, note=measure, photos=photos,
        fields=["measure", "cost", "responsible", "submitted_at", "submitted_by", "verified_at", "verified_by"],
        cost=cost,
    )  # fmt: skip

"""The school hands in what it did, with proof."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schoolsafety.core import files

from ..models import RectificationPlan
from ..workflow import Action, Grade
from .moving import begin, finish, needed

FIELDS = [
    "measure", "cost", "responsible", "submitted_at", "submitted_by", "verified_at", "verified_by",
    "verification",
]  # fmt: skip


@transaction.atomic
def submit(hazard, *, actor, measure, now, responsible="", cost=None, photos=(), papers=()):
    """Hand in the rectification: what was done, by whom, for how much (yuan), with at least one photo
    or paper of after."""
    measure = needed("measure", measure, _("Say what was done."))
    move = begin(hazard, Action.SUBMIT, actor=actor)
    hazard = move.hazard
    if not photos and not papers and not files.attachments_of(hazard, "after").exists():
        raise ValidationError({"photos": _("Add a photo or a paper that shows it fixed.")})
    hazard.measure, hazard.cost = measure, cost
    hazard.responsible = responsible or hazard.responsible or str(actor)
    hazard.submitted_at, hazard.submitted_by = now, actor
    hazard.verified_at, hazard.verified_by, hazard.verification = None, None, ""
    if hazard.grade == Grade.MAJOR and cost is not None:
        RectificationPlan.objects.filter(hazard=hazard).update(funds_spent=cost)
    return finish(
        move, actor=actor, now=now, note=measure, photos=photos, papers=papers, cost=cost, fields=FIELDS,
    )  # fmt: skip

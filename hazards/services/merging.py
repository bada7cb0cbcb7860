"""Duplicates: suggested by the program, merged by a person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event

from ..models import Hazard
from ..workflow import Action, Closure
from .grading import shut
from .moving import begin


def suggest_duplicates(hazard):
    """Open hazards of the same school with the same item or the same place, newest first (at most ten)."""
    same = Q(place=hazard.place)
    if hazard.item_code:
        same |= Q(item_code=hazard.item_code)
    if hazard.point_code:
        same |= Q(point_code=hazard.point_code)
    return Hazard.objects.open().filter(same, school=hazard.school_id).exclude(pk=hazard.pk)[:10]


@transaction.atomic
def merge(hazard, *, into, actor, note, now):
    """Close `hazard` as a duplicate of `into`, an open hazard of the same school."""
    move = begin(hazard, Action.MERGE, actor=actor)
    other = Hazard.objects.select_for_update(of=("self",)).get(pk=into.pk)
    if other.pk == hazard.pk or other.school_id != move.hazard.school_id or not other.is_open:
        raise ValidationError({"into": _("Choose another open hazard of this school.")})
    move.hazard.merged_into = other
    closed = shut(
        move, Closure.DUPLICATE, actor=actor, note=note, now=now, fields=["merged_into"], into=other.number
    )
    record_event(
        other, "hazards.absorb", organisation=closed.school, actor=actor, duplicate=closed.number,
        post=actor.post_for(closed.school, move.rule.roles),
    )  # fmt: skip
    return closed

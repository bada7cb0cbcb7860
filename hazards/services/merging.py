"""Duplicates: suggested by the program, merged by a person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event

from ..models import Hazard
from ..workflow import Action, Closure, Grade
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
    # Both rows in the order of their keys, so that two merges cannot wait for each other.
    pair = Hazard.objects.select_for_update(of=("self",)).filter(pk__in=[hazard.pk, into.pk])
    other = {row.pk: row for row in pair.order_by("pk")}[into.pk]
    move = begin(hazard, Action.MERGE, actor=actor)
    if other.pk == hazard.pk or other.school_id != move.hazard.school_id or not other.is_open:
        raise ValidationError({"into": _("Choose another open hazard of this school.")})
    if Grade.MAJOR == move.hazard.effective_grade != other.effective_grade:
        raise ValidationError({"into": _("Merge the general hazard into the major one, not the other way.")})
    move.hazard.merged_into = other
    closed = shut(
        move, Closure.DUPLICATE, actor=actor, note=note, now=now, fields=["merged_into"], into=other.number
    )
    record_event(
        other, "hazards.absorb", organisation=closed.school, actor=actor, duplicate=closed.number,
        post=actor.post_for(closed.school, move.rule.roles),
    )  # fmt: skip
    return closed

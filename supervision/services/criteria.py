"""Keeping the criteria of a major hazard: new versions by workbook, ends and checks by hand."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import Role

from ..models import MajorCriterion

KEY = ["area", "mode", "group", "item_no"]


def keeper_of(user):
    """The topmost organisation if this person administers it: the criteria hold for all below; else None."""
    paths = [path for path, role in user.posts if role == Role.ADMINISTRATOR]
    return Organisation.objects.filter(path__in=paths, parent__isnull=True).first() if paths else None


def bring_in(rows):
    """Write new versions out of checked rows (dicts of fields); the version before ends the day before.

    Returns {"created", "ended"}: how many. Call it inside the transaction that accepts the workbook.
    """
    ended = 0
    for row in rows:
        same = MajorCriterion.objects.filter(**{name: row[name] for name in KEY})
        before = same.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=row["effective_from"]))
        ended += before.update(effective_to=row["effective_from"] - timedelta(days=1))
        MajorCriterion.objects.create(**row)
    return {"created": len(rows), "ended": ended}


@transaction.atomic
def change_criterion(criterion, *, actor, effective_to, is_verified):
    """Set the last day of a version, and whether it was checked against the official text.

    Its words stay: other words are another version. Returns the MajorCriterion; raises NotAllowed for
    anybody but an administrator of the topmost organisation, ValidationError for an end before the beginning.
    """
    place = keeper_of(actor)
    if place is None:
        raise NotAllowed(_("Only an administrator of the topmost bureau keeps the criteria."))
    row = MajorCriterion.objects.select_for_update().get(pk=criterion.pk)
    if effective_to and effective_to < row.effective_from:
        raise ValidationError({"effective_to": _("It cannot end before it begins.")})
    before = {"effective_to": row.effective_to, "is_verified": row.is_verified}
    after = {"effective_to": effective_to, "is_verified": is_verified}
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if changes:
        row.effective_to, row.is_verified = effective_to, is_verified
        row.save(update_fields=list(after))
        record_event(
            row, "supervision.change_criterion", organisation=place, actor=actor,
            post=f"{Role.ADMINISTRATOR}@{place.path}", criterion=f"{row.area} {row.group} {row.item_no}",
            **changes,
        )  # fmt: skip
    return row

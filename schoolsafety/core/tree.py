"""Moves and closes nodes of the organisation tree; the only code that rewrites paths."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from .audit import record_event
from .models import Organisation


@transaction.atomic
def move(organisation, *, new_parent, actor, note=""):
    """Hang a subtree elsewhere: rewrite the path of every node in it with one UPDATE.

    Its cases go along, because their scope is the path; events keep a copy of the old one.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if new_parent.path.startswith(organisation.path):
        raise ValidationError(_("An organisation cannot be moved below itself."))
    old, new = organisation.path, f"{new_parent.path}{organisation.pk}/"
    Organisation.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr(F("path"), len(old) + 1))
    )
    Organisation.objects.filter(pk=organisation.pk).update(parent=new_parent)
    organisation.refresh_from_db()
    record_event(
        organisation, "core.move_organisation", organisation=organisation, actor=actor, note=note,
        path=[old, new],
    )  # fmt: skip
    return organisation


@transaction.atomic
def close(organisation, *, on, actor, note=""):
    """Close an organisation from `on`; its records stay. Refused while something open hangs below it."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.children.open_on(on).exists():
        raise ValidationError(_("Close or move what hangs below it first."))
    organisation.closed_on = on
    organisation.save(update_fields=["closed_on"])
    record_event(
        organisation,
        "core.close_organisation",
        organisation=organisation,
        actor=actor,
        note=note,
        closed_on=on,
    )
    return organisation

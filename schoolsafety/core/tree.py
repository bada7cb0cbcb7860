"""Moves, closes and re-opens nodes of the organisation tree; the only code that rewrites paths."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from .audit import record_event
from .directory import locked, require_administrator
from .models import Organisation


@transaction.atomic
def move(organisation, *, new_parent, actor, note=""):
    """Hang a subtree elsewhere: rewrite the path of every node in it with one UPDATE.

    Its cases go along, because their scope is the path; events keep a copy of the old one. Both
    the node and the new superior must be in the actor's hands. ValidationError for a place that
    cannot be: below itself, below a school, below a closed bureau.
    """
    require_administrator(actor, organisation)
    require_administrator(actor, new_parent)
    organisation = locked(organisation)
    if new_parent.path.startswith(organisation.path):
        raise ValidationError(_("An organisation cannot be moved below itself."))
    if not new_parent.is_bureau or new_parent.closed_on:
        raise ValidationError(_("Schools and bureaus hang below an open bureau."))
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
    """Close a node from `on`; its records stay. Refused while something open hangs below it."""
    require_administrator(actor, organisation)
    row = locked(organisation)
    if row.closed_on:
        raise ValidationError(_("This organisation is closed already."))
    if row.children.open_on(on).exists():
        raise ValidationError(_("Close or move what hangs below it first."))
    return _set_closed(row, on, "core.close_organisation", actor, note)


@transaction.atomic
def open_again(organisation, *, actor, note=""):
    """Undo a closing, for instance one made by mistake."""
    require_administrator(actor, organisation)
    row = locked(organisation)
    if not row.closed_on:
        raise ValidationError(_("It is not closed."))
    return _set_closed(row, None, "core.open_organisation", actor, note)


def _set_closed(row, on, verb, actor, note):
    old, row.closed_on = row.closed_on, on
    row.save(update_fields=["closed_on"])
    record_event(row, verb, organisation=row, actor=actor, note=note, closed_on=[old, on])
    return row

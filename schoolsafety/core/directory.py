"""Organisations: created and changed by an administrator; who administers and who answers. All is logged."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .audit import record_event
from .models import Organisation
from .models.organisation import SCHOOL_KINDS
from .roles import Role


def may_administer(actor, organisation):
    """Does this person administer `organisation`, from a post there or above?"""
    return Role.ADMINISTRATOR in actor.roles_at(organisation)


def authority(paper):
    """The bureau that answers for what was issued to a school: the issuer, or after a move of the school its
    new superior. `paper` has both (`organisation`, `school`), the school loaded with its parent: no query."""
    issuer, school = paper.organisation, paper.school
    return issuer if school.path.startswith(issuer.path) else school.parent


def require_administrator(actor, organisation):
    """PermissionDenied unless `actor` administers `organisation`."""
    if not may_administer(actor, organisation):
        raise PermissionDenied(_("You do not administer this organisation."))


@transaction.atomic
def create_organisation(parent, *, actor, **values):
    """A new node below `parent`; returns it. ValidationError by field for bad or doubled values."""
    require_administrator(actor, parent)
    if not parent.is_bureau or parent.closed_on:
        raise ValidationError(_("Schools and bureaus hang below an open bureau."))
    row = Organisation(parent=parent, **values)
    row.full_clean(exclude=["parent", "path"])
    row.save()
    record_event(row, "core.create_organisation", organisation=row, actor=actor, name=row.name, code=row.code)
    return row


@transaction.atomic
def change_organisation(organisation, *, actor, **values):
    """Change facts of a node; the event keeps old and new of each. Returns the node."""
    require_administrator(actor, organisation)
    row = locked(organisation)
    changes = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    if "kind" in changes and len({kind in SCHOOL_KINDS for kind in changes["kind"]}) == 2:
        raise ValidationError({"kind": _("A school cannot become a bureau, nor a bureau a school.")})
    for name, (_old, new) in changes.items():
        setattr(row, name, new)
    row.full_clean(exclude=["parent", "path"])
    if changes:
        row.save(update_fields=list(changes))
        record_event(row, "core.change_organisation", organisation=row, actor=actor, **changes)
    return row


def locked(organisation):
    """The organisation as it is now, locked until the transaction ends."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)

"""Keeping the legal bases: who may, and what is written down about it."""

from django.db import transaction
from django.utils.translation import gettext as _

from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import Role

from ..workflow import NotAllowed


@transaction.atomic
def save_legal_basis(form, *, actor, now):
    """Save a checked LegalBasisForm; the event stands in the chain of the administrator's organisation."""
    paths = [path for path, role in actor.posts if role == Role.ADMINISTRATOR]
    if not paths:
        raise NotAllowed(_("Only an administrator keeps the legal bases."))
    organisation = Organisation.objects.get(path=min(paths, key=len))
    basis = form.save()
    record_event(
        basis, "hazards.save_legal_basis", organisation=organisation, actor=actor,
        post=f"{Role.ADMINISTRATOR}@{organisation.path}", code=basis.code, document=basis.document,
        article=basis.article, effective_from=basis.effective_from, effective_to=basis.effective_to,
        is_verified=basis.is_verified,
    )  # fmt: skip
    return basis

"""The clauses that notices cite: read by everyone, kept by administrators."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.roles import Role

from .. import queries, services
from ..forms import LegalBasisForm
from .acts import perform_with


def legal_bases(request):
    """All clauses, in force or not."""
    context = {
        "bases": queries.legal_bases(), "today": timezone.localdate(), "may_edit": _may_edit(request.user)
    }  # fmt: skip
    return render(request, "hazards/legal_bases.html", context)


def legal_basis(request, pk=None):
    """Add a clause, or change one; a new version of the law is a new row, the old one gets its end."""
    if not _may_edit(request.user):
        raise PermissionDenied(_("Only an administrator keeps the legal bases."))
    basis = get_object_or_404(queries.legal_bases(), pk=pk) if pk else None
    form = LegalBasisForm(request.POST or None, instance=basis)
    if form.is_valid() and perform_with(form, services.save_legal_basis, form, actor=request.user):
        messages.success(request, _("The clause is saved."))
        return redirect("hazards:legal_bases")
    context = {"form": form, "basis": basis}
    return render(request, "hazards/legal_basis.html", context, status=400 if form.errors else 200)


def _may_edit(user):
    return Role.ADMINISTRATOR in {role for _path, role in user.posts}

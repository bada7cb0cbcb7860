"""Saved views of filtered lists: keep the present choice, and change what was kept. Private to a person."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import saved_views
from ..filtered import PAGES, cleaned_text, everything
from ..models import SavedView

VERBS = {
    "rename": lambda view, data: saved_views.rename(view, name=data.get("name", "")),
    "update": lambda view, data: saved_views.update(view, query=data.get("query", "")),
    "delete": lambda view, _data: saved_views.delete(view),
    "default": lambda view, _data: saved_views.make_default(view),
    "undo_default": lambda view, _data: saved_views.undo_default(view),
    "first": lambda view, _data: saved_views.put_first(view),
}


@require_POST
def view_save(request):
    """Keep the present choice of a list under a name; back to the list."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    if page not in PAGES:
        raise Http404
    _try(
        request,
        lambda: saved_views.save(
            request.user, page, request.POST.get("name", ""), query, now=timezone.now(),
            is_default="is_default" in request.POST,
        ),
    )  # fmt: skip
    return _back(page, query)


@require_POST
def view_change(request, pk):
    """Rename, renew, delete, begin with or put first one's own view; back to the list as it was."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user).select_related("user"), pk=pk)
    verb = VERBS.get(request.POST.get("does", ""))
    if verb is None or view.page not in PAGES:
        raise Http404
    _try(request, lambda: verb(view, request.POST))
    return _back(view.page, request.POST.get("query", ""))


def _try(request, act):
    try:
        act()
    except ValidationError as reason:
        messages.error(request, " ".join(reason.messages))
    else:
        messages.success(request, _("Saved."))


def _back(page, query):
    """The list with the choice that was shown; built from the register, so it leads nowhere else."""
    address, query = reverse(page), cleaned_text(page, query)
    return redirect(f"{address}?{query}" if query else everything(address))

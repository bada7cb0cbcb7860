"""Escalations: those to decide, all, and one with its decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import perform_with
from schoolsafety.core.filtered import filtered
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import BUREAU_ROLES, Role

from .. import chasing_pages as pages
from ..forms.chasing import EscalationForm
from ..models import Escalation
from ..services import escalating
from ..workflow.chasing import EscalationStatus

COLUMNS = [
    "level", "status", "days_late", "chases", "due_on", "hazard__number", "hazard__title", "school__name",
    "school__short_name", "organisation__name",
]  # fmt: skip


@filtered("supervision:escalations", also=["show"])
def escalations(request):
    """What the next level is asked, newest first."""
    if not {role for _path, role in request.user.posts} & (BUREAU_ROLES | {Role.AUDITOR}):
        raise Http404
    shown = "all" if request.GET.get("show") == "all" else "open"
    rows = Escalation.objects.visible_to(request.user)
    waiting = rows.filter(status=EscalationStatus.OPEN)
    page = page_of(rows if shown == "all" else waiting, request, field="made_at", columns=COLUMNS)
    for row in page.rows:
        status = EscalationStatus(row["status"])
        row |= {
            "state": status.label, "kind": pages.ESCALATION_KINDS[status],
            "level_word": pages.level_label(row["level"]),
        }  # fmt: skip
    tabs = [
        {
            "url": "?show=open",
            "label": _("To decide"),
            "count": waiting.count(),
            "is_current": shown == "open",
        },
        {"url": "?show=all", "label": _("All"), "count": None, "is_current": shown == "all"},
    ]
    context = {"page": page, "tabs": tabs, "shown": shown}
    return render(request, "supervision/chasing/escalations.html", context)


def escalation(request, pk):
    """One escalation with its facts and chases. POST decides."""
    rows = Escalation.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("hazard", "school", "organisation", "decided_by"), pk=pk)
    form = EscalationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _decided(request, row, form):
        messages.success(request, _("The decision is recorded."))
        return redirect(row)
    refusal = None if form.errors else escalating.refusal(row, request.user)
    context = {
        "row": row, "form": None if refusal else form, "refusal": refusal,
        "kind": pages.ESCALATION_KINDS[EscalationStatus(row.status)], "facts": pages.escalation_facts(row),
        "chases": pages.chases_of(row.hazard, request.user), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "supervision/chasing/escalation.html", context, status=400 if form.errors else 200)


def _decided(request, row, form):
    perform = escalating.take_up if form.cleaned_data["is_taken"] else escalating.dismiss
    return perform_with(form, perform, row, actor=request.user, note=form.cleaned_data["note"])

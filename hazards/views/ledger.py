"""The ledger: list with filters and queues, acts on many rows as jobs, the workbook."""

from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from schoolsafety.core.filtered import cleaned_text, everything, filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import BUREAU_ROLES, Role
from schoolsafety.core.spreadsheets import workbook_response

from .. import presentation, queries, services
from ..exporting import COLUMNS, rows_of
from ..filters import LedgerFilter
from ..forms import BulkForm
from ..models import Hazard
from .addresses import queue_of, queue_query

TITLES = {
    "grade": gettext_lazy("To grade"),
    "verify": gettext_lazy("To verify"),
    "close": gettext_lazy("To write off"),
    "accept": gettext_lazy("Plans to accept"),
    "extension": gettext_lazy("Extensions"),
    "overdue": gettext_lazy("Overdue"),
    "fix": gettext_lazy("To rectify"),
    "plan": gettext_lazy("Plans to make"),
    "spot": gettext_lazy("Fixed on the spot"),
    "funds": gettext_lazy("Waiting for funds"),
}


@filtered("hazards:list", LedgerFilter)
def ledger(request):
    """Newest first, fifty a page, what is chosen kept in the address."""
    form, hazards = _chosen(request)
    page = page_of(hazards, request, columns=queries.LEDGER_COLUMNS)
    number, is_more = queries.capped_count(hazards)
    today, query = timezone.localdate(), queue_query(request)
    queue = queue_of(request)
    context = {
        "form": form, "page": page, "queue": queue, "title": TITLES.get(queue, _("Hazards")),
        "rows": presentation.rows_of(page.rows, request.user, today, query),
        "count": number, "is_more": is_more, "queues": _tabs(request, queue),
        "export": f"{reverse('hazards:export')}?{_without_cursor(request)}",
        "is_filtered": bool(_without_cursor(request)), "is_narrowed": _is_narrowed(request), "query": query,
        "links": presentation.QUEUE_LINKS[queue](request.user) if queue in presentation.QUEUE_LINKS else [],
        "bulk": _bulk_choices(request.user, queue), "key": uuid4(), "shows_school": "within" in form.fields,
    }  # fmt: skip
    return render(request, "hazards/list.html", context)


def export(request):
    """The workbook of exactly what the filters leave."""
    _form, hazards = _chosen(request)
    today = timezone.localdate()
    return workbook_response(_("Ledger") + f"-{today}", _("Ledger"), COLUMNS, rows_of(hazards, today))


@require_POST
def bulk(request):
    """Chase or write off the chosen rows as one job with a line for each, or put them into a notice."""
    form = BulkForm(Hazard.objects.visible_to(request.user).select_related("school"), request.POST)
    back = redirect(reverse("hazards:list") + queue_query(request))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        return back
    chosen = form.cleaned_data["hazard"]
    if form.cleaned_data["does"] == "notice":
        numbers = urlencode([("hazard", hazard.number) for hazard in chosen])
        return redirect(f"{reverse('inspections:notice_new')}?{numbers}")
    job = services.act_on_many(
        list(chosen), does=form.cleaned_data["does"], actor=request.user, now=timezone.now(),
        key=request.POST.get("key", "")[:60] or str(uuid4()), seen=form.seen(),
        back=cleaned_text("hazards:list", request.POST.get("back", "")),
    )  # fmt: skip
    return redirect("core:job", job.pk)


def _chosen(request):
    """(form, queryset): the visible hazards that the address asks for."""
    form = LedgerFilter(request.GET, Organisation.objects.visible_to(request.user))
    hazards = form.apply(Hazard.objects.visible_to(request.user))
    condition = queries.condition_of(queue_of(request), request.user, timezone.now())
    return form, hazards.filter(condition) if condition is not None else hazards


def _tabs(request, queue):
    counts = queries.counts_for(request.user, timezone.now())
    address = reverse("hazards:list")
    tabs = [
        {"url": f"{address}?queue={name}", "label": TITLES[name], "count": count, "is_current": name == queue}
        for name, count in counts.items()
    ]
    return [{"url": everything(address), "label": _("All"), "count": None, "is_current": not queue}, *tabs]


def _bulk_choices(user, queue):
    """[(value, label)] of what this person may do with many rows."""
    roles = {role for _path, role in user.posts}
    labels = dict(BulkForm.DOES)
    choices = ["chase"] if roles & BUREAU_ROLES and queue not in {"verify", "close", "accept"} else []
    if roles & (BUREAU_ROLES | {Role.PRINCIPAL}) and queue in {"verify", "close", "spot"}:
        choices.append("close")
    if roles & BUREAU_ROLES and _has_notices():
        choices.append("notice")
    return [(value, labels[value]) for value in choices]


def _has_notices():
    try:
        return bool(reverse("inspections:notice_new"))
    except NoReverseMatch:
        return False


def _without_cursor(request):
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    return query.urlencode()


def _is_narrowed(request):
    """Is anything but the queue and the page chosen?"""
    return any(value for name, value in request.GET.items() if name not in {"queue", "before", "after"})

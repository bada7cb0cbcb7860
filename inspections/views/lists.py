"""Lists of patrols and of the day's duty, with their workbooks."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.spreadsheets import Column, workbook_response

from ..filters import DayFilter, PatrolFilter
from ..models import Patrol, PatrolDay
from ..workflow import PatrolStatus

COLUMNS = [
    "number", "day", "round", "school__name", "school__short_name", "officer__name", "normal_count",
    "problem_count", "not_applicable_count", "bulk_count", "is_late_entry",
]  # fmt: skip


def patrol_list(request):
    """Patrols handed in, newest first."""
    organisations = Organisation.objects.visible_to(request.user)
    form = PatrolFilter(request.GET or None, organisations)
    rows = form.apply(Patrol.objects.visible_to(request.user).filter(status=PatrolStatus.SUBMITTED))
    if request.GET.get("export"):
        return _workbook(rows)
    page = page_of(rows, request, field="submitted_at", columns=COLUMNS)
    return render(request, "inspections/patrols.html", {"page": page, "form": form})


def day_list(request):
    """Who walked on a day and who did not: silent schools first, by code, never ranked."""
    form = DayFilter(request.GET or None, timezone.localdate())
    day = form.day()
    rows = PatrolDay.objects.visible_to(request.user).filter(day=day, is_due=True)
    silent = rows.filter(patrols=0).select_related("school").order_by("school__code")
    done = rows.filter(patrols__gt=0).select_related("school").order_by("school__code")
    context = {
        "form": form, "day": day, "silent": silent[:200], "done": done[:200],
        "silent_count": silent.count(), "total": rows.count(),
    }  # fmt: skip
    return render(request, "inspections/day.html", context)


def _workbook(rows):
    heads = [
        Column(_("Number"), 26), Column(_("Day"), 12, "date"), Column(_("Round"), 8, "number"),
        Column(_("School"), 30), Column(_("Officer"), 12), Column(_("Normal"), 8, "number"),
        Column(_("Problems"), 8, "number"), Column(_("Not applicable"), 8, "number"),
        Column(_("Merged"), 8, "number"), Column(_("Late entry"), 8),
    ]  # fmt: skip
    wanted = [name for name in COLUMNS if name != "school__short_name"]
    data = rows.order_by("-submitted_at").values_list(*wanted).iterator()
    flat = ([*row[:-1], _("yes") if row[-1] else ""] for row in data)
    return workbook_response(_("patrols"), _("Patrols"), heads, flat)

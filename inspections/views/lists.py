"""Lists of patrols and of the day's duty, with their workbooks."""

from datetime import timedelta

from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import SCHOOL_ROLES
from schoolsafety.core.spreadsheets import Column, workbook_response

from ..filters import DayFilter, PatrolFilter
from ..models import Patrol, PatrolDay
from ..queries import FIGURE_COLUMNS, figures_of
from ..workflow import PatrolStatus

MOST_ROWS = 200
COLUMNS = [
    "number", "day", "round", "school__name", "school__short_name", "officer__name", "normal_count",
    "problem_count", "not_applicable_count", "bulk_count", "is_late_entry", "note",
]  # fmt: skip
LISTED = [*COLUMNS, *(name for name in FIGURE_COLUMNS if name not in {*COLUMNS, "submitted_at"})]


@filtered("inspections:patrols", PatrolFilter)
def patrol_list(request):
    """Patrols handed in, newest first."""
    organisations = Organisation.objects.visible_to(request.user)
    form = PatrolFilter(request.GET or None, organisations)
    rows = form.apply(Patrol.objects.visible_to(request.user).filter(status=PatrolStatus.SUBMITTED))
    if request.GET.get("export"):
        return _workbook(rows)
    page = page_of(rows, request, field="submitted_at", columns=LISTED)
    for row in page.rows:
        row["figures"] = figures_of(row)
    shows_school = any(role not in SCHOOL_ROLES for _path, role in request.user.posts)
    if not shows_school:
        del form.fields["within"]
    context = {"page": page, "form": form, "shows_school": shows_school, "is_narrowed": bool(request.GET)}
    return render(request, "inspections/patrols.html", context)


def day_list(request):
    """Who walked on a day and who did not: silent schools first, by code, never ranked."""
    today = timezone.localdate()
    form = DayFilter(request.GET or None, today)
    day = form.day()
    rows = PatrolDay.objects.visible_to(request.user).filter(day=day, is_due=True)
    if request.GET.get("export"):
        return _day_workbook(rows, day)
    shown = rows.select_related("school").order_by("school__code")
    silent, done = shown.filter(patrols=0)[:MOST_ROWS], shown.filter(patrols__gt=0)[:MOST_ROWS]
    counts = rows.aggregate(total=Count("pk"), silent_count=Count("pk", filter=Q(patrols=0)))
    days = [(today, _("Today")), (today - timedelta(days=1), _("Yesterday"))]
    tabs = [{"url": f"?day_shown={each}", "label": label, "is_current": each == day} for each, label in days]
    context = {"form": form, "day": day, "silent": silent, "done": done, "tabs": tabs, "most": MOST_ROWS}
    return render(request, "inspections/day.html", context | counts, status=400 if form.errors else 200)


def _day_workbook(rows, day):
    heads = [
        Column(_("Code"), 14), Column(_("School"), 30), Column(_("Patrols"), 8, "number"),
        Column(_("Problems"), 8, "number"), Column(_("First at"), 18, "time"),
    ]  # fmt: skip
    names = ["school__code", "school__name", "patrols", "problems", "first_submitted_at"]
    data = rows.order_by("patrols", "school__code").values_list(*names).iterator()
    return workbook_response(f"{_('patrols')}-{day}", str(day), heads, data)


def _workbook(rows):
    heads = [
        Column(_("Number"), 26), Column(_("Day"), 12, "date"), Column(_("Round"), 8, "number"),
        Column(_("School"), 30), Column(_("Officer"), 12), Column(_("Normal"), 8, "number"),
        Column(_("Problems"), 8, "number"), Column(_("Not applicable"), 8, "number"),
        Column(_("Merged"), 8, "number"), Column(_("One by one"), 8, "number"),
        Column(_("Minutes"), 8, "number"), Column(_("Check-ins"), 8, "number"),
        Column(_("Zones to check in at"), 8, "number"), Column(_("Late entry"), 8), Column(_("Remarks"), 40),
    ]  # fmt: skip
    data = rows.order_by("-submitted_at").values(*LISTED, "submitted_at").iterator()
    return workbook_response(_("patrols"), _("Patrols"), heads, map(_line, data))


def _line(row):
    """One walk as a row of the workbook."""
    figures = figures_of(row)
    first = [row[name] for name in COLUMNS[:10] if name != "school__short_name"]
    counts = [figures[name] for name in ("each", "minutes", "arrived", "arrivable")]
    return [*first, *counts, _("yes") if row["is_late_entry"] else "", row["note"]]

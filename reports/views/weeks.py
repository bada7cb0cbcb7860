"""The lists of weekly reports: a school's own weeks, a bureau's schools in one week."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hazards.workflow import NotAllowed
from schoolsafety.core import jobs
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES

from .. import presentation, queries, services
from ..figures.period import monday_of, week_label
from ..forms import PickForm
from ..models import WeeklyReport

WEEKS_TO_CHOOSE = 26


@filtered("reports:weekly_list", also=["within", "state"])
def week_list(request):
    """A bureau sees one week of the units right below it, a school its own weeks."""
    bureau = _bureau(request)
    if bureau is None:
        return _own_weeks(request)
    picker, monday = _week(request, queries.newest_week(request.user, bureau))
    rows = queries.below_in_week(request.user, bureau, monday)
    counts = queries.sending_counts(rows)
    state = request.GET.get("state", "")
    chosen = rows.filter(queries.STATES[state]) if state in queries.STATES else rows
    page, following, first = queries.page_by_code(chosen, request)
    now = timezone.now()
    own = WeeklyReport.objects.visible_to(request.user).filter(organisation=bureau, week_start=monday)
    below = Organisation.objects.visible_to(request.user).bureaus().filter(parent=bureau)
    acting = {path for path, role in request.user.posts if role in BUREAU_ROLES}
    context = {
        "bureau": bureau, "picker": picker, "week": week_label(monday), "monday": monday, "counts": counts,
        "sunday": monday + timedelta(days=6), "own": presentation.weekly_rows(own, now),
        "rows": presentation.weekly_rows(page, now), "following": following, "first": first,
        "tabs": _tabs(counts, state, monday, request.GET.get("within")), "state": state,
        "parts": below.order_by("code"), "may_chase": bureau.path in acting,
    }  # fmt: skip
    return render(request, "reports/weekly_list.html", context)


@require_POST
def chase_all(request):
    """Chase every report of the week that is missing right below the bureau."""
    bureau, monday = _posted(request)
    try:
        told = services.chase_all(bureau, monday, actor=request.user, now=timezone.now())
    except NotAllowed as reason:
        raise PermissionDenied(str(reason)) from reason
    text = ngettext("%(n)d person was told.", "%(n)d people were told.", told) % {"n": told}
    messages.success(request, text if told else _("They have been told today already."))
    return redirect(f"{reverse('reports:weekly_list')}?week={monday}&state=missing")


@require_POST
def make_papers(request):
    """Render the papers of a whole week in the background."""
    bureau, monday = _posted(request)
    if not request.user.roles_at(bureau) & BUREAU_ROLES:
        raise PermissionDenied(_("Only people of the bureau can do this."))
    now = timezone.now()
    jobs.enqueue(
        "reports.weekly_papers", now=now, key=f"reports.weekly_papers:{bureau.pk}:{monday}:{now:%Y%m%d%H%M}",
        organisation=bureau, requested_by=request.user, week=str(monday), bureau=bureau.pk,
    )  # fmt: skip
    messages.success(request, _("The papers are being made in the background."))
    return redirect(f"{reverse('reports:weekly_list')}?week={monday}")


def _own_weeks(request):
    """A school's weeks, newest first; `?before=` a Monday pages on."""
    rows = WeeklyReport.objects.visible_to(request.user).select_related("organisation")
    before = _date(request.GET.get("before"))
    rows = rows.filter(week_start__lt=before) if before else rows
    page = list(rows.order_by("-week_start", "organisation__code")[: queries.PAGE])
    following = f"?before={page[-1].week_start}" if len(page) == queries.PAGE else None
    context = {"rows": presentation.weekly_rows(page, timezone.now()), "following": following}
    return render(request, "reports/weekly_own.html", context)


def _bureau(request):
    """The bureau to show: one's own, or one below it by `?within=`; None for people of schools."""
    own = queries.own_bureau(request.user)
    within = request.GET.get("within", "")
    if own is None or not within:
        return own
    if not within.isdigit():
        raise Http404
    return get_object_or_404(Organisation.objects.visible_to(request.user).bureaus(), pk=within)


def _week(request, newest):
    """(picker, Monday): the week asked for, else the newest one that was drafted."""
    latest = monday_of(timezone.localdate())
    mondays = [latest - timedelta(days=7 * back) for back in range(WEEKS_TO_CHOOSE)]
    choices = [(str(day), f"{week_label(day)} ({day:%m-%d})") for day in mondays]
    picker = PickForm("week", _("Week"), choices, request.GET, str(newest or latest))
    return picker, date.fromisoformat(picker.chosen(str(newest or latest)))


def _posted(request):
    """(bureau, Monday) of a posted form; 404 for what is not there or not a Monday."""
    bureaus = Organisation.objects.visible_to(request.user).bureaus()
    bureau = get_object_or_404(bureaus, pk=_number(request.POST.get("bureau")))
    monday = _date(request.POST.get("week"))
    if monday is None or monday.weekday():
        raise Http404
    return bureau, monday


def _date(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _number(text):
    return int(text) if (text or "").isdigit() else 0


def _tabs(counts, state, monday, within):
    words = {
        "": _("All"), "missing": _("Not sent up"), "late": _("Late"), "receive": _("To receive"),
        "received": _("Received"),
    }  # fmt: skip
    more = f"&within={within}" if within else ""
    return [
        {"url": f"?week={monday}&state={name}{more}", "label": label, "count": counts[name or "all"],
         "is_current": name == state}
        for name, label in words.items()
    ]  # fmt: skip

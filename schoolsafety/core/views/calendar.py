"""The work calendar: a year at a glance, its special days, terms, examinations and times for works."""

import calendar as months_of
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import calendars
from ..advising import advise, school_year
from ..forms import DayForm, TermForm, WindowForm
from ..models import CalendarDay, Organisation
from ..paging import whole_number
from .places import administered, choose_place

KINDS = {
    CalendarDay.Kind.HOLIDAY: "holiday",
    CalendarDay.Kind.WORKDAY: "workday",
    CalendarDay.Kind.CLOSURE: "closure",
}


def calendar(request):
    """GET shows a year; POST makes one change: a day, a term, a window, the statutory days."""
    place, year = choose_place(request), _year(request)
    day_form = DayForm(request.POST if "add_day" in request.POST else None)
    term_form = TermForm(request.POST if "add_term" in request.POST else None)
    # Its fields are called as the term's are: the prefix keeps them apart.
    window_form = WindowForm(request.POST if "add_window" in request.POST else None, prefix="window")
    forms = (day_form, term_form, window_form)
    if request.method == "POST" and _change(request, place, year, forms):
        return redirect(f"{request.path}?year={year}&place={place.pk}")
    days = list(calendars.days_shown(place, year))
    own = calendars.owner_of(place)
    own_pk = own.pk if own else None
    context = {
        "place": place, "places": administered(request.user), "year": year, "is_root": own is None,
        "months": _months(year, days), "terms": calendars.terms_shown(place),
        "days": [(row, row.organisation_id == own_pk) for row in days],
        "windows": [(row, row.organisation_id == own_pk) for row in calendars.windows_shown(place, year)],
        "day_form": day_form, "term_form": term_form, "window_form": window_form,
    }  # fmt: skip
    is_bad = any(form.errors for form in forms)
    return render(request, "core/calendar.html", context, status=400 if is_bad else 200)


def deadline(request, pk):
    """What speaks against a day as a deadline at a school, for the field where it is being set."""
    school = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError as error:
        raise Http404 from error
    advice = advise(day, school_year(school), timezone.localdate())
    context = {"advice": advice, "name": request.GET.get("name", "")[:60], "is_live": True}
    return render(request, "components/deadline.html", context)


def _change(request, place, year, forms):
    """Make the one change that was asked for; False if its form must be shown again."""
    form, act = _asked(request, place, year, forms)
    if act is None:
        return False
    try:
        act()
    except ValidationError as error:
        if form is None:
            messages.error(request, " ".join(error.messages))
            return True
        form.add_error(None, error)
        return False
    messages.success(request, _("Saved."))
    return True


DROPS = {
    "drop": calendars.drop_day,
    "drop_term": calendars.drop_term,
    "drop_window": calendars.drop_window,
}
ADDS = (calendars.set_day, calendars.add_term, calendars.add_window)


def _asked(request, place, year, forms):
    """(form or None, the act or None) of a POST."""
    post, actor = request.POST, request.user
    if "seed" in post:
        return None, lambda: calendars.seed_year(place, actor=actor, year=year)
    for name, drop in DROPS.items():
        if name in post:
            pk = whole_number(post[name])
            return None, partial(drop, place, actor=actor, pk=pk)
    for form, add in zip(forms, ADDS, strict=True):
        if form.is_bound and form.is_valid():
            return form, partial(add, place, actor=actor, **form.cleaned_data)
    return None, None


def _year(request):
    year = whole_number(request.GET.get("year") or timezone.localdate().year)
    if not 2000 <= year <= 2100:
        raise Http404
    return year


def _months(year, days):
    """[(first of the month, weeks)]: weeks of (day or None, kind), for the year at a glance."""
    kinds: dict[date, str] = {}
    for row in sorted(days, key=lambda row: len(row.organisation.path) if row.organisation else 0):
        kinds[row.day] = row.kind
    grid = months_of.Calendar(firstweekday=0)
    return [
        (
            date(year, month, 1),
            [
                [(day if day.month == month else None, _look(day, kinds)) for day in week]
                for week in grid.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _look(day, kinds):
    return kinds.get(day) or ("weekend" if day.weekday() >= 5 else "")

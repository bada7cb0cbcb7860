"""The work calendar: a year at a glance, its special days, the terms."""

import calendar as months_of
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import calendars
from ..forms import DayForm, TermForm
from ..models import CalendarDay
from ..paging import whole_number
from .places import administered, choose_place

KINDS = {
    CalendarDay.Kind.HOLIDAY: "holiday",
    CalendarDay.Kind.WORKDAY: "workday",
    CalendarDay.Kind.CLOSURE: "closure",
}


def calendar(request):
    """GET shows a year; POST makes one change: a day, a term, the statutory days."""
    place, year = choose_place(request), _year(request)
    day_form = DayForm(request.POST if "add_day" in request.POST else None)
    term_form = TermForm(request.POST if "add_term" in request.POST else None)
    if request.method == "POST" and _change(request, place, year, day_form, term_form):
        return redirect(f"{request.path}?year={year}&place={place.pk}")
    days = list(calendars.days_shown(place, year))
    own = calendars.owner_of(place)
    context = {
        "place": place, "places": administered(request.user), "year": year, "is_root": own is None,
        "months": _months(year, days), "terms": calendars.terms_shown(place),
        "days": [(row, row.organisation_id == (own.pk if own else None)) for row in days],
        "day_form": day_form, "term_form": term_form,
    }  # fmt: skip
    is_bad = day_form.errors or term_form.errors
    return render(request, "core/calendar.html", context, status=400 if is_bad else 200)


def _change(request, place, year, day_form, term_form):
    """Make the one change that was asked for; False if its form must be shown again."""
    form, act = _asked(request, place, year, day_form, term_form)
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


def _asked(request, place, year, day_form, term_form):
    """(form or None, the act or None) of a POST."""
    post, actor = request.POST, request.user
    if "seed" in post:
        return None, lambda: calendars.seed_year(place, actor=actor, year=year)
    if "drop" in post:
        pk = whole_number(post["drop"])
        return None, lambda: calendars.drop_day(place, actor=actor, pk=pk)
    if "drop_term" in post:
        pk = whole_number(post["drop_term"])
        return None, lambda: calendars.drop_term(place, actor=actor, pk=pk)
    if day_form.is_bound and day_form.is_valid():
        return day_form, lambda: calendars.set_day(place, actor=actor, **day_form.cleaned_data)
    if term_form.is_bound and term_form.is_valid():
        return term_form, lambda: calendars.add_term(place, actor=actor, **term_form.cleaned_data)
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

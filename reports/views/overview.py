"""The overview of a bureau or a school: numbers with denominators, each opening its list."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import overviews, queries
from ..figures.overview import overview_figures
from ..figures.period import months_until
from ..forms import PickForm


def overview(request):
    """One page: headline, four numbers, ages, on-time rate, heat table, major hazards, who needs a call."""
    units = queries.overview_units(request.user)
    unit = _unit(units, request.GET.get("within", ""))
    today = timezone.localdate()
    months = months_until(today.replace(day=1), 12)[::-1]
    choices = [("", _("Open now")), *((str(month), f"{month:%Y-%m}") for month in months)]
    picker = PickForm("month", _("Heat table shows"), choices, request.GET, "")
    chosen = picker.chosen("")
    month = date.fromisoformat(chosen) if chosen else None
    figures = overview_figures(unit, on=today, month=month)
    context = overviews.overview_page(unit, figures, today, month) | {
        "unit": unit, "picker": picker, "within": request.GET.get("within", ""),
        "parts": units.filter(parent=unit).bureaus().order_by("code"),
        "above": units.filter(pk=unit.parent_id).first(),
    }  # fmt: skip
    return render(request, "reports/overview.html", context)


def _unit(units, within):
    """The unit to look at: the highest one, or the one asked for; 404 if it is out of reach."""
    if within:
        if not within.isdigit():
            raise Http404
        return get_object_or_404(units, pk=within)
    unit = units.order_by("path").first()
    if unit is None:
        raise Http404
    return unit

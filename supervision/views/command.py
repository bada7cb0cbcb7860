"""The district's day: one page of what is late, what waits and who is silent; the workbook of the silent."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolsafety.core.spreadsheets import workbook_response

from .. import command_pages as pages
from .. import (
    command_parts,  # noqa: F401 -- registers the blocks
    silence,
)
from ..command_blocks import blocks_for


def command(request):
    """For people of a bureau and auditors; 404 for everybody else."""
    units = pages.units_of(request.user)
    chosen = request.GET.get("unit", "")
    unit = next((unit for unit in units if str(unit.pk) == chosen), None) if chosen else None
    if not units or (chosen and unit is None):
        raise Http404
    unit, now = unit or units[0], timezone.now()
    today = timezone.localdate(now)
    if request.GET.get("export"):
        rows = pages.silent_cells(silence.silence_below(unit, on=today))
        return workbook_response(
            f"{_('Silent schools')}-{today}", _("Silent schools"), pages.SILENT_COLUMNS, rows
        )
    context = pages.day_page(request.user, unit, now, today) | {
        "unit": unit, "today": today, "blocks": blocks_for(request.user, now),
        "tabs": [
            {"url": f"?unit={one.pk}", "label": one.label, "count": None, "is_current": one.pk == unit.pk}
            for one in units
        ] if len(units) > 1 else [],
    }  # fmt: skip
    return render(request, "supervision/command/day.html", context)

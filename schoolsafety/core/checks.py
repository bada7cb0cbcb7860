"""System checks of the kernel: shown by `manage.py check` and at every start."""

from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.utils import timezone


@register("core")
def next_year_is_in_the_calendar(app_configs, **kwargs):
    """From 1 November the holidays of next year must be there, or deadlines will be wrong."""
    from .calendar_data import missing_year  # noqa: PLC0415 -- needs the app registry

    year = missing_year(timezone.localdate())
    if year is None:
        return []
    return [CheckWarning(f"The work calendar has no holidays for {year}.", id="core.W001")]

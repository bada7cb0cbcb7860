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


@register("core")
def papers_have_their_typefaces(app_configs, **kwargs):
    """A paper in a substitute is readable but not what an office sends out: say so at every start."""
    from .pdf.fonts import font_status  # noqa: PLC0415 -- reads a file; only when checks run

    status = font_status()
    if not status.is_built:
        return [CheckWarning("The fonts for papers are not prepared: run manage.py fonts.", id="core.W002")]
    missing = [f"{style}: no font" for style in status.missing_all()]
    stand_ins = [f"{style}: {title} stands in" for style, title in status.stand_ins().items()]
    if not missing + stand_ins:
        return []
    hint = "Put a fitting font into SCHOOLSAFETY_FONT_DIR and run manage.py fonts."
    return [CheckWarning(f"Papers: {'; '.join(missing + stand_ins)}.", hint=hint, id="core.W003")]

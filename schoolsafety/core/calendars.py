"""Changes of the work calendar: days, terms, windows, the statutory days of a year. All is logged."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from . import calendar_data
from .audit import record_event
from .directory import require_administrator
from .models import CalendarDay, CalendarWindow, SchoolTerm


def days_shown(organisation, year):
    """The days of `year` that hold at `organisation`: everyone's, and those set there or above."""
    holds = Q(organisation=None) | Q(organisation__in=organisation.path_ids())
    return CalendarDay.objects.filter(holds, day__year=year).select_related("organisation")


def terms_shown(organisation):
    """The terms set at `organisation` or above, the newest first."""
    terms = SchoolTerm.objects.filter(organisation__in=organisation.path_ids())
    return terms.select_related("organisation").order_by("-starts_on")


def windows_shown(organisation, year):
    """The examinations and times for works in `year` that hold at `organisation`, in their order."""
    holds = Q(organisation=None) | Q(organisation__in=organisation.path_ids())
    windows = CalendarWindow.objects.filter(holds, starts_on__year__lte=year, ends_on__year__gte=year)
    return windows.select_related("organisation")


def owner_of(organisation):
    """Whose a day set by this organisation is: everyone's (None) at the root, else its own."""
    return None if organisation.parent_id is None else organisation


@transaction.atomic
def set_day(organisation, *, actor, day, kind, name=""):
    """Say what `day` is: for everyone if the organisation is the root, else there and below."""
    require_administrator(actor, organisation)
    row, _created = CalendarDay.objects.update_or_create(
        day=day, organisation=owner_of(organisation), defaults={"kind": kind, "name": name}
    )
    _record(organisation, actor, day=day, kind=kind, name=name)
    return row


@transaction.atomic
def drop_day(organisation, *, actor, pk):
    """Take out a day that this organisation set; ValidationError for one set elsewhere."""
    require_administrator(actor, organisation)
    row = CalendarDay.objects.filter(pk=pk, organisation=owner_of(organisation)).first()
    if row is None:
        raise ValidationError(_("This day was set elsewhere, or is gone already."))
    _record(organisation, actor, dropped=row.day, kind=row.kind, name=row.name)
    row.delete()


@transaction.atomic
def seed_year(organisation, *, actor, year):
    """Write the State Council's days of `year`; returns how many were new. Only at the root."""
    require_administrator(actor, organisation)
    if owner_of(organisation) is not None:
        raise PermissionDenied(_("Only the topmost bureau sets the statutory days."))
    try:
        count = calendar_data.seed(year)
    except NotImplementedError as error:
        text = _("The holidays of %(year)s are not known yet. Bring them in as a workbook.")
        raise ValidationError(text % {"year": year}) from error
    if count:
        _record(organisation, actor, seeded=year, count=count)
    return count


@transaction.atomic
def add_term(organisation, *, actor, name, starts_on, ends_on):
    """A new term at `organisation` and below; it may not overlap another one set there."""
    require_administrator(actor, organisation)
    if organisation.terms.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise ValidationError({"starts_on": _("It overlaps another term.")})
    row = SchoolTerm.objects.create(
        organisation=organisation, name=name, starts_on=starts_on, ends_on=ends_on
    )
    _record(organisation, actor, term=name, starts_on=starts_on, ends_on=ends_on)
    return row


@transaction.atomic
def drop_term(organisation, *, actor, pk):
    """Take out a term that this organisation set."""
    require_administrator(actor, organisation)
    row = organisation.terms.filter(pk=pk).first()
    if row is None:
        raise ValidationError(_("This term was set elsewhere, or is gone already."))
    _record(organisation, actor, dropped=row.name, starts_on=row.starts_on, ends_on=row.ends_on)
    row.delete()


@transaction.atomic
def add_window(organisation, *, actor, kind, name, starts_on, ends_on):
    """Examinations or a time for works: for everyone if the organisation is the root, else there and below.

    The same window twice is one; ValidationError if it overlaps another of its kind set there.
    """
    require_administrator(actor, organisation)
    owner = owner_of(organisation)
    facts = {"kind": kind, "name": name, "starts_on": starts_on, "ends_on": ends_on}
    same = CalendarWindow.objects.filter(organisation=owner, kind=kind)
    if row := same.filter(**facts).first():
        return row
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise ValidationError({"starts_on": _("It overlaps another one of its kind.")})
    row = CalendarWindow.objects.create(organisation=owner, **facts)
    _record(organisation, actor, window=name, kind=kind, starts_on=starts_on, ends_on=ends_on)
    return row


@transaction.atomic
def drop_window(organisation, *, actor, pk):
    """Take out a window that this organisation set; ValidationError for one set elsewhere."""
    require_administrator(actor, organisation)
    row = CalendarWindow.objects.filter(pk=pk, organisation=owner_of(organisation)).first()
    if row is None:
        raise ValidationError(_("These days were set elsewhere, or are gone already."))
    _record(organisation, actor, dropped=row.name, starts_on=row.starts_on, ends_on=row.ends_on)
    row.delete()


def _record(organisation, actor, **facts):
    record_event(organisation, "core.change_calendar", organisation=organisation, actor=actor, **facts)

"""When a week's reports fall due, for many organisations at once."""

from datetime import datetime, time

from schoolsafety.core.workdays import build_calendar, calendar_rows

from ..figures.counting import preference_of
from ..figures.period import SHANGHAI


def due_times(units, monday):
    """{organisation id: instant} by which the report of the week must be signed; four queries.

    `units` maps ids to Organisations. Counted in workdays from the last school day of the week; a
    bureau has one workday more than its schools. Organisations without a school day are left out:
    a week of holidays asks for no report.
    """
    paths = {pk: unit.path for pk, unit in units.items()}
    days_after = preference_of(paths, "weekly.due_days_after")
    hours = preference_of(paths, "weekly.due_hour")
    calendars = calendars_of(units)
    due = {}
    for pk, unit in units.items():
        last = calendars[pk].last_school_day_of_week(monday)
        if last:
            day = calendars[pk].add(last, days_after[pk] + (0 if unit.is_school else 1))
            due[pk] = datetime.combine(day, time(hours[pk]), tzinfo=SHANGHAI)
    return due


def calendars_of(units):
    """{organisation id: WorkCalendar}; organisations whose path sets the same days share one. Two queries."""
    days, terms = calendar_rows({pk for unit in units.values() for pk in unit.path_ids()})
    owners = {row[0] for row in days} | {row[0] for row in terms}
    shared: dict = {}
    found = {}
    for pk, unit in units.items():
        key = tuple(each for each in unit.path_ids() if each in owners)
        if key not in shared:
            shared[key] = build_calendar(days, terms, key)
        found[pk] = shared[key]
    return found

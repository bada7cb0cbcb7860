"""Where the days of the work calendar come from: chinesecalendar, and what an administrator imports."""

from datetime import date, timedelta

import chinese_calendar
from django.db import DatabaseError

from .models import CalendarDay

CHINESE = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def seed(year):
    """Write the State Council's days of `year`; returns how many. NotImplementedError if unknown there."""
    day, rows = date(year, 1, 1), []
    while day.year == year:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        if is_off and name:
            rows.append(
                CalendarDay(day=day, kind=CalendarDay.Kind.HOLIDAY, name=CHINESE.get(name, str(name))[:60])
            )
        elif not is_off and day.weekday() >= 5:
            rows.append(CalendarDay(day=day, kind=CalendarDay.Kind.WORKDAY, name=_made_up(name)[:60]))
        day += timedelta(days=1)
    known = set(CalendarDay.objects.filter(organisation=None, day__year=year).values_list("day", flat=True))
    fresh = [row for row in rows if row.day not in known]
    CalendarDay.objects.bulk_create(fresh)
    return len(fresh)


def _made_up(name):
    """The name of a worked weekend day: for which holiday it makes up."""
    return f"{CHINESE.get(name, name)}调休" if name else ""


def missing_year(today):
    """Next year, if it is 1 November or later and that year's days are not there yet; else None."""
    if today.month < 11:
        return None
    try:
        there = CalendarDay.objects.filter(organisation=None, day__year=today.year + 1).exists()
    except DatabaseError:  # before the first migration
        return None
    return None if there else today.year + 1

"""Which items fall due at a school on a day. Pure but for `plan_day`, which writes the day's duty."""

import hashlib
from datetime import date, timedelta

from django.db import transaction

from schoolsafety.core.models import Organisation
from schoolsafety.core.workdays import build_calendar, calendar_rows

from ..models import PatrolDay
from ..workflow import Frequency

# A walk has about this many items: what falls due beyond it waits for the next walks.
MOST_ITEMS = 45
# So many periodic items join in any case, or a school with long daily lists would never see them.
LEAST_PERIODIC = 9
# Calendar days for which a periodic item that nobody looked at stays owed.
LEFT_OVER_DAYS = 14
PERIODIC = [Frequency.WEEKLY, Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.TERMLY, Frequency.YEARLY]


def items_due(items, school, day, calendar):
    """The items (objects with .code, .frequency, .applies_to) that fall due at `school` on `day`.

    Daily items fall due every school day. Every other item falls due once in its period (week, month,
    quarter, term, school year) on one school day that its code picks: so a month's 64 items spread over
    its days and no walk becomes a census. Items "on event" never fall due by themselves.
    """
    if not calendar.is_school_day(day):
        return []
    days = {frequency: _days_of(period_of(frequency, day, calendar), calendar) for frequency in PERIODIC}
    return [
        item
        for item in items
        if item.applies_to(school)
        and (
            item.frequency == Frequency.DAILY
            or (item.frequency in days and _picked(item.code, days[item.frequency]) == day)
        )
    ]


def items_of_walk(items, school, day, calendar, *, seen=frozenset(), owed=()):
    """The items of one walk, in the order of the checklist.

    Every daily item; then the periodic ones due on one of the `owed` days (school days before it, oldest
    first) or on the day itself that are not in `seen` (ids of items in walks handed in since).
    At most MOST_ITEMS, but LEAST_PERIODIC periodic ones in any case; the rest stays owed. On a day off
    the daily items alone.
    """
    daily = [item for item in items if item.frequency == Frequency.DAILY and item.applies_to(school)]
    if not calendar.is_school_day(day):
        return daily
    waiting = {}
    for each in [*owed, day]:
        for item in items_due(items, school, each, calendar):
            if item.frequency != Frequency.DAILY and item.pk not in seen:
                waiting.setdefault(item.pk, item)
    room = max(MOST_ITEMS - len(daily), LEAST_PERIODIC)
    chosen = {item.pk for item in daily} | set(list(waiting)[:room])
    return [item for item in items if item.pk in chosen]


def period_of(frequency, day, calendar):
    """(first, last) day of the period around `day` in which an item of this frequency falls due once."""
    if frequency == Frequency.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if frequency == Frequency.MONTHLY:
        return day.replace(day=1), _last_of_month(day)
    if frequency == Frequency.QUARTERLY:
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return first, _last_of_month(first.replace(month=first.month + 2))
    if frequency == Frequency.YEARLY:
        year = day.year if day.month >= 9 else day.year - 1
        return date(year, 9, 1), date(year + 1, 8, 31)
    return next((term for term in calendar.terms if term[0] <= day <= term[1]), (day, day))


def photo_items(item_ids, school, day, count):
    """The ids that must be photographed that day: drawn by school and day, so nobody can know them before."""
    draw = sorted(item_ids, key=lambda pk: hashlib.sha256(f"{school.pk}/{day}/{pk}".encode()).digest())
    return sorted(draw[:count])


@transaction.atomic
def plan_day(day):
    """Write the duty of every school for `day` (is_due or not); returns how many are due. Safe to repeat."""
    schools = list(Organisation.objects.schools().open_on(day))
    ids = {pk for school in schools for pk in school.path_ids()}
    days, terms = calendar_rows(ids)
    known = set(PatrolDay.objects.filter(day=day).values_list("school_id", flat=True))
    cache, rows = {}, []
    for school in schools:
        path = school.path_ids()
        calendar = cache.setdefault(tuple(path), build_calendar(days, terms, path))
        if school.pk not in known and calendar.is_school_day(day):
            rows.append(PatrolDay(school=school, day=day, is_due=True))
    PatrolDay.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _days_of(period, calendar):
    return calendar.school_days(*period)


def _picked(code, days):
    """The day that a code picks among the school days of its period; None without any."""
    if not days:
        return None
    return days[int.from_bytes(hashlib.sha256(code.encode()).digest()[:4], "big") % len(days)]


def _last_of_month(day):
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)

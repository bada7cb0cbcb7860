"""Working-day arithmetic: a pure value object, and the one place that fills it from rows."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from .models import CalendarDay, SchoolTerm

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Days that differ from their weekday, and the terms in which schools are open."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    closures: frozenset[date] = frozenset()
    terms: tuple[tuple[date, date], ...] = field(default=())

    def is_workday(self, day: date) -> bool:
        """An office day: Monday to Friday, less holidays, plus make-up workdays (调休)."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def is_school_day(self, day: date) -> bool:
        """A workday inside a term on which the school is not closed."""
        in_term = any(start <= day <= end for start, end in self.terms)
        return in_term and self.is_workday(day) and day not in self.closures

    def add(self, day: date, count: int) -> date:
        """The date `count` workdays after `day` (before it when negative); `day` itself is not counted."""
        step = ONE_DAY if count >= 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def next_workday(self, day: date) -> date:
        """`day` itself if it is a workday, else the next one: where a deadline on a day off moves to."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def between(self, start: date, end: date) -> int:
        """Workdays after `start` up to and with `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_workday(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))

    def school_days(self, start: date, end: date) -> list[date]:
        """The school days from `start` to `end`, both counted."""
        days = (start + ONE_DAY * n for n in range((end - start).days + 1))
        return [day for day in days if self.is_school_day(day)]

    def last_school_day_of_week(self, day: date) -> date | None:
        """The day on which the week's report falls due; None in a week without school."""
        monday = day - ONE_DAY * day.weekday()
        days = self.school_days(monday, monday + ONE_DAY * 6)
        return days[-1] if days else None


def calendar_for(organisation) -> WorkCalendar:
    """The calendar that holds at `organisation`: general days and those set at or above it (2 queries)."""
    ids = organisation.path_ids()
    return build_calendar(*calendar_rows(ids), ids)


def calendar_rows(ids) -> tuple[list, list]:
    """(days, terms) of everything set for everyone or at one of the organisations `ids`."""
    days = CalendarDay.objects.filter(Q(organisation__isnull=True) | Q(organisation__in=ids))
    terms = SchoolTerm.objects.filter(organisation__in=ids)
    return (
        list(days.values_list("organisation_id", "day", "kind")),
        list(terms.values_list("organisation_id", "starts_on", "ends_on")),
    )


def build_calendar(days, terms, ids) -> WorkCalendar:
    """A WorkCalendar from rows; `ids` is the path from the root: the nearest setting of a day wins."""
    rank = {None: -1} | {pk: depth for depth, pk in enumerate(ids)}
    kinds: dict[date, str] = {}
    for _owner, day, kind in sorted((row for row in days if row[0] in rank), key=lambda row: rank[row[0]]):
        kinds[day] = kind
    own_terms = [(rank[owner], start, end) for owner, start, end in terms if owner in rank]
    nearest = max((depth for depth, _start, _end in own_terms), default=None)
    return WorkCalendar(
        holidays=frozenset(day for day, kind in kinds.items() if kind == CalendarDay.Kind.HOLIDAY),
        workdays=frozenset(day for day, kind in kinds.items() if kind == CalendarDay.Kind.WORKDAY),
        closures=frozenset(day for day, kind in kinds.items() if kind == CalendarDay.Kind.CLOSURE),
        terms=tuple((start, end) for depth, start, end in own_terms if depth == nearest),
    )

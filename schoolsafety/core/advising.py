"""The deadline adviser: what speaks against a day as a deadline, and which day near it is better. Pure."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from .models import CalendarWindow
from .workdays import ONE_DAY, WorkCalendar, calendar_for

FARTHEST = 120  # days that a better day may lie away: a summer and a bit
SOON = 60  # days: no vacation is longer, and works that begin within them are worth a word


@dataclass(frozen=True)
class Span:
    """A window of the calendar: its name, its first and its last day."""

    name: str
    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def words(self) -> str:
        """“Name, 06-07 to 06-10”."""
        return f"{self.name}（{self.starts_on:%m-%d} – {self.ends_on:%m-%d}）"


@dataclass(frozen=True)
class SchoolYear:
    """What an adviser knows about a school: its work calendar, its exams, its windows for works."""

    calendar: WorkCalendar
    exams: tuple[Span, ...] = field(default=())
    works: tuple[Span, ...] = field(default=())


@dataclass(frozen=True)
class Advice:
    """What to think of before `day` is set: `reasons` against it, a `better` day if there is one, `notes`."""

    day: date
    reasons: tuple[str, ...]
    better: date | None
    notes: tuple[str, ...]


def school_year(organisation) -> SchoolYear:
    """The calendar and the windows that hold at `organisation` (3 queries)."""
    holds = Q(organisation__isnull=True) | Q(organisation__in=organisation.path_ids())
    found: dict[str, list[Span]] = {kind: [] for kind in CalendarWindow.Kind.values}
    for row in CalendarWindow.objects.filter(holds).order_by("starts_on", "pk"):
        found[row.kind].append(Span(row.name, row.starts_on, row.ends_on))
    return SchoolYear(
        calendar_for(organisation),
        exams=tuple(found[CalendarWindow.Kind.EXAMS]),
        works=tuple(found[CalendarWindow.Kind.WORKS]),
    )


def advise(day: date, year: SchoolYear, today: date) -> Advice:
    """The reasons against `day`, the nearest better day (earlier first: a danger waits no longer than it
    must), and what is worth knowing. A day before today is not this module's business: no reason."""
    reasons = tuple(_reasons(day, year)) if day >= today else ()
    return Advice(day, reasons, _better(day, year, today) if reasons else None, tuple(_notes(day, year)))


def _reasons(day, year):
    """The sentences against `day`; none for a good one."""
    calendar = year.calendar
    if not calendar.is_workday(day):
        weekend = day.weekday() >= 5 and day not in calendar.holidays
        yield _("It is a weekend.") if weekend else _("It is a public holiday.")
    elif day in calendar.closures:
        yield _("The school is closed on this day.")
    for exam in year.exams:
        if day in exam:
            yield _("It falls into examinations: %(window)s; no noise, no works.") % {"window": exam.words}
    works = _works_of(day, year)
    if works and day != _last_workday(works, calendar):
        yield _("It cuts the time for works short: %(window)s.") % {"window": works.words}
    if not works and _is_vacation(day, year) and not _is_eve_of_term(day, calendar):
        yield _("It lies outside the school term: hardly anybody is there to rectify or to look.")


def _better(day, year, today):
    """The nearest day without a reason against it; None if there is none within FARTHEST days.

    Inside vacation and works the day moves on, to the end of that time; else it moves back, and on only
    where no earlier day after today is good.
    """
    forward = [day + ONE_DAY * n for n in range(1, FARTHEST)]
    back = [day - ONE_DAY * n for n in range(1, FARTHEST) if day - ONE_DAY * n > today]
    is_free = _works_of(day, year) is not None or _next_term(day, year.calendar) is not None
    for other in forward + back if is_free else back[:SOON] + forward:
        if not any(True for _reason in _reasons(other, year)):
            return other
    return None


def _notes(day, year):
    """What is worth knowing but nothing against the day: holidays not known yet, works that begin soon."""
    known = {holiday.year for holiday in year.calendar.holidays}
    if known and day.year not in known:
        yield _("The holidays of %(year)s are not in the calendar yet.") % {"year": day.year}
    for span in year.works:
        if timedelta(0) < span.starts_on - day <= timedelta(days=SOON):
            yield _("If it needs building works: their next time is %(window)s.") % {"window": span.words}
            return


def _works_of(day, year):
    return next((span for span in year.works if day in span), None)


def _last_workday(span, calendar):
    """The last office day of a span; its last day where it has none."""
    days = (span.ends_on - ONE_DAY * n for n in range((span.ends_on - span.starts_on).days + 1))
    return next((day for day in days if calendar.is_workday(day)), span.ends_on)


def _is_vacation(day, year):
    """Outside every term, shortly before one that is known or shortly after one that ended."""
    terms = year.calendar.terms
    if not terms or any(start <= day <= end for start, end in terms):
        return False
    ended = any(timedelta(0) < day - end <= timedelta(days=SOON) for _start, end in terms)
    return ended or _next_term(day, year.calendar) is not None


def _next_term(day, calendar):
    """The first day of the term before which vacation days lie; None inside a term, or if none is known."""
    if any(start <= day <= end for start, end in calendar.terms):
        return None
    later = (start for start, _end in calendar.terms if timedelta(0) < start - day <= timedelta(days=SOON))
    return min(later, default=None)


def _is_eve_of_term(day, calendar):
    """The last office day before a term: by then the school is ready for its pupils."""
    later = day + ONE_DAY
    while not calendar.is_workday(later):
        later += ONE_DAY
    in_term = any(start <= later <= end for start, end in calendar.terms)
    return calendar.is_workday(day) and in_term

"""Weeks and months as dates in Asia/Shanghai, keyed by the Monday and by the first day. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both counted; `until` is the last day that was over or under way when drawn."""

    start: date
    end: date
    until: date

    @property
    def begins_at(self):
        """The first instant, midnight in Shanghai."""
        return midnight(self.start)

    @property
    def ends_at(self):
        """The first instant after `until`."""
        return midnight(self.until + timedelta(days=1))

    @property
    def is_over(self):
        return self.until == self.end

    def as_json(self):
        return {"start": str(self.start), "end": str(self.end), "until": str(self.until)}


def week(monday: date, on: date) -> Period:
    """The week that begins on `monday`, as seen on the day `on`; ValueError if it is not a Monday."""
    if monday.weekday():
        raise ValueError(f"{monday} is not a Monday.")
    end = monday + timedelta(days=6)
    return Period(monday, end, max(min(end, on), monday))


def month(first: date, on: date) -> Period:
    """The month that begins on `first`, as seen on the day `on`; ValueError if it is not a first day."""
    if first.day != 1:
        raise ValueError(f"{first} is not the first day of a month.")
    end = next_month(first) - timedelta(days=1)
    return Period(first, end, max(min(end, on), first))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def parse_week(text: str) -> date:
    """The Monday of "2026-W47" (ISO 8601); ValueError for anything else."""
    year, _mark, number = text.upper().partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def week_label(monday: date) -> str:
    """2026-W47: the ISO year is that of the week's Thursday."""
    year, number, _day = monday.isocalendar()
    return f"{year}-W{number:02d}"


def parse_month(text: str) -> date:
    """The first day of "2026-10"; ValueError for anything else."""
    year, _mark, number = text.partition("-")
    return date(int(year), int(number), 1)


def months_before(first: date, count: int) -> date:
    """The first day of the month `count` months earlier."""
    index = first.year * 12 + first.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def next_month(first: date) -> date:
    return months_before(first, -1)


def months_until(first: date, count: int) -> list[date]:
    """`count` months, the last one being `first`, oldest first."""
    return [months_before(first, back) for back in range(count - 1, -1, -1)]


def midnight(day: date) -> datetime:
    """The instant at which `day` begins in Shanghai."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)

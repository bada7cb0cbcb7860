"""What the clock of a phone is worth. Pure: the server's time comes in as `now`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from ..workflow import LATE_DAYS

# A clock further off than this is wrong, not late: what it says about the past is not believed.
MOST_SKEW = timedelta(hours=24)
AHEAD = timedelta(minutes=5)


def moment_of(text: Any) -> datetime | None:
    """The moment that a phone wrote down, with its zone; None for anything else."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:  # well formed, but no such day
        return None
    return moment if moment and moment.tzinfo else None


@dataclass(frozen=True)
class PhoneClock:
    """Corrects a phone's times by the difference that the phone last knew (milliseconds, or None)."""

    skew_ms: int | None
    now: datetime

    @property
    def skew(self) -> timedelta:
        return timedelta(milliseconds=self.skew_ms or 0)

    def is_doubtful(self, *times: datetime) -> bool:
        """Is one of the times nothing to build on: the clock far off, in the future, or long ago?"""
        earliest = self.now - timedelta(days=LATE_DAYS)
        fair = all(earliest <= time + self.skew <= self.now + AHEAD for time in times)
        return abs(self.skew) >= MOST_SKEW or not fair

    def corrected(self, time: datetime) -> datetime:
        """The time by the server's clock; the arrival for a time that is nothing to build on."""
        return self.now if self.is_doubtful(time) else min(time + self.skew, self.now)

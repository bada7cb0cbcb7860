"""Weeks and months, at their edges."""

from datetime import date

import pytest

from reports.figures import period as periods
from tests.reports.conftest import at


def test_the_last_week_of_2026_has_the_number_53():
    assert periods.week_label(date(2026, 12, 28)) == "2026-W53"
    assert periods.parse_week("2026-W53") == date(2026, 12, 28)


def test_a_week_belongs_to_the_year_of_its_thursday():
    assert periods.week_label(date(2024, 12, 30)) == "2025-W01"


@pytest.mark.parametrize("text", ["", "2026", "2026-47", "2026-W54", "2026-W0", "W47", "2026-Wxx", "上周"])
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 -- every message is Python's own
        periods.parse_week(text)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-0", "2026/10", "十月"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 -- every message is Python's own
        periods.parse_month(text)


def test_a_week_begins_on_monday_only():
    with pytest.raises(ValueError, match="not a Monday"):
        periods.week(date(2026, 11, 17), date(2026, 11, 20))


def test_a_week_ends_with_sunday_midnight_in_shanghai():
    week = periods.week(date(2026, 11, 16), date(2026, 12, 1))
    assert week.begins_at == at("2026-11-16 00:00")
    assert week.ends_at == at("2026-11-23 00:00")
    assert week.is_over


def test_a_week_under_way_counts_up_to_the_day_of_drawing():
    week = periods.week(date(2026, 11, 16), date(2026, 11, 20))
    assert week.until == date(2026, 11, 20)
    assert not week.is_over


def test_months_roll_over_the_year():
    assert periods.next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert periods.months_before(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert periods.months_until(date(2026, 2, 1), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert periods.month(date(2028, 2, 1), date(2030, 1, 1)).end == date(2028, 2, 29)

"""Working days: pure arithmetic over holidays, make-up days, closures and terms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsafety.core.models import CalendarDay
from schoolsafety.core.workdays import WorkCalendar, build_calendar, calendar_for
from tests.factories import CalendarDayFactory, TermFactory

# The first week of October 2026: holidays from Thursday 1st to Wednesday 7th, Saturday 10th is worked.
OCTOBER = WorkCalendar(
    holidays=frozenset(date(2026, 10, n) for n in range(1, 8)),
    workdays=frozenset({date(2026, 10, 10)}),
    closures=frozenset({date(2026, 10, 9)}),
    terms=((date(2026, 9, 1), date(2027, 1, 20)),),
)


def october(day):
    return date(2026, 10, day)


@pytest.mark.parametrize(
    ("day", "is_work", "is_school"),
    [(1, False, False), (8, True, True), (9, True, False), (10, True, True), (11, False, False)],
)
def test_a_day_is_a_workday_or_a_school_day_or_neither(day, is_work, is_school):
    assert (OCTOBER.is_workday(october(day)), OCTOBER.is_school_day(october(day))) == (is_work, is_school)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 30), 1, october(8)),
        (date(2026, 9, 30), 3, october(10)),
        (date(2026, 9, 30), 4, october(12)),
        (october(8), -1, date(2026, 9, 30)),
        (october(3), 0, october(3)),
    ],
)
def test_adding_workdays_jumps_over_days_off(start, count, end):
    assert OCTOBER.add(start, count) == end


def test_a_deadline_on_a_day_off_moves_to_the_next_workday():
    assert OCTOBER.next_workday(october(2)) == october(8)
    assert OCTOBER.next_workday(october(8)) == october(8)


def test_no_school_day_lies_outside_the_terms():
    assert not OCTOBER.is_school_day(date(2027, 1, 21))
    assert WorkCalendar().school_days(october(12), october(16)) == []


def test_the_last_school_day_of_a_week():
    assert OCTOBER.last_school_day_of_week(october(5)) == october(10)
    assert OCTOBER.last_school_day_of_week(date(2027, 2, 1)) is None


DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 31))


@given(DAYS, st.integers(-40, 40))
def test_what_was_added_lies_that_many_workdays_away(day, count):
    there = OCTOBER.add(day, count)
    if OCTOBER.is_workday(day):
        assert OCTOBER.between(day, there) == count
    if count:
        assert OCTOBER.is_workday(there)


@given(DAYS, DAYS)
def test_counting_there_and_back_is_the_same(one, other):
    assert OCTOBER.between(one, other) == -OCTOBER.between(other, one)


@given(DAYS, DAYS, st.integers(0, 10))
def test_a_later_start_never_ends_earlier(one, other, count):
    first, second = sorted([one, other])
    assert OCTOBER.add(first, count) <= OCTOBER.add(second, count)


def test_the_nearest_setting_of_a_day_and_of_the_terms_wins(city, district, school, neighbour):
    day = date(2026, 10, 1)
    CalendarDayFactory(day=day)
    CalendarDayFactory(day=day, organisation=district, kind=CalendarDay.Kind.WORKDAY)
    CalendarDayFactory(day=day, organisation=school, kind=CalendarDay.Kind.HOLIDAY)
    TermFactory(organisation=city, starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 1))
    TermFactory(organisation=school, starts_on=date(2026, 9, 10), ends_on=date(2027, 1, 1))
    assert not calendar_for(school).is_workday(day)
    assert calendar_for(neighbour).is_workday(day)
    assert not calendar_for(school).is_school_day(date(2026, 9, 1))
    assert calendar_for(neighbour).is_school_day(date(2026, 9, 1))


def test_the_calendar_of_an_organisation_costs_two_queries(school, django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar_for(school)


def test_days_of_others_do_not_count():
    rows = [(99, date(2026, 10, 12), "holiday"), (None, date(2026, 10, 13), "holiday")]
    calendar = build_calendar(rows, [(99, date(2026, 9, 1), date(2026, 12, 1))], [1, 2])
    assert calendar.holidays == {date(2026, 10, 13)}
    assert calendar.terms == ()
    assert calendar.is_workday(date(2026, 10, 12) + timedelta(days=2))

"""Which items fall due on which day."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from inspections.models import ChecklistTemplate, PatrolDay
from inspections.services import checklists, plan
from inspections.workflow import Frequency
from schoolsafety.core.workdays import WorkCalendar, calendar_for
from tests.factories import CalendarDayFactory, OrganisationFactory

TERM = (date(2026, 9, 1), date(2027, 1, 20))
CALENDAR = WorkCalendar(holidays=frozenset({date(2026, 10, day) for day in range(1, 8)}), terms=(TERM,))


@pytest.fixture
def items(db):
    return list(ChecklistTemplate.objects.get(code="builtin").items.all())


def test_the_built_in_checklist_has_its_245_items(items):
    assert len(items) == 245
    assert len({item.code for item in items}) == 245
    assert all(item.phrases for item in items)


def test_an_ordinary_school_walks_about_thirty_items_a_day(items):
    school = OrganisationFactory(has_canteen=True)
    days = CALENDAR.school_days(date(2026, 11, 2), date(2026, 11, 27))
    counts = [len(plan.items_due(items, school, day, CALENDAR)) for day in days]

    assert min(counts) >= 30
    assert max(counts) <= 52


def test_every_periodic_item_falls_due_exactly_once_in_its_period(items):
    school = OrganisationFactory(has_canteen=True)
    days = CALENDAR.school_days(date(2026, 11, 1), date(2026, 11, 30))
    due = Counter(item for day in days for item in plan.items_due(items, school, day, CALENDAR))
    monthly = [item for item in items if item.frequency == Frequency.MONTHLY and item.applies_to(school)]
    weekly = [item for item in items if item.frequency == Frequency.WEEKLY and item.applies_to(school)]

    assert {due[item] for item in monthly} == {1}
    assert {due[item] for item in weekly} <= {4, 5}
    assert not [item for item in due if item.frequency == Frequency.ON_EVENT]


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 11, 22), date(2026, 8, 20)])
def test_days_off_need_no_patrol(items, day):
    assert plan.items_due(items, OrganisationFactory(), day, CALENDAR) == []


def test_facilities_decide_what_applies(items):
    day = date(2026, 11, 24)
    bare = OrganisationFactory(has_canteen=False)
    full = OrganisationFactory(has_canteen=True, has_boarding=True, has_bus=True)
    codes = {item.code for item in plan.items_due(items, full, day, CALENDAR)}

    assert not any(item.code.startswith("XC-07") for item in plan.items_due(items, bare, day, CALENDAR))
    assert {"SP-18", "SS-05", "XC-08"} <= codes


def test_the_items_drawn_for_a_photo_change_daily_and_differ_between_schools(db):
    one, two = OrganisationFactory(), OrganisationFactory()
    ids = list(range(1, 41))
    draws = [plan.photo_items(ids, one, date(2026, 11, day), 2) for day in range(2, 22)]

    assert all(len(set(draw)) == 2 for draw in draws)
    assert len({tuple(draw) for draw in draws}) > 10
    assert draws != [plan.photo_items(ids, two, date(2026, 11, day), 2) for day in range(2, 22)]


def test_planning_a_day_twice_writes_each_duty_once(school, neighbour, term):
    day = date(2026, 11, 24)

    assert [plan.plan_day(day), plan.plan_day(day)] == [2, 0]
    assert PatrolDay.objects.filter(day=day, is_due=True).count() == 2


def test_a_closure_of_the_district_frees_its_schools(school, district, term):
    CalendarDayFactory(day=date(2026, 11, 24), organisation=district, kind="closure", name="暴雪停课")

    assert plan.plan_day(date(2026, 11, 24)) == 0
    assert calendar_for(school).is_school_day(date(2026, 11, 25))


def test_the_nearest_checklist_in_force_wins(school, district, principal, clerk):
    built_in = checklists.template_for(school, date(2026, 11, 24))
    draft = checklists.copy_template(built_in, organisation=district, actor=clerk, name="区清单")
    now = date(2026, 11, 24)

    assert checklists.template_for(school, now) == built_in
    checklists.publish(draft, actor=clerk, on=date(2099, 1, 1), now=datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert checklists.template_for(school, now) == built_in
    assert checklists.template_for(school, date(2099, 1, 2)) == draft

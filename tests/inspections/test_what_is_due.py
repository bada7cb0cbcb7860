"""Which items a walk holds: what was left over joins, nothing is asked twice, late entries are marked."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from inspections.models import ChecklistItem, ChecklistTemplate, Patrol, PatrolDay
from inspections.services import checklists, patrols, plan
from inspections.workflow import Frequency
from schoolsafety.core.workdays import calendar_for
from tests.factories import CalendarDayFactory, OrganisationFactory

from .conftest import SHANGHAI, TUESDAY, picture

MONDAY = date(2026, 11, 23)


@pytest.fixture
def items(db):
    return list(ChecklistTemplate.objects.get(code="builtin").items.all())


@pytest.fixture
def monday_items(items, school, term):
    """The periodic items that fall due on the Monday."""
    due = plan.items_due(items, school, MONDAY, calendar_for(school))
    found = {item.pk for item in due if item.frequency != Frequency.DAILY}
    assert found
    return found


def at(day, hour=8):
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


def whole(patrol, actor, now, note=""):
    """Answer everything and hand it in."""
    for pk in patrol.photo_item_ids:
        patrols.answer(patrol, actor=actor, item_id=pk, value="x", now=now)
    patrols.answer_rest(patrol, actor=actor, item_ids=patrol.item_ids)
    return patrols.submit(patrol, actor=actor, now=now, note=note)


def test_what_a_missed_day_left_over_joins_the_next_walk(school, officer, monday_items):
    plan.plan_day(MONDAY)

    walk = patrols.start(school, actor=officer, now=TUESDAY)

    assert monday_items <= set(walk.item_ids)
    assert len(walk.item_ids) <= plan.MOST_ITEMS


def test_what_was_looked_at_is_not_asked_again(school, officer, monday_items):
    plan.plan_day(MONDAY)
    whole(patrols.start(school, actor=officer, now=at(23)), officer, at(23))

    walk = patrols.start(school, actor=officer, now=TUESDAY)

    assert not monday_items & set(walk.item_ids)


def test_a_school_that_began_today_owes_nothing_from_before(school, officer, monday_items):
    walk = patrols.start(school, actor=officer, now=TUESDAY)

    assert not monday_items & set(walk.item_ids)


def test_the_second_walk_of_a_day_holds_the_daily_items_alone(school, officer, walk):
    whole(walk, officer, TUESDAY)

    again = patrols.start(school, actor=officer, now=TUESDAY + timedelta(hours=6))

    frequencies = ChecklistItem.objects.filter(pk__in=again.item_ids).values_list("frequency", flat=True)
    assert set(frequencies) == {Frequency.DAILY}


def test_a_walk_never_outgrows_its_limit_and_the_rest_waits(items, school, term):
    calendar = calendar_for(school)
    days = calendar.school_days(date(2026, 11, 9), date(2026, 11, 20))

    full = plan.items_of_walk(items, school, MONDAY, calendar, owed=days)
    seen = {item.pk for item in full}
    following = plan.items_of_walk(
        items, school, MONDAY + timedelta(days=1), calendar, seen=seen, owed=[*days, MONDAY]
    )

    assert len(full) == plan.MOST_ITEMS
    assert {item.pk for item in following} - seen


def test_a_boarding_school_with_everything_still_sees_periodic_items(items, term):
    school = OrganisationFactory(
        has_canteen=True, has_boarding=True, has_bus=True, has_laboratory=True, has_lpg=True, has_pool=True,
        parent=term.organisation,
    )  # fmt: skip
    calendar = calendar_for(school)
    days = calendar.school_days(date(2026, 11, 9), date(2026, 11, 20))

    found = plan.items_of_walk(items, school, MONDAY, calendar, owed=days)

    daily = [item for item in found if item.frequency == Frequency.DAILY]
    assert len(daily) + plan.LEAST_PERIODIC > plan.MOST_ITEMS
    assert len(found) == len(daily) + plan.LEAST_PERIODIC


def test_items_marked_for_a_photo_need_one_every_day(school, officer, walk):
    always = ChecklistItem.objects.get(code="SP-18")

    assert always.pk in walk.photo_item_ids
    assert always.pk not in patrols.answer_rest(walk, actor=officer, item_ids=walk.item_ids)


def test_a_checklist_without_a_daily_item_cannot_be_walked(school, principal, officer, term):
    draft = checklists.copy_template(
        ChecklistTemplate.objects.get(code="builtin"), organisation=school, actor=principal
    )
    draft.items.filter(frequency="D").delete()
    checklists.publish(draft, actor=principal, on=TUESDAY.date(), now=TUESDAY)
    CalendarDayFactory(day=TUESDAY.date(), organisation=school)

    with pytest.raises(ValidationError):
        patrols.start(school, actor=officer, now=TUESDAY)


def test_a_walk_before_the_plan_of_the_morning_still_counts_as_due(school, officer, walk):
    whole(walk, officer, TUESDAY)

    assert PatrolDay.objects.get(school=school).is_due
    assert plan.plan_day(TUESDAY.date()) == 0


def test_a_walk_on_a_day_off_is_not_due(school, officer, term):
    saturday = at(28)
    whole(patrols.start(school, actor=officer, now=saturday), officer, saturday)

    assert not PatrolDay.objects.get(school=school).is_due


def test_a_late_entry_says_why_and_stays_marked(school, officer, term):
    late = patrols.start(school, actor=officer, now=TUESDAY, day=MONDAY)
    for pk in late.photo_item_ids:
        patrols.answer(late, actor=officer, item_id=pk, value="n", now=TUESDAY, photo=picture())
    patrols.answer_rest(late, actor=officer, item_ids=late.item_ids)

    with pytest.raises(ValidationError) as reason:
        patrols.submit(late, actor=officer, now=TUESDAY, note=" ")
    done = patrols.submit(late, actor=officer, now=TUESDAY, note="手机没电")

    assert "note" in reason.value.error_dict
    assert (done.is_late_entry, done.note, done.day) == (True, "手机没电", MONDAY)


def test_a_walk_left_lying_becomes_a_late_entry_but_midnight_alone_does_not(walk, officer):
    assert not patrols.is_late(walk, TUESDAY + timedelta(hours=18))
    assert patrols.is_late(walk, TUESDAY + timedelta(hours=25))
    with pytest.raises(ValidationError):
        whole(walk, officer, TUESDAY + timedelta(hours=25))
    assert not Patrol.objects.get().is_late_entry


@pytest.mark.parametrize(("days", "is_taken"), [(31, True), (32, False)])
def test_a_day_long_over_cannot_be_entered(school, officer, term, days, is_taken):
    day = TUESDAY.date() - timedelta(days=days)
    if is_taken:
        assert patrols.start(school, actor=officer, now=TUESDAY, day=day).day == day
    else:
        with pytest.raises(ValidationError):
            patrols.start(school, actor=officer, now=TUESDAY, day=day)


@pytest.mark.parametrize("value", ["p", "z", ""])
def test_only_known_answers_are_taken_and_a_problem_needs_its_finding(walk, officer, value):
    with pytest.raises(ValidationError):
        patrols.answer(walk, actor=officer, item_id=walk.item_ids[0], value=value, now=TUESDAY)

    walk.refresh_from_db()
    assert walk.answers == {}

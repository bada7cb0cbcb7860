"""The morning's reminders: before, at and after the deadline, who is told first, what a bureau sets."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import get_default_timezone

from hazards import services
from hazards.models import RectificationPlan
from hazards.settings import _check_workdays, workdays_in
from schoolsafety.core import notifications
from schoolsafety.core.models import Delivery, Notification, Preference
from schoolsafety.core.models.notification import Channel, NotificationChoice
from tests.factories import CalendarDayFactory, HazardFactory

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=get_default_timezone())
FRIDAY = MONDAY - timedelta(days=3)


def on(days):
    return MONDAY + timedelta(days=days)


def remind(day=MONDAY):
    return services.remind_overdue(on=day, now=NOW) + services.remind_ahead(on=day, now=NOW)


def told():
    rows = Notification.objects.filter(verb="hazards.remind").order_by("pk")
    return [(row.user.username, row.text.partition("：")[0]) for row in rows.select_related("user")]


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (on(3), "还有3个工作日到期"),
        (on(2), None),
        (on(1), "还有1个工作日到期"),
        (on(0), "今天到期"),
        (FRIDAY, "逾期 3 天"),
        (on(-2), "逾期 2 天"),  # due on a Saturday: late by one workday
    ],
)
def test_the_usual_days(school, officer, due_on, words):
    HazardFactory(school=school, rectifying=True, due_on=due_on)
    assert remind() == (1 if words else 0)
    assert told() == ([("officer", words)] if words else [])
    assert remind() == 0  # once a day


def test_workdays_count_and_holidays_do_not(school, officer):
    """Due on Monday; Thursday before a holiday on Friday is one workday ahead."""
    CalendarDayFactory(day=on(4))
    HazardFactory(school=school, rectifying=True, due_on=on(7))
    assert [remind(on(day)) for day in (2, 3)] == [0, 1]
    assert told() == [("officer", "还有1个工作日到期")]


def test_who_answers_for_it_hears_first_and_the_others_once_it_is_late(school, officer, principal, staff):
    hazard = HazardFactory(school=school, rectifying=True, due_on=on(1), responsible="赵敏")
    assert [remind(on(day)) for day in (0, 1, 2)] == [1, 1, 1]
    names = [name for name, _words in told()]
    assert names[:2] == ["staff", "staff"]
    assert names[2] == "staff"  # first among the three
    assert set(names[2:]) == {"staff", "officer", "principal"}
    assert hazard.pk


def test_the_name_in_the_plan_counts_too(school, officer, staff):
    hazard = HazardFactory(school=school, rectifying=True, due_on=on(1))
    RectificationPlan.objects.create(hazard=hazard, responsible_person="赵敏")
    remind()
    assert [name for name, _words in told()] == ["staff"]


def test_a_name_that_nobody_bears_or_only_a_stranger_leaves_officer_and_principal(
    school, officer, principal, stranger
):
    HazardFactory(school=school, rectifying=True, due_on=on(0), responsible="孙强")
    remind()
    assert {name for name, _words in told()} == {"officer", "principal"}


def test_what_a_bureau_sets_holds_for_its_schools(school, officer, staff, district):
    HazardFactory(school=school, rectifying=True, due_on=on(-1), responsible="赵敏")
    for key, value in {"remind_after": 2, "remind_widen": 3}.items():
        Preference.objects.create(organisation=district, key=f"hazards.{key}", value=value)
    assert [remind(on(day)) for day in range(5)] == [1, 0, 1, 0, 1]
    assert [name for name, _words in told()] == ["staff", "staff", "officer", "staff", "officer"]


def test_never_and_not_on_the_day(school, officer, district):
    HazardFactory(school=school, rectifying=True, due_on=on(0))
    for key, value in {"remind_after": 0, "remind_at": False}.items():
        Preference.objects.create(organisation=district, key=f"hazards.{key}", value=value)
    assert [remind(on(day)) for day in range(5)] == [0, 0, 0, 0, 0]


def test_nobody_is_reminded_of_what_was_handed_in_closed_or_waits_for_money(school, officer):
    HazardFactory(school=school, submitted=True, due_on=on(1))
    HazardFactory(school=school, closed=True, due_on=on(1))
    HazardFactory(school=school, rectifying=True, due_on=on(1), awaits_funds_since=on(-9))
    assert remind() == 0


@pytest.mark.parametrize("text", ["x", "0", "31", "1,2,3,4,5,6", "3;1"])
def test_numbers_that_cannot_be_used_are_refused(text):
    with pytest.raises(ValidationError):
        _check_workdays(text)


def test_numbers_are_read_however_they_are_parted():
    _check_workdays("5，3、1")
    assert workdays_in("5，3、1") == {1, 3, 5}


# Chasing.


def test_a_chase_can_go_out_at_once_or_only_be_written_down(school, officer, clerk):
    hazard = HazardFactory(school=school, rectifying=True)
    for channel in (Channel.WECOM, Channel.DINGTALK):
        NotificationChoice.objects.create(
            user=officer, channel=channel, pace=NotificationChoice.Pace.DAILY, address="robot-key-1"
        )
    services.chase(hazard, actor=clerk, now=NOW, text="请于今日整改", by=Channel.WECOM)
    assert Notification.objects.get(verb="hazards.chase").text == "请于今日整改"
    after = {row.channel: row.send_after for row in Delivery.objects.all()}
    assert after[Channel.WECOM] == NOW < after[Channel.DINGTALK]
    services.chase(hazard, actor=clerk, now=NOW, note="电话", is_told=False)
    assert Notification.objects.filter(verb="hazards.chase").count() == 1


def test_who_can_be_reached_has_an_address_and_wants_to_be_told(officer, principal, staff):
    pace = NotificationChoice.Pace
    for user, kind, address in [(officer, pace.DAILY, "robot-1"), (principal, pace.NEVER, "robot-2")]:
        NotificationChoice.objects.create(user=user, channel=Channel.WECOM, pace=kind, address=address)
    people = [officer, principal, staff]
    assert notifications.reached_by(Channel.WECOM, people) == 1
    assert notifications.reached_by(Channel.SMS, people) == 0


# The clock that stands still.


def test_a_moved_deadline_keeps_both_dates_in_the_history(school, clerk):
    hazard = HazardFactory(school=school, rectifying=True, due_on=on(1))
    fresh = services.move_deadline(hazard, actor=clerk, due_on=on(8), paused_until=on(5))
    assert (fresh.due_on, fresh.paused_until) == (on(8), on(5))
    closed = HazardFactory(school=school, closed=True)
    with pytest.raises(services.moving.workflow.NotAllowed):
        services.move_deadline(closed, actor=clerk, due_on=on(8), paused_until=on(5))

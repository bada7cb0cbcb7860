"""What hazards put on a desk and into the menu; the morning's job; who may open a photo."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from hazards import services
from hazards.duties import hazards_of
from hazards.schedule import mornings, remind_overdue
from hazards.workflow import Grade, Status
from schoolsafety.core.duties import Rank
from schoolsafety.core.files import attachments_of
from schoolsafety.core.models import User
from tests.factories import CalendarDayFactory, HazardFactory


def desk(user):
    """The duties of the person as a new request would find them."""
    return list(hazards_of(User.objects.get(pk=user.pk), timezone.now()))


def test_an_officer_sees_cases_one_by_one_the_latest_first(school, officer):
    today = localdate()
    HazardFactory(school=school, rectifying=True, due_on=today + timedelta(days=2), title="不急")
    HazardFactory(school=school, rectifying=True, due_on=today - timedelta(days=2), title="逾期的")
    HazardFactory(school=school, title="今天的", due_on=today)
    duties = desk(officer)
    assert [duty.rank for duty in duties] == [Rank.OVERDUE, Rank.TODAY, Rank.SOON]
    assert [duty.kind for duty in duties] == ["late", "todo", "todo"]
    assert "逾期的" in duties[0].text


def test_many_cases_are_told_in_one_line_more(school, officer):
    HazardFactory.create_batch(9, school=school, rectifying=True)
    duties = desk(officer)
    assert len(duties) == 7
    assert "3" in duties[-1].text


def test_a_principal_sees_what_to_look_at_and_which_complete_plan_to_sign(
    school, principal, officer, planned, major
):
    HazardFactory(school=school, submitted=True, submitted_by=officer)
    texts = [duty.text for duty in desk(principal)]
    assert len(texts) == 2
    assert planned.title in texts[1]
    services.save_plan(planned, actor=officer, values={"measures": ""}, version=2, now=timezone.now())
    assert len(desk(principal)) == 1


def test_a_bureau_sees_queues_with_numbers(school, clerk, leader):
    HazardFactory.create_batch(2, school=school, proposed_grade=Grade.MAJOR, due_on=None)
    HazardFactory(school=school, status=Status.VERIFIED, grade=Grade.GENERAL)
    HazardFactory(school=school, rectifying=True, due_on=localdate() - timedelta(days=1))
    for person in (clerk, leader):
        assert [duty.url.partition("queue=")[2] for duty in desk(person)] == ["grade", "close", "overdue"]


@pytest.mark.parametrize("who", ["staff", "auditor", "admin", "stranger"])
def test_others_have_nothing_to_do(school, request, who):
    HazardFactory(school=school, rectifying=True)
    assert desk(request.getfixturevalue(who)) == []


@pytest.mark.parametrize(("who", "most"), [("officer", 3), ("principal", 4), ("clerk", 3)])
def test_a_desk_costs_the_same_with_one_and_three_cases(
    school, request, django_assert_max_num_queries, who, most
):
    person = request.getfixturevalue(who)
    for more in (1, 2):
        HazardFactory.create_batch(more, school=school, rectifying=True)
        with django_assert_max_num_queries(most):
            desk(person)


def test_the_menu_counts_what_waits(enter, school, clerk, officer):
    HazardFactory(school=school, proposed_grade=Grade.MAJOR, due_on=None)
    HazardFactory(school=school, rectifying=True)
    menu = {link.url: link.count for link in enter(clerk).get(reverse("hazards:list")).context["nav"]}
    assert menu["/h/?queue=grade"] == 1
    menu = {link.url: link.count for link in enter(officer).get(reverse("hazards:list")).context["nav"]}
    assert menu["/h/"] == 1
    assert "/h/?queue=grade" not in menu


# --- the morning ---------------------------------------------------------------------------------
def at(day, hour):
    return datetime(2026, 11, day, hour, 0, tzinfo=UTC)  # eight hours behind Shanghai


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (at(23, 0), ["2026-11-23"]),  # Monday 08:00 in Shanghai
        (at(22, 22), []),  # Monday 06:00: too early
        (at(21, 2), []),  # Saturday
        (at(23, 13), ["2026-11-23"]),  # caught up in the evening, for that day only
    ],
)
def test_the_reminder_falls_due_on_workday_mornings(db, now, days):
    assert [key for key, _arguments in mornings(now - timedelta(days=1), now)] == days


def test_a_holiday_has_no_reminder(db):
    CalendarDayFactory(day=at(23, 0).date())
    assert mornings(at(22, 0), at(23, 0)) == []


def test_the_job_reminds(school, officer):
    HazardFactory(school=school, rectifying=True, due_on=localdate() - timedelta(days=1))
    assert remind_overdue(None, day=localdate().isoformat()) == {"reminded": 1}
    assert remind_overdue(None, day=localdate().isoformat()) == {"reminded": 0}


# --- photos --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("clerk", 200), ("stranger", 404), ("admin", 404)]
)
def test_a_photo_opens_only_for_who_sees_the_case(enter, make, photo, request, who, status):
    row = attachments_of(make(photos=[photo()])).get()
    client = enter(request.getfixturevalue(who))
    for name in ("attachment", "thumbnail"):
        assert client.get(reverse(f"core:{name}", args=[row.pk])).status_code == status

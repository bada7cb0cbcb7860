"""What the walk puts on a person's desk, and how the bureau sees who was silent."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from inspections import duties
from inspections.models import PatrolDay
from inspections.schedule import mornings
from inspections.services import patrols, plan
from schoolsafety.core.duties import Rank
from tests.factories import UserFactory

from .conftest import SHANGHAI, TUESDAY

MONDAY = date(2026, 11, 23)


@pytest.fixture
def planned(school, neighbour, term):
    plan.plan_day(MONDAY)
    plan.plan_day(TUESDAY.date())


def ranks(found):
    return [(duty.rank, duty.tag) for duty in found]


@pytest.mark.parametrize(("hour", "rank"), [(8, Rank.TODAY), (17, Rank.OVERDUE)])
def test_the_officer_owes_the_walk_of_the_day(officer, school, term, hour, rank):
    now = datetime(2026, 11, 24, hour, tzinfo=SHANGHAI)

    found = duties.patrol_duties(officer, now)

    assert ranks(found) == [(rank, "今天")]


def test_a_walk_under_way_is_gone_on_with_and_one_handed_in_is_no_duty(officer, whole_walk):
    under_way = duties.patrol_duties(officer, TUESDAY)
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)

    assert under_way[0].url == reverse("inspections:walk", args=[whole_walk.pk])
    assert duties.patrol_duties(officer, TUESDAY) == []


@pytest.mark.parametrize("person", ["officer", "principal"])
def test_a_missed_day_is_seen_the_next_morning_by_officer_and_principal(request, planned, person):
    found = duties.patrol_duties(request.getfixturevalue(person), TUESDAY)

    assert (Rank.OVERDUE, "漏查") in ranks(found)


def test_a_day_off_owes_nothing(officer, school, term):
    sunday = datetime(2026, 11, 29, 9, tzinfo=SHANGHAI)

    assert duties.patrol_duties(officer, sunday) == []


def test_the_bureau_sees_on_its_desk_how_many_were_silent(clerk, auditor, planned, school):
    PatrolDay.objects.filter(school=school, day=MONDAY).update(patrols=1)

    found = duties.silent_duties(clerk, TUESDAY)

    assert "1" in found[0].text
    assert "2026-11-23" in found[0].url
    assert duties.silent_duties(auditor, TUESDAY) == []


def test_the_bureau_has_nothing_to_ask_when_everybody_walked(clerk, planned):
    PatrolDay.objects.update(patrols=1)

    assert duties.silent_duties(clerk, TUESDAY) == []


def test_the_workbook_of_a_day_holds_every_school_silent_ones_first(client, clerk, planned, school):
    PatrolDay.objects.filter(school=school).update(patrols=1, problems=2, first_submitted_at=TUESDAY)
    client.force_login(clerk)

    answer = client.get(reverse("inspections:day"), {"day_shown": "2026-11-24", "export": "1"})

    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows[1:]] == ["JB002", "JB001"]
    assert rows[2][4] == datetime(2026, 11, 24, 7, 30)  # noqa: DTZ001 -- a cell has no zone


def test_a_bureau_sees_its_own_schools_only(client, planned, other_district):
    client.force_login(UserFactory(post=(other_district, "district_staff")))

    answer = client.get(reverse("inspections:day"), {"day_shown": "2026-11-24"})

    assert (answer.context["total"], answer.context["silent_count"]) == (0, 0)


@pytest.mark.parametrize("count", [1, 2])
def test_the_day_costs_the_same(client, clerk, planned, count, django_assert_num_queries):
    keep = PatrolDay.objects.filter(day=TUESDAY.date()).values_list("pk", flat=True)[:count]
    PatrolDay.objects.exclude(pk__in=list(keep)).delete()
    client.force_login(clerk)

    with django_assert_num_queries(16):
        answer = client.get(reverse("inspections:day"), {"day_shown": "2026-11-24"})

    assert len(answer.context["silent"]) == count


def test_patrols_are_narrowed_to_late_entries_and_problems(client, clerk, whole_walk, officer):
    patrols.submit(whole_walk, actor=officer, now=TUESDAY)
    client.force_login(clerk)

    counts = [
        len(client.get(reverse("inspections:patrols"), {"only": only}).context["page"].rows)
        for only in ("", "late", "problems")
    ]

    assert counts == [1, 0, 0]


def test_mornings_that_were_missed_are_caught_up():
    found = mornings(TUESDAY - timedelta(days=3), TUESDAY)

    assert [key for key, _arguments in found] == ["2026-11-22", "2026-11-23", "2026-11-24"]

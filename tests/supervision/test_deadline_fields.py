"""Every page where a deadline is set asks once about a bad day and takes either answer, without scripts."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from hazards.models import Hazard
from hazards.workflow import Grade, Status
from inspections.services import notices
from tests.factories import HazardFactory
from tests.supervision.stop_ways import major_at

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=get_default_timezone())
SATURDAY, FRIDAY = "2026-12-05", "2026-12-04"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of_grade(school, clerk, officer):
    return clerk, reverse("hazards:act", args=[HazardFactory(school=school).number, "grade"]), ["due_on"]


def page_of_extension(school, clerk, officer):
    hazard = HazardFactory(school=school, rectifying=True)
    return officer, reverse("hazards:act", args=[hazard.number, "ask_extension"]), ["due_on"]


def page_of_plan(school, clerk, officer):
    hazard = major_at(school, status=Status.PLANNING)
    return officer, reverse("hazards:plan", args=[hazard.number]), ["deadline"]


def page_of_judging(school, clerk, officer):
    hazard = HazardFactory(school=school, proposed_grade=Grade.MAJOR)
    return clerk, reverse("supervision:judge", args=[hazard.number]), ["due_on"]


def page_of_notice(school, clerk, officer):
    hazard = HazardFactory(school=school, rectifying=True)
    bureau = notices.bureau_of(clerk, school)
    notice = notices.draft(school, bureau=bureau, chosen=[hazard], actor=clerk, now=NOW)
    item = notice.items.get()
    names = ["reply_due_on", "review_on", f"item-{item.pk}-due_on"]
    return clerk, reverse("inspections:notice_edit", args=[notice.pk]), names


def page_of_listing(school, clerk, officer):
    hazard = major_at(school, due_on=date(2026, 11, 10))
    return clerk, f"{reverse('supervision:listing_new')}?hazard={hazard.number}", ["due_on", "plan_due_on"]


PAGES = [page_of_grade, page_of_extension, page_of_plan, page_of_judging, page_of_notice, page_of_listing]


@pytest.mark.parametrize("make", PAGES)
def test_the_fields_of_deadlines_ask(client, school, clerk, officer, make):
    person, address, names = make(school, clerk, officer)
    client.force_login(person)
    page = client.get(address).content.decode()
    for name in names:
        assert f'name="asks_{name}"' in page, name
        assert f'data-for="{name}"' in page


def graded(client, hazard, **answer):
    data = {"grade": "general", "reason": "我写的理由", "due_on": SATURDAY, "asks_due_on": "1"} | answer
    return client.post(reverse("hazards:act", args=[hazard.number, "grade"]), data)


def test_a_saturday_is_asked_about_and_either_answer_is_taken(client, school, clerk):
    client.force_login(clerk)
    hazard = HazardFactory(school=school)
    asked = graded(client, hazard)
    assert asked.status_code == 400
    page = asked.content.decode()
    assert "这一天是周末" in page
    assert f'name="use_due_on" value="{FRIDAY}"' in page
    assert f'name="keep_due_on" value="{SATURDAY}"' in page
    assert "我写的理由" in page
    assert Hazard.objects.get(pk=hazard.pk).status == Status.REPORTED
    assert graded(client, hazard, use_due_on=FRIDAY).status_code == 302
    assert str(Hazard.objects.get(pk=hazard.pk).due_on) == FRIDAY
    kept = HazardFactory(school=school)
    assert graded(client, kept, keep_due_on=SATURDAY).status_code == 302
    assert str(Hazard.objects.get(pk=kept.pk).due_on) == SATURDAY

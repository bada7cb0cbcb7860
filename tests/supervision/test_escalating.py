"""Escalation: when the next level is asked, who decides, what lapses, the pages and their cost."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from hazards.models import Hazard
from hazards.workflow import NotAllowed
from schoolsafety.core.models import Notification, Preference
from schoolsafety.core.roles import Role
from supervision.duties_chasing import escalation_duties
from supervision.models import Chase, Escalation
from supervision.services import escalating
from supervision.workflow.chasing import EscalationStatus, Level
from tests.factories import HazardFactory, OrganisationFactory, UserFactory
from tests.hazards.ways import verbs_of

TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=get_default_timezone())
LIST = reverse("supervision:escalations")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city_leader(city):
    return UserFactory(username="city_leader", name="沈岩", post=(city, Role.CITY_LEADER))


def late(school, workdays=5, chases=2, **what):
    """Overdue by whole weeks of five workdays (counted to this Monday) and chased so often since then."""
    due_on = TODAY - timedelta(days=workdays // 5 * 7 + workdays % 5)
    hazard = HazardFactory(school=school, rectifying=True, due_on=due_on, **what)
    chased(hazard, chases)
    return hazard


def chased(hazard, times):
    for n in range(times):
        Chase.objects.create(hazard=hazard, school=hazard.school, at=NOW - timedelta(hours=n))


def propose(today=TODAY):
    return escalating.propose_all(today=today, now=NOW)


def found():
    return list(Escalation.objects.order_by("pk").values_list("hazard", "level"))


# When the next level is asked.


def test_both_numbers_are_needed(school, leader):
    enough = late(school)
    late(school, workdays=4 - 4, chases=9)  # due today: not late
    late(school, workdays=5, chases=1)
    late(school, workdays=20, chases=0)
    assert propose() == 1
    assert found() == [(enough.pk, Level.LEADER)]
    row = Escalation.objects.get()
    assert (row.days_late, row.chases, row.organisation) == (5, 2, school.parent)
    line = Notification.objects.get(user=leader)
    assert "逾期5个工作日、已催办2次" in line.text
    assert line.needs_action


def test_the_same_finding_is_put_once_and_a_new_deadline_anew(school, leader):
    hazard = late(school)
    assert [propose(), propose()] == [1, 0]
    Hazard.objects.filter(pk=hazard.pk).update(due_on=TODAY - timedelta(days=9))
    chased(hazard, 2)
    assert propose() == 1
    assert set(Escalation.objects.values_list("status", flat=True)) == {
        EscalationStatus.LAPSED, EscalationStatus.OPEN
    }  # fmt: skip


def test_chases_before_the_deadline_do_not_count(school):
    hazard = late(school, chases=0)
    for days in (8, 20):
        Chase.objects.create(hazard=hazard, school=school, at=NOW - timedelta(days=days))
    assert propose() == 0


def test_after_three_weeks_the_city_is_asked_too(school, city, leader, city_leader):
    hazard = late(school, workdays=15, chases=3)
    assert propose() == 2
    assert found() == [(hazard.pk, Level.LEADER), (hazard.pk, Level.CITY)]
    assert Notification.objects.get(user=city_leader).needs_action
    assert Escalation.objects.get(level=Level.CITY).organisation == city


def test_a_school_of_the_city_itself_has_one_level_only(city):
    own = OrganisationFactory(name="临江市第一中学", code="LJ001", parent=city)
    late(own, workdays=20, chases=9)
    assert propose() == 1
    assert Escalation.objects.get().organisation == city


def test_what_a_bureau_sets_holds_and_zero_is_never(school, neighbour, other_district, district):
    late(school, workdays=5, chases=1)
    Preference.objects.create(organisation=district, key="chasing.leader_chases", value=1)
    assert propose() == 1
    Preference.objects.create(organisation=district, key="chasing.leader_days", value=0)
    late(neighbour)
    assert propose() == 0


def test_what_is_not_late_any_more_lapses(school, leader):
    rows = [late(school), late(school), late(school)]
    assert propose() == 3
    Hazard.objects.filter(pk=rows[0].pk).update(awaits_funds_since=TODAY)
    Hazard.objects.filter(pk=rows[1].pk).update(due_on=TODAY + timedelta(days=5))
    assert escalating.lapse(today=TODAY, now=NOW) == 2
    assert escalating.lapse(today=TODAY, now=NOW) == 0
    assert Escalation.objects.get(status=EscalationStatus.OPEN).hazard == rows[2]
    assert Notification.objects.filter(user=leader, needs_action=True).count() == 1


# The decision.


@pytest.fixture
def row(school, leader, officer, clerk):
    late(school)
    propose()
    return Escalation.objects.select_related("hazard", "organisation", "school").get()


def test_a_leader_takes_it_up_with_an_instruction_for_school_and_staff(row, leader, officer, clerk):
    escalating.take_up(row, actor=leader, note="本周五前完成，否则挂牌督办", now=NOW)
    row.refresh_from_db()
    assert (row.status, row.decided_by) == (EscalationStatus.TAKEN, leader)
    for person in (officer, clerk):
        text = Notification.objects.filter(user=person, verb="supervision.escalation").latest("pk").text
        assert "本周五前完成" in text
    assert "take_escalation" in [verb.partition(".")[2] or verb for verb in verbs_of(row.hazard)]
    assert not Notification.objects.filter(user=leader, needs_action=True).exists()


def test_to_leave_it_needs_a_reason_and_tells_no_school(row, leader, officer):
    with pytest.raises(ValidationError):
        escalating.dismiss(row, actor=leader, note=" ", now=NOW)
    escalating.dismiss(row, actor=leader, note="明天完工", now=NOW)
    assert Escalation.objects.get().status == EscalationStatus.DISMISSED
    assert not Notification.objects.filter(user=officer).exists()
    assert propose() == 0  # the same finding is not put again


@pytest.mark.parametrize("who", ["clerk", "officer", "auditor", "city_clerk"])
def test_only_a_leader_decides(row, request, who):
    with pytest.raises(NotAllowed):
        escalating.take_up(row, actor=request.getfixturevalue(who), note="x", now=NOW)
    assert Escalation.objects.get().status == EscalationStatus.OPEN


def test_who_comes_second_is_refused(row, leader, city_leader):
    escalating.take_up(row, actor=city_leader, note="立即整改", now=NOW)
    with pytest.raises(NotAllowed, match="已作出决定"):
        escalating.dismiss(row, actor=leader, note="不用了", now=NOW)


def test_a_districts_leader_does_not_decide_for_the_city(school, leader, city_leader):
    late(school, workdays=15, chases=3)
    propose()
    asked = Escalation.objects.get(level=Level.CITY)
    with pytest.raises(NotAllowed, match="临江市教育局"):
        escalating.take_up(asked, actor=leader, note="x", now=NOW)
    assert [duty.weight for duty in escalation_duties(city_leader, NOW)] == [1]
    assert [duty.weight for duty in escalation_duties(leader, NOW)] == [1]


# The pages.


def test_from_the_desk_to_the_decision(client, row, leader, clerk):
    assert escalation_duties(clerk, NOW) == []
    duty = escalation_duties(leader, NOW)[0]
    client.force_login(leader)
    assert row.get_absolute_url() in client.get(duty.url).content.decode()
    assert client.get(row.get_absolute_url()).status_code == 200
    answer = client.post(row.get_absolute_url(), {"is_taken": "1", "note": "本周五前完成"})
    assert answer.status_code == 302
    assert "本周五前完成" in client.get(row.get_absolute_url()).content.decode()
    assert row.get_absolute_url() not in client.get(LIST).content.decode()
    assert row.get_absolute_url() in client.get(LIST, {"show": "all"}).content.decode()
    assert escalation_duties(leader, NOW) == []


@pytest.mark.parametrize(
    ("data", "field"), [({"is_taken": "1", "note": " "}, "note"), ({"note": "我写的批示"}, "is_taken")]
)
def test_bad_input_is_told_beside_the_field(client, row, leader, data, field):
    client.force_login(leader)
    answer = client.post(row.get_absolute_url(), data)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    assert data["note"].strip() in answer.content.decode()


def test_who_sees_it_and_who_does_not(client, row, clerk, auditor, officer, principal, stranger, admin):
    for person, status in [
        (clerk, 200), (auditor, 200), (officer, 404), (principal, 404), (stranger, 404), (admin, 404)
    ]:  # fmt: skip
        client.force_login(person)
        assert client.get(row.get_absolute_url()).status_code == status
        assert client.get(LIST).status_code == status
        if status == 404:
            assert client.post(row.get_absolute_url(), {"is_taken": "1", "note": "x"}).status_code == 404
    client.force_login(clerk)
    assert "由江北区教育局的领导决定" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(row.get_absolute_url(), {"is_taken": "1", "note": "x"}).status_code == 400
    assert Escalation.objects.get().status == EscalationStatus.OPEN


def test_the_list_costs_the_same_for_one_row_and_for_three(client, row, school, leader):
    client.force_login(leader)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    cost()
    one = cost()
    late(school), late(school)
    assert propose() == 2
    assert cost() == one

"""The work calendar's pages and verbs: whose days hold for whom."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from schoolsafety.core import calendar_data, calendars
from schoolsafety.core.checks import next_year_is_in_the_calendar
from schoolsafety.core.models import CalendarDay, Event, SchoolTerm
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for
from tests.factories import UserFactory

PAGE = "/calendar/"
Kind = CalendarDay.Kind


@pytest.fixture
def local(district):
    return UserFactory(post=(district, Role.ADMINISTRATOR))


def test_the_statutory_days_of_2026_are_loaded_once(as_admin, school):
    assert as_admin.post(f"{PAGE}?year=2026", {"seed": "1"}).status_code == 302
    count = CalendarDay.objects.count()
    as_admin.post(f"{PAGE}?year=2026", {"seed": "1"})
    assert CalendarDay.objects.count() == count > 20
    assert Event.objects.filter(verb="core.change_calendar").count() == 1
    calendar = calendar_for(school)
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.is_workday(date(2026, 10, 10))
    page = as_admin.get(PAGE, {"year": 2026}).content.decode()
    assert "2026" in page
    assert "调休上班" in page
    assert {"国庆节", "国庆节调休"} <= set(CalendarDay.objects.values_list("name", flat=True))


def test_a_year_that_nobody_knows_yet_is_said(as_admin):
    page = as_admin.post(f"{PAGE}?year=2099", {"seed": "1"}, follow=True).content.decode()
    assert "2099 年的放假安排尚未收录" in page
    assert not CalendarDay.objects.exists()


def test_a_day_is_set_changed_and_taken_out(as_admin, school):
    day = {"add_day": "1", "day": "2026-11-27", "kind": Kind.CLOSURE, "name": "大风停课"}
    as_admin.post(PAGE, day)
    row = CalendarDay.objects.get()
    assert row.organisation is None
    as_admin.post(PAGE, day | {"kind": Kind.HOLIDAY})
    row.refresh_from_db()
    assert row.kind == Kind.HOLIDAY
    as_admin.post(PAGE, {"drop": row.pk})
    assert not CalendarDay.objects.exists()
    assert Event.objects.filter(verb="core.change_calendar").count() == 3
    assert "已被删除" in as_admin.post(PAGE, {"drop": row.pk}, follow=True).content.decode()


@pytest.mark.parametrize("change", [{"day": "soon"}, {"kind": "feast"}, {"day": ""}])
def test_a_bad_day_is_explained(as_admin, change):
    answer = as_admin.post(
        PAGE, {"add_day": "1", "day": "2026-11-27", "kind": Kind.CLOSURE, "name": "x"} | change
    )
    assert answer.status_code == 400
    assert not CalendarDay.objects.exists()


def test_a_districts_day_holds_there_and_nowhere_else(client, local, school, other_district):
    client.force_login(local)
    client.post(PAGE, {"add_day": "1", "day": "2026-11-27", "kind": Kind.HOLIDAY, "name": "区内"})
    assert not calendar_for(school).is_workday(date(2026, 11, 27))
    assert calendar_for(other_district).is_workday(date(2026, 11, 27))


def test_a_district_changes_nothing_that_holds_for_everyone(client, local, district, city):
    row = CalendarDay.objects.create(day=date(2026, 11, 27), kind=Kind.HOLIDAY)
    client.force_login(local)
    client.post(PAGE, {"drop": row.pk})
    assert CalendarDay.objects.filter(pk=row.pk).exists()
    assert client.post(f"{PAGE}?year=2026", {"seed": "1"}).status_code == 403
    assert client.get(PAGE, {"place": city.pk}).status_code == 404
    with pytest.raises(PermissionDenied):
        calendars.set_day(city, actor=local, day=date(2026, 1, 1), kind=Kind.HOLIDAY)
    with pytest.raises(ValidationError):
        calendars.drop_day(district, actor=local, pk=row.pk)


def test_a_term_is_added_unless_it_overlaps_and_taken_out(as_admin, city, school):
    term = {"add_term": "1", "name": "秋季", "starts_on": "2026-09-01", "ends_on": "2027-01-20"}
    as_admin.post(PAGE, term)
    assert calendar_for(school).is_school_day(date(2026, 9, 1))
    again = as_admin.post(PAGE, term)
    assert again.status_code == 400
    assert "重叠" in again.content.decode()
    assert as_admin.post(PAGE, term | {"ends_on": "2026-08-01"}).status_code == 400
    as_admin.post(PAGE, {"drop_term": SchoolTerm.objects.get().pk})
    assert not SchoolTerm.objects.exists()
    assert "已被删除" in as_admin.post(PAGE, {"drop_term": "1"}, follow=True).content.decode()


def test_only_administrators_have_the_page(client, clerk):
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"seed": "1"}).status_code == 403


@pytest.mark.parametrize("query", [{"year": "x"}, {"year": "1"}, {"place": "x"}, {"year": "99999999999"}])
def test_a_strange_address_is_not_found(as_admin, query):
    assert as_admin.get(PAGE, query).status_code == 404


def test_from_november_on_a_missing_year_is_told_to_administrators(client, db, admin, officer):
    assert calendar_data.missing_year(date(2026, 10, 31)) is None
    assert calendar_data.missing_year(date(2026, 11, 1)) == 2027
    with time_machine.travel("2026-11-05 10:00+08:00"):
        assert [warning.id for warning in next_year_is_in_the_calendar(None)] == ["core.W001"]
        client.force_login(officer)
        assert "2027 年放假安排" not in client.get("/").content.decode()
        client.force_login(admin)
        assert "2027 年放假安排" in client.get("/").content.decode()
        CalendarDay.objects.create(day=date(2027, 1, 1), kind=Kind.HOLIDAY)
        assert "2027 年放假安排" not in client.get("/").content.decode()
        assert next_year_is_in_the_calendar(None) == []


def test_the_page_names_every_address_in_use():
    assert reverse("core:calendar") == PAGE

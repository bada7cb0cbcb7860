"""The list of notices, its workbook, its filters, its cost; the desk and the menu."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from inspections.duties import notice_duties
from inspections.models import Notice
from inspections.navigation import notices_waiting
from inspections.services import notices
from schoolsafety.core.duties import Rank
from tests.inspections.notice_ways import draft_at, hazards_at, issued_at, received_at, replied_at, url

LIST = reverse("inspections:notices")


@pytest.fixture
def now():
    return timezone.now()


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def numbers(page):
    return {row["number"] for row in page.context["page"].rows}


def test_the_list_costs_the_same_for_one_row_and_for_three(client, school, district, clerk, now):
    client.force_login(clerk)
    issued_at(school, district, clerk, now=now)
    one = cost(client, LIST)
    for _index in range(2):
        issued_at(school, district, clerk, now=now)
    assert cost(client, LIST) == one


@pytest.mark.parametrize("name", ["notice", "notice_review"])
def test_a_page_costs_the_same_for_one_item_and_for_three(
    client, school, district, clerk, officer, now, name
):
    few = replied_at(school, district, clerk, officer, count=1, now=now)
    many = replied_at(school, district, clerk, officer, count=3, now=now)
    client.force_login(clerk)
    cost(client, url(name, few))  # the content types are known from here on
    assert cost(client, url(name, many)) == cost(client, url(name, few))


def test_the_choice_costs_the_same_for_one_school_and_for_two(client, school, neighbour, district, clerk):
    one, two = hazards_at(school)[0], hazards_at(neighbour, 3)
    client.force_login(clerk)
    address = reverse("inspections:notice_new")
    few = cost(client, f"{address}?hazard={one.number}")
    query = "&".join(f"hazard={row.number}" for row in [one, *two])
    assert cost(client, f"{address}?{query}") == few


def test_the_list_is_filtered_by_state_school_days_and_words(client, school, neighbour, district, clerk, now):
    first = issued_at(school, district, clerk, now=now - timedelta(days=3))
    second = issued_at(neighbour, district, clerk, now=now)
    draft_at(school, district, clerk, now=now)
    item = second.items.get()
    item.text = "配电箱未上锁"
    item.save()
    client.force_login(clerk)
    today = timezone.localdate(now)
    for query, found in {
        "status=issued": {first.number, second.number}, "status=draft": {None},
        f"within={neighbour.pk}": {second.number}, f"since={today}": {second.number, None},
        f"until={today - timedelta(days=1)}": {first.number}, "q=配电箱": {second.number},
        f"q={first.number}": {first.number}, f"q={item.hazard.number}": {second.number},
        f"q={neighbour.name}": {second.number}, "q=没有的词": set(),
    }.items():  # fmt: skip
        assert numbers(client.get(f"{LIST}?{query}")) == found, query


def test_fifty_a_page_and_no_notice_is_lost_between_pages(client, school, district, clerk, now):
    values = {
        "bureau": district, "school": school, "checked_on": now, "reply_due_on": now, "review_on": now,
        "created_by": clerk, "basis": "x", "created_at": now,
    }  # fmt: skip
    Notice.objects.bulk_create([Notice(number=f"江北教安改〔2026〕{n}号", **values) for n in range(60)])
    client.force_login(clerk)
    first = client.get(LIST)
    second = client.get(LIST + first.context["page"].older)
    assert len(numbers(first)) == 50
    assert numbers(first) | numbers(second) == set(Notice.objects.values_list("number", flat=True))


def test_the_workbook_holds_what_the_filters_leave(client, school, district, clerk, now):
    notice = issued_at(school, district, clerk, now=now)
    draft_at(school, district, clerk, now=now)
    client.force_login(clerk)
    answer = client.get(f"{LIST}?status=issued&export=1")
    rows = load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["编号", "状态", "学校"]
    assert [row[:3] for row in rows[1:]] == [[notice.number, "已签发，待签收", school.name]]


# The desk.


def words_of(user, now):
    return [(duty.rank, duty.button, duty.url) for duty in notice_duties(user, now)]


def test_each_side_has_its_duty_in_turn(school, district, clerk, officer, principal, city_clerk, now):
    notice = issued_at(school, district, clerk, now=now)
    page = notice.get_absolute_url()
    assert words_of(officer, now) == words_of(principal, now) == [(Rank.SIGNATURE, "签收", page)]
    assert words_of(clerk, now) == []
    notices.sign_for(notice, actor=officer, post="安全主任", now=now)
    assert words_of(officer, now) == [(Rank.SOON, "回复", page)]
    assert words_of(officer, now + timedelta(days=40)) == [(Rank.OVERDUE, "回复", page)]
    assert words_of(clerk, now + timedelta(days=40)) == [(Rank.OVERDUE, "复查", page)]
    assert (notices_waiting(officer), notices_waiting(clerk)) == (1, 0)


def test_an_answer_lies_on_the_desk_of_the_bureau_that_issued(
    school, district, clerk, officer, city_clerk, now
):
    notice = replied_at(school, district, clerk, officer, now=now)
    assert words_of(clerk, now) == [(Rank.TODAY, "复查", notice.get_absolute_url())]
    assert words_of(city_clerk, now) == words_of(officer, now) == []
    assert notices_waiting(clerk) == 1


def test_those_who_only_read_have_no_duty(school, district, clerk, staff, auditor, admin, stranger, now):
    issued_at(school, district, clerk, now=now)
    assert [words_of(user, now) for user in (staff, auditor, admin, stranger)] == [[], [], [], []]


def test_the_desk_costs_one_query(school, district, clerk, officer, now, django_assert_num_queries):
    for _index in range(3):
        received_at(school, district, clerk, officer, now=now)
    assert officer.posts  # asked once a request
    with django_assert_num_queries(1):
        assert len(notice_duties(officer, now)) == 3

"""The lists of listed supervision, their workbooks, filters and cost; the desk, the menu, the reminders."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from schoolsafety.core.duties import Rank
from schoolsafety.core.models import Notification
from schoolsafety.core.roles import Role
from supervision.duties_listing import listing_duties
from supervision.models import Listing
from supervision.navigation_listing import listings_waiting
from supervision.schedule_listing import mornings
from supervision.services.listing_reminding import remind
from supervision.workflow.listing import ListingLevel, ListingStatus
from tests.factories import HazardFactory, UserFactory
from tests.inspections.conftest import picture
from tests.supervision.listing_ways import (
    NOW,
    TODAY,
    act_url,
    applied_at,
    draft_at,
    later,
    listed_at,
    major_at,
    published_at,
    reported_at,
    verbs_of,
)

LIST, WAITING = reverse("supervision:listings"), reverse("supervision:listings_waiting")


@pytest.fixture
def tuesday(monkeypatch):
    """The server's clock stands still."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def row(district, clerk, leader):
    """row(school, **fields): a running listing made without its paper, for tests that need many."""

    def made(school, **fields):
        number = Listing.objects.count() + 1
        values = {
            "hazard": fields.pop("hazard", None) or major_at(school), "school": school,
            "number": f"督{number}号",
            "organisation": district, "level": ListingLevel.DISTRICT, "status": ListingStatus.LISTED,
            "supervisor": clerk, "created_by": clerk, "created_at": NOW, "issued_at": NOW,
            "issued_by": leader, "due_on": TODAY + timedelta(days=90),
            "first_due_on": TODAY + timedelta(days=90), "next_report_on": TODAY + timedelta(days=7),
            "published_at": NOW, "published_by": leader,
        }  # fmt: skip
        return Listing.objects.create(**values | fields)

    return made


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def numbers(page):
    return {row["number"] for row in page.context["page"].rows}


def book(answer):
    return load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()


@pytest.mark.usefixtures("tuesday")
def test_the_list_costs_the_same_for_one_row_and_for_three(client, school, row, clerk):
    client.force_login(clerk)
    row(school)
    one = cost(client, LIST)
    row(school)
    row(school)
    assert cost(client, LIST) == one


@pytest.mark.usefixtures("tuesday")
def test_the_majors_that_wait_cost_the_same_for_one_and_for_three(client, school, clerk):
    client.force_login(clerk)
    major_at(school)
    one = cost(client, WAITING)
    major_at(school)
    major_at(school)
    assert cost(client, WAITING) == one


@pytest.mark.usefixtures("tuesday")
def test_a_page_costs_the_same_for_one_report_and_for_three(client, school, row, clerk, officer):
    few, many = row(school), row(school)
    for listing, count in [(few, 1), (many, 3)]:
        for _index in range(count):
            reported_at(listing, officer, photos=[picture()])
    client.force_login(clerk)
    cost(client, few.get_absolute_url())  # the content types are known from here on
    assert cost(client, many.get_absolute_url()) == cost(client, few.get_absolute_url())


@pytest.mark.usefixtures("tuesday")
def test_the_list_is_narrowed_by_queue_state_place_and_words(client, school, neighbour, row, clerk, officer):
    rows = {
        "late": row(school, next_report_on=TODAY - timedelta(days=1)),
        "soon": row(school, due_on=TODAY + timedelta(days=30)),
        "over": row(school, due_on=TODAY - timedelta(days=1)),
        "accept": row(school, status=ListingStatus.APPLIED, next_report_on=None),
        "delist": row(school, status=ListingStatus.ACCEPTED, next_report_on=None),
        "publish": row(school, published_at=None),
        "read": row(neighbour),
        "report": row(school, next_report_on=TODAY),
    }
    stranger = UserFactory(post=(neighbour, Role.SAFETY_OFFICER))
    reported_at(rows["read"], stranger)
    client.force_login(clerk)
    for queue in ("late", "soon", "over", "accept", "delist", "publish", "read"):
        assert numbers(client.get(f"{LIST}?queue={queue}")) == {rows[queue].number}, queue
    assert numbers(client.get(LIST)) == {each.number for each in rows.values()}
    for query, found in {
        "status=accepted": {rows["delist"].number}, f"within={neighbour.pk}": {rows["read"].number},
        f"q={rows['soon'].number}": {rows["soon"].number}, "q=没有的词": set(),
        f"q={rows['soon'].hazard.number}": {rows["soon"].number},
        f"q={neighbour.name}": {rows["read"].number},
    }.items():  # fmt: skip
        assert numbers(client.get(f"{LIST}?{query}")) == found, query
    client.force_login(officer)
    assert numbers(client.get(f"{LIST}?queue=report")) == {rows["late"].number, rows["report"].number}
    assert rows["read"].number not in numbers(client.get(LIST))


@pytest.mark.usefixtures("tuesday")
def test_withdrawn_drafts_are_shown_only_when_asked_for(client, school, row, clerk):
    gone = row(school, number=None, status=ListingStatus.WITHDRAWN)
    client.force_login(clerk)
    assert gone.pk not in {each["pk"] for each in client.get(LIST).context["page"].rows}
    found = client.get(f"{LIST}?status=withdrawn").context["page"].rows
    assert {each["pk"] for each in found} == {gone.pk}


@pytest.mark.usefixtures("tuesday")
def test_only_open_majors_without_a_listing_wait(client, school, neighbour, row, clerk):
    waiting = major_at(school)
    row(school)
    row(school, hazard=waiting, number=None, status=ListingStatus.WITHDRAWN)
    HazardFactory(school=school, rectifying=True)
    major_at(neighbour, status="submitted")
    client.force_login(clerk)
    assert numbers(client.get(WAITING)) == {waiting.number}
    table = book(client.get(f"{WAITING}?export=1"))
    assert [line[0] for line in table[1:]] == [waiting.number]


@pytest.mark.usefixtures("tuesday")
def test_the_workbooks_hold_what_the_filters_leave(client, school, row, clerk, officer):
    listing, _other = row(school), row(school, status=ListingStatus.ACCEPTED)
    reported_at(listing, officer, now=later(9), funds_spent=1200)
    client.force_login(clerk)
    table = book(client.get(f"{LIST}?status=listed&export=1"))
    assert [line[0] for line in table[1:]] == [listing.number]
    assert (table[0][13], table[1][13], table[1][14]) == ("已报次数", 1, 1)
    reports = book(client.get(f"{LIST}?status=listed&export=reports"))
    assert [(line[0], line[6], line[10]) for line in reports[1:]] == [(listing.number, "逾期", 1200)]


# The desk.


def words_of(user, now=NOW):
    user.__dict__.pop("_listing_duties", None)
    return {(duty.rank, duty.url) for duty in listing_duties(user, now)}


def queue(name):
    return f"{LIST}?queue={name}"


def test_the_school_is_asked_for_what_comes_next(school, row, officer, principal, staff):
    listing = row(school)
    report = act_url(listing, "report")
    assert words_of(officer) == words_of(staff) == set()
    assert words_of(officer, later(5)) == {(Rank.SOON, report)}
    assert words_of(principal, later(7)) == {(Rank.TODAY, report)}
    assert words_of(officer, later(8)) == {(Rank.OVERDUE, report)}
    type(listing.hazard).objects.filter(pk=listing.hazard_id).update(status="submitted")
    assert words_of(officer) == {(Rank.SOON, act_url(listing, "apply"))}


def test_staff_and_leaders_have_their_own_queues(school, district, row, clerk, leader, officer, city_clerk):
    row(school, number=None, status=ListingStatus.DRAFT, published_at=None)
    row(school, status=ListingStatus.APPLIED, next_report_on=None)
    row(school, status=ListingStatus.ACCEPTED, next_report_on=None)
    row(school, published_at=None)
    reported_at(row(school), officer)
    assert words_of(clerk) == {(Rank.TODAY, queue("accept")), (Rank.TODAY, queue("read"))}
    assert words_of(leader) == {(Rank.SIGNATURE, queue(name)) for name in ("issue", "delist", "publish")}
    assert words_of(clerk, later(15)) >= {(Rank.SOON, queue("late"))}
    assert words_of(leader, later(91)) >= {(Rank.OVERDUE, queue("over"))}
    assert words_of(city_clerk) == set()  # the district supervises these


def test_after_a_move_it_lies_on_the_new_superiors_desk(school, other_district, row, clerk):
    row(school, status=ListingStatus.APPLIED)
    school.parent, school.path = other_district, f"{other_district.path}{school.pk}/"
    school.save()
    heir = UserFactory(post=(other_district, Role.DISTRICT_STAFF))
    assert words_of(clerk) == set()
    assert words_of(heir) == {(Rank.TODAY, queue("accept"))}


def test_desk_and_menu_cost_one_query_together(school, row, clerk, officer, django_assert_num_queries):
    for _index in range(3):
        row(school, next_report_on=TODAY)
    assert clerk.posts  # asked once a request
    assert officer.posts
    with django_assert_num_queries(1):
        listing_duties(clerk, NOW)
        listings_waiting(clerk)
    with django_assert_num_queries(1):
        assert len(listing_duties(officer, NOW)) == 3


# Reminders.


def lines(user):
    verbs = Notification.objects.filter(user=user, verb__contains="listing").order_by("pk")
    return list(verbs.values_list("verb", flat=True))


def test_a_report_is_reminded_of_on_its_day_and_once_when_late(school, row, officer, clerk):
    listing = row(school)
    assert remind(on=TODAY, now=NOW) == 0
    day = listing.next_report_on
    assert [remind(on=day, now=NOW) for _index in range(2)] == [1, 0]
    assert (lines(officer), lines(clerk)) == (["supervision.remind_listing"], [])
    for days in (1, 2, 3):
        remind(on=day + timedelta(days=days), now=NOW)
    assert lines(officer) == ["supervision.remind_listing"] * 2
    assert lines(clerk) == ["supervision.late_listing"]
    assert verbs_of(listing) == ["remind_listing"] * 2


def test_reminders_go_out_on_workday_mornings(db):
    assert [key for key, _arguments in mornings(NOW - timedelta(days=1), NOW)] == ["2026-11-24"]
    saturday = later(4)
    assert mornings(saturday - timedelta(days=1), saturday) == []
    before = NOW.replace(hour=7, minute=0)
    assert mornings(before - timedelta(days=1), before) == []


# With real papers, once: the flags of a row.


@pytest.mark.usefixtures("tuesday")
def test_the_flags_say_what_is_missing(client, school, district, clerk, leader, officer):
    draft_at(school, district, clerk)
    listed_at(school, district, clerk, leader, now=later(-30))
    applied_at(published_at(school, district, clerk, leader), officer)
    client.force_login(clerk)
    rows = client.get(LIST).context["rows"]
    kinds = {row["number"]: [kind for kind, _text in row["flags"]] for row in rows}
    assert kinds["江北教安督〔2026〕1号"] == ["late", "late"]  # report and publication
    assert kinds["江北教安督〔2026〕2号"] == []

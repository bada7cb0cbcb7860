"""The ledger: filters, queues, key-set pages, fixed numbers of queries, the workbook, acts on many rows."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from hazards import services
from hazards.models import Hazard
from hazards.workflow import Grade, Source, Status
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import Role
from tests.factories import CategoryFactory, HazardFactory, OrganisationFactory, UserFactory

LIST = reverse("hazards:list")


def numbers(page):
    return [row["number"] for row in page.context["rows"]]


def ask(client, **query):
    return client.get(LIST, query)


@pytest.fixture
def some(school, neighbour):
    """Five hazards that differ in everything that can be filtered."""
    today = localdate()
    return {
        "plain": HazardFactory(school=school, title="通道堆物", rectifying=True),
        "late": HazardFactory(school=school, rectifying=True, due_on=today - timedelta(days=3)),
        "major": HazardFactory(school=school, proposed_grade=Grade.MAJOR, place="锅炉房", due_on=None),
        "closed": HazardFactory(
            school=neighbour, closed=True, source=Source.INSPECTION, found_on=today - timedelta(days=40)
        ),
        "food": HazardFactory(school=neighbour, category=CategoryFactory(code="SP"), submitted=True),
    }


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({}, {"plain", "late", "major", "closed", "food"}),
        ({"q": "堆物"}, {"plain", "late", "closed", "food", "major"}),
        ({"q": "锅炉"}, {"major"}),
        ({"q": "不存在"}, set()),
        ({"status": "open"}, {"plain", "late", "major", "food"}),
        ({"status": "closed"}, {"closed"}),
        ({"grade": "major"}, {"major"}),
        ({"category": "SP"}, {"food"}),
        ({"source": "inspection"}, {"closed"}),
        ({"found_to": str(localdate() - timedelta(days=30))}, {"closed"}),
        ({"found_from": str(localdate() - timedelta(days=30))}, {"plain", "late", "major", "food"}),
        ({"queue": "overdue"}, {"late"}),
        ({"queue": "grade"}, {"major"}),
        ({"queue": "fix"}, {"plain", "late"}),
        ({"queue": "nonsense"}, {"plain", "late", "major", "closed", "food"}),
        ({"queue": "overdue", "q": "不存在"}, set()),
        ({"found_from": "yesterday"}, {"plain", "late", "major", "closed", "food"}),
        ({"status": "melted"}, {"plain", "late", "major", "closed", "food"}),
    ],
)
def test_filters_and_queues_leave_exactly_what_fits(enter, clerk, some, query, left):
    page = ask(enter(clerk), **query)
    assert set(numbers(page)) == {some[name].number for name in left}


def test_a_district_narrows_by_school_and_a_city_by_district(
    enter, clerk, city_clerk, some, school, district
):
    own = {some[name].number for name in ("plain", "late", "major")}
    assert set(numbers(ask(enter(clerk), within=school.pk))) == own
    assert len(numbers(ask(enter(city_clerk), within=district.pk))) == 5


def test_a_large_city_searches_schools_by_name_and_still_takes_a_link(enter, city_clerk, some, city, school):
    OrganisationFactory.create_batch(41, parent=city)
    page = ask(enter(city_clerk), school="育才")
    assert len(numbers(page)) == 3
    assert str(page.content.decode()).count("<option") < 60
    linked = ask(enter(city_clerk), within=school.pk)
    assert len(numbers(linked)) == 3
    assert school.name in linked.content.decode()


def test_a_foreign_place_in_the_address_shows_nothing_of_it(enter, stranger, some, school):
    page = ask(enter(stranger), within=school.pk)
    assert {some["plain"].number, some["late"].number}.isdisjoint(numbers(page))


def test_what_to_verify_depends_on_who_looks(enter, make, clerk, principal, officer, school):
    own = HazardFactory(school=school, submitted=True, submitted_by=officer)
    by_principal = HazardFactory(school=school, submitted=True, submitted_by=principal)
    bureau = HazardFactory(school=school, submitted=True, source=Source.INSPECTION)
    old = HazardFactory(school=school, submitted=True, submitted_at=timezone.now() - timedelta(days=9))

    assert set(numbers(ask(enter(principal), queue="verify"))) == {own.number, old.number}
    assert set(numbers(ask(enter(clerk), queue="verify"))) == {bureau.number, old.number}
    assert by_principal.number in numbers(ask(enter(clerk), status="submitted"))


def test_the_tabs_count_what_their_queues_hold(enter, clerk, some, officer):
    HazardFactory(school=some["plain"].school, status=Status.VERIFIED, grade=Grade.GENERAL)
    services.ask_extension(
        some["plain"], actor=officer, reason="等配件", due_on=localdate() + timedelta(9), now=timezone.now()
    )
    page = ask(enter(clerk))
    for tab in page.context["queues"][1:]:
        rows = numbers(enter(clerk).get(tab["url"]))
        assert len(rows) == tab["count"], tab
    assert sum(tab["count"] for tab in page.context["queues"][1:]) == 4


def test_pages_follow_each_other_in_both_directions_without_gap_or_double(enter, clerk, school):
    moment = timezone.now()
    for index in range(120):  # many share one instant: the id decides
        HazardFactory(school=school, found_at=moment - timedelta(minutes=index // 7))
    client, seen, address, back = enter(clerk), [], LIST, []
    while address:
        page = client.get(address)
        seen.append(numbers(page))
        older = page.context["page"].older
        address, back = (LIST + older if older else None), [*back, page]
    assert [len(rows) for rows in seen] == [50, 50, 20]
    assert len({number for rows in seen for number in rows}) == 120
    second = client.get(LIST + back[2].context["page"].newer)
    assert numbers(second) == seen[1]
    first = client.get(LIST + second.context["page"].newer)
    assert numbers(first) == seen[0]
    assert first.context["page"].newer is None


def test_a_cursor_that_is_none_is_not_found(enter, clerk):
    assert enter(clerk).get(LIST, {"before": "yesterday"}).status_code == 404


def cost(client, address):
    """How many queries the page makes."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_ledger_costs_the_same_at_one_three_and_sixty_rows(enter, clerk, school):
    client, costs = enter(clerk), []
    client.get(LIST)
    for more in (1, 2, 57):
        HazardFactory.create_batch(more, school=school, rectifying=True)
        costs.append(cost(client, LIST))
    assert set(costs) == {costs[0]}
    # Ours: places, categories, page, count, queues, saved views, two marks. The rest: session, person, menu.
    assert costs[0] <= 20


def test_the_page_of_a_case_costs_the_same_with_one_and_three_of_everything(
    enter, make, clerk, officer, photo
):
    hazard = make(photos=[photo()])
    client, address, costs = enter(clerk), hazard.get_absolute_url(), []
    client.get(address)
    for more in (0, 2):
        for _time in range(more):
            services.comment(hazard, actor=officer, note="巡查", photos=[photo()], now=timezone.now())
        costs.append(cost(client, address))
    assert costs[0] == costs[1] <= 21


# --- the workbook --------------------------------------------------------------------------------
def rows_of(answer):
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


@pytest.mark.parametrize(
    "query", [{}, {"status": "open"}, {"queue": "overdue"}, {"q": "锅炉"}, {"grade": "major"}]
)
def test_the_workbook_holds_exactly_what_the_filters_leave(enter, clerk, some, query):
    page = ask(enter(clerk), **query)
    head, *rows = rows_of(enter(clerk).get(page.context["export"]))
    assert [row[1] for row in rows] == numbers(page)
    assert head[1:3] == ("台账号", "学校")


def test_the_workbook_names_people_money_and_dates(enter, clerk, principal, officer, make, photo):
    hazard = make(description="纸箱约二十个")
    services.submit(
        hazard, actor=officer, measure="=已清走", cost=12000, photos=[photo()], now=timezone.now()
    )
    services.close(hazard, actor=principal, now=timezone.now())
    head, row = rows_of(enter(clerk).get(reverse("hazards:export")))
    cells = dict(zip(head, row, strict=True))
    assert cells["排查人"] == "李明"
    assert cells["整改资金（万元）"] == 1.2
    assert cells["整改措施"] == "'=已清走"  # never a formula
    assert cells["状态"] == "已销号"
    assert cells["销号日期"].date() == localdate()


def test_a_stranger_exports_nothing_of_others(enter, stranger, some, neighbour):
    rows = rows_of(enter(stranger).get(reverse("hazards:export")))[1:]
    assert {row[2] for row in rows} == {neighbour.name}


def test_only_what_one_may_do_is_offered(enter, clerk, officer, principal, some):
    assert ask(enter(officer)).context["bulk"] == []
    assert [value for value, _label in ask(enter(principal), queue="verify").context["bulk"]] == ["close"]
    assert "chase" in dict(ask(enter(clerk)).context["bulk"])


# --- empty and elsewhere -------------------------------------------------------------------------
@pytest.mark.parametrize("query", [{}, {"queue": "overdue"}, {"q": "没有"}])
def test_an_empty_ledger_says_what_comes_next(enter, clerk, query):
    assert 'class="empty"' in ask(enter(clerk), **query).content.decode()


def test_a_school_that_moves_takes_its_cases_along(enter, clerk, other_district, some, school):
    other = UserFactory(post=(other_district, Role.DISTRICT_STAFF))
    Organisation.objects.filter(pk=school.pk).update(
        parent=other_district, path=f"{other_district.path}{school.pk}/"
    )
    assert len(numbers(ask(enter(other)))) == 3
    assert len(numbers(ask(enter(clerk)))) == 2
    assert Hazard.objects.count() == 5

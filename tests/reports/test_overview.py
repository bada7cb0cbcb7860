"""The overview: every number equals the list that it opens, and costs the same for any number of schools."""

import re
from html import unescape

import pytest

from reports import services
from reports.queries import overview_units
from tests.factories import CategoryFactory, OrganisationFactory
from tests.reports.conftest import FRIDAY, MONDAY, at, cost, found, sign_in, walk

PAGE = "/overview/"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(at("2026-11-20 16:30"))


@pytest.fixture
def busy(drafted, school, neighbour):
    walk(school, "2026-11-20")
    walk(neighbour, "2026-11-20", patrols=0)
    found(school, "2026-11-01", due_on="2026-11-03", rectifying=True)
    found(
        school,
        "2026-11-15",
        due_on="2026-11-25",
        rectifying=True,
        category=CategoryFactory(code="SP", name="饮食卫生"),
    )
    found(neighbour, "2026-10-30", due_on="2026-12-30", major=True, title="围墙倾斜")


def test_the_headline_is_the_answer(client, clerk, busy):
    sign_in(client, clerk)
    answer = client.get(PAGE)
    assert "1件隐患逾期，1件重大隐患未销号" in answer.text
    assert "江北区实验中学" in answer.text.split("今日未巡查")[1]


def test_every_link_of_the_heat_table_and_of_the_ages_opens_as_many_as_it_says(client, clerk, busy):
    sign_in(client, clerk)
    text = unescape(client.get(PAGE).text)
    links = re.findall(r'href="(/h/\?status=open[^"]*)">(?:[^<·]*· )?(\d+)<', text)
    assert len(links) >= 7
    for url, number in links:
        assert client.get(url).context["count"] == int(number), url


def test_the_month_shows_what_was_found_in_it(client, clerk, busy):
    sign_in(client, clerk)
    answer = client.get(f"{PAGE}?month=2026-10-01")
    assert [row["total"] for row in answer.context["heat"]["rows"]] == [1]
    (url,) = {row["url"] for row in answer.context["heat"]["rows"]}
    assert client.get(url).context["count"] == 1


def test_numbers_have_their_denominators(client, clerk, busy):
    sign_in(client, clerk)
    numbers = [(row["n"], row["total"]) for row in client.get(PAGE).context["numbers"]]
    assert numbers == [(1, 2), (1, 4), (0, 1), (0, 2)]


def test_a_principal_sees_the_own_school_only(client, principal, busy, district):
    sign_in(client, principal)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "江北区实验中学" not in answer.text
    assert client.get(f"{PAGE}?within={district.pk}").status_code == 404


@pytest.mark.parametrize("person", ["officer", "staff"])
def test_who_has_no_overview_gets_none(request, client, busy, person):
    sign_in(client, request.getfixturevalue(person))
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("query", ["within=abc", "within=99999"])
def test_a_place_out_of_reach_is_not_found(client, clerk, busy, query):
    sign_in(client, clerk)
    assert client.get(f"{PAGE}?{query}").status_code == 404


def test_a_month_that_is_none_shows_what_is_open(client, clerk, busy):
    sign_in(client, clerk)
    assert client.get(f"{PAGE}?month=gestern").context["month"] is None


def test_an_empty_city_has_a_page_too(client, city_clerk):
    sign_in(client, city_clerk)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "没有隐患逾期" in answer.text


def test_the_overview_costs_the_same_for_three_schools_and_for_thirty(client, term, district, clerk):
    sign_in(client, clerk)
    counts = []
    for number in (3, 27):
        for school in OrganisationFactory.create_batch(number, parent=district):
            found(school, "2026-11-18", major=True)
            walk(school, "2026-11-20", patrols=0)
        services.draft_week(MONDAY, now=FRIDAY)
        counts.append(cost(client, PAGE))
    assert counts[0] == counts[1]


def test_an_administrators_post_opens_no_cases(admin, district):
    assert not overview_units(admin).exists()

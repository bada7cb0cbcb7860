"""The lists of measures: filters, workbook, what they cost; the desk and the links."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import load_workbook

from schoolsafety.core.duties import Rank
from schoolsafety.core.navigation import place_links
from supervision.duties_measures import measure_duties, proposal_duties
from supervision.models import MeasureTrigger, Proposal
from supervision.navigation_measures import measures_waiting
from supervision.services import measures
from tests.factories import UserFactory
from tests.supervision.measure_ways import (
    draft_of,
    hazard_at,
    issued,
    ready,
    url,
)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def proposal(school, now, today):
    MeasureTrigger.objects.exclude(code="overdue-interview").update(is_active=False)
    hazard_at(school, title="疏散通道堆物", due_on=today - timedelta(days=30))
    measures.propose_all(today=today, now=now)
    return Proposal.objects.get()


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def text_of(answer):
    return answer.content.decode()


def test_the_list_shows_filters_and_exports(client, school, neighbour, clerk, leader):
    one = issued("circular", school, clerk, leader)
    two = issued("ban", neighbour, clerk, leader)
    draft_of("yellow_card", school, clerk)
    client.force_login(clerk)
    for query, found in {
        "": 3, "kind=ban": 1, "status=draft": 1, "q=刘芳": 1, f"q={one.number}": 1,
        f"within={neighbour.pk}": 1, "q=没有": 0,
    }.items():  # fmt: skip
        assert len(client.get(f"{url('measures')}?{query}").context["page"].rows) == found, query
    answer = client.get(f"{url('measures')}?kind=ban&export=1")
    rows = load_workbook(BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [two.number]


def test_a_school_lists_only_what_it_was_told(client, school, clerk, leader, officer):
    measure = issued("circular", school, clerk, leader)
    ready("yellow_card", school, clerk)
    client.force_login(officer)
    rows = client.get(url("measures")).context["page"].rows
    assert [row["number"] for row in rows] == [measure.number]
    assert "新建" not in text_of(client.get(url("measures")))
    assert client.get(url("measure_new")).status_code == 403
    assert not client.get(url("proposals")).context["page"].rows


@pytest.mark.parametrize("name", ["measures", "bans", "triggers"])
def test_a_list_costs_the_same_for_one_row_and_for_three(client, school, clerk, leader, name):
    client.force_login(clerk)
    issued("ban", school, clerk, leader)
    one = cost(client, url(name))
    for _index in range(2):
        issued("ban", school, clerk, leader)
    assert cost(client, url(name)) == one


def test_the_proposals_cost_the_same_for_one_row_and_for_three(client, school, clerk, proposal, now, today):
    client.force_login(clerk)
    one = cost(client, url("proposals"))
    for _index in range(2):
        hazard_at(school, due_on=today - timedelta(days=30))
    assert measures.propose_all(today=today, now=now) == 2
    assert cost(client, url("proposals")) == one


def test_the_hazards_page_costs_one_query_more_whatever_hangs_on_it(client, school, clerk, leader):
    hazard = hazard_at(school)
    client.force_login(clerk)
    measure = issued("circular", school, clerk, leader, hazard=hazard)
    page = hazard.get_absolute_url()
    cost(client, page)  # the content types are known from here on
    one = cost(client, page)
    issued("yellow_card", school, clerk, leader, hazard=hazard)
    assert cost(client, page) == one
    assert measure.number in text_of(client.get(page))


def desk(user, now):
    return [(duty.rank, duty.url) for duty in measure_duties(user, now)]


def test_each_side_has_its_duty_in_turn(school, clerk, leader, officer, principal, auditor, now, today):
    measure = draft_of("circular", school, clerk, now)
    page = measure.get_absolute_url()
    assert desk(clerk, now) == [(Rank.SOON, page)]
    measures.submit(measure, actor=clerk, now=now)
    assert (desk(clerk, now), desk(leader, now)) == ([], [(Rank.SIGNATURE, page)])
    assert desk(officer, now) == desk(principal, now) == []
    measures.issue(measure, actor=leader, now=now)
    assert desk(officer, now) == desk(principal, now) == [(Rank.SOON, page)]
    assert desk(officer, now + timedelta(days=60)) == [(Rank.OVERDUE, page)]
    assert (measures_waiting(officer), measures_waiting(clerk), measures_waiting(auditor)) == (1, 0, 0)
    measures.appeal(measure, actor=principal, reason="有误", now=now)
    assert desk(leader, now) == []  # not by who issued it
    other = UserFactory(post=(school.parent, "district_leader"))
    assert desk(other, now) == [(Rank.SOON, page)]
    above = UserFactory(post=(school.parent.parent, "city_leader"))
    assert desk(above, now) == [(Rank.SOON, page)]


def test_a_period_that_is_over_lies_on_the_desk(school, clerk, leader, officer, now, today):
    measure = issued("yellow_card", school, clerk, leader, now, until=today + timedelta(days=30))
    measures.finish(measure, "report", actor=officer, done_on=today, now=now, text="已改")
    assert desk(clerk, now) == []
    assert desk(clerk, now + timedelta(days=31)) == [(Rank.SOON, measure.get_absolute_url())]


def test_proposals_lie_on_the_bureaus_desk_alone(proposal, clerk, city_clerk, officer, auditor, now):
    assert proposal_duties(city_clerk, now) == []  # may read and decide; it is not the city's desk
    assert [duty.weight for duty in proposal_duties(clerk, now)] == [1]
    assert proposal_duties(officer, now) == proposal_duties(auditor, now) == []


def test_the_desk_costs_one_query_each(school, clerk, proposal, now, django_assert_num_queries):
    for _index in range(3):
        draft_of("circular", school, clerk, now)
    assert clerk.posts
    with django_assert_num_queries(2):
        assert len(measure_duties(clerk, now)) == 3
        assert proposal_duties(clerk, now)


def test_a_schools_page_links_to_its_measures_for_the_bureau(school, clerk, officer, district):
    address = f"{url('measures')}?within={school.pk}"
    assert address in [link for _label, link in place_links(school, clerk)]
    assert address not in [link for _label, link in place_links(school, officer)]
    assert not [link for _label, link in place_links(district, clerk) if "measures" in link]

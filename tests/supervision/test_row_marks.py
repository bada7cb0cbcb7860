"""What supervision marks on rows of the ledgers: a place out of use, a hazard under listed supervision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from supervision.models import StopOrder
from supervision.workflow.stops import StopStatus
from tests.factories import HazardFactory
from tests.supervision import listing_ways, stop_ways

LEDGERS = [reverse("hazards:list"), reverse("supervision:ledger") + "?part=major"]


def marks(client, address, hazard):
    rows = {row["number"]: row for row in client.get(address).context["rows"]}
    return [text for _kind, text in rows[hazard.number]["flags"]]


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.mark.parametrize("address", LEDGERS)
def test_a_place_out_of_use_and_a_listed_hazard_are_marked(
    as_clerk, school, district, clerk, leader, address
):
    now = timezone.now()
    stopped = stop_ways.issued(stop_ways.major_at(school), clerk, leader, now=now).hazard
    listed = listing_ways.listed_at(school, district, clerk, leader, now=now).hazard
    plain = HazardFactory(school=school, major=True)

    assert "停用中" in marks(as_clerk, address, stopped)
    assert "督办中" in marks(as_clerk, address, listed)
    assert not {"停用中", "督办中"} & set(marks(as_clerk, address, plain))


def test_a_draft_and_what_was_resumed_are_not_marked(as_clerk, school, district, clerk, leader):
    now = timezone.now()
    order = stop_ways.issued(stop_ways.major_at(school), clerk, leader, now=now)
    draft = listing_ways.draft_at(school, district, clerk, now).hazard
    StopOrder.objects.filter(pk=order.pk).update(status=StopStatus.RESUMED)
    assert "停用中" not in marks(as_clerk, LEDGERS[0], order.hazard)
    assert "督办中" not in marks(as_clerk, LEDGERS[0], draft)


def test_a_school_sees_the_marks_of_what_it_was_told_of(client, officer, school, clerk, leader):
    hazard = stop_ways.issued(stop_ways.major_at(school), clerk, leader, now=timezone.now()).hazard
    client.force_login(officer)
    assert "停用中" in marks(client, LEDGERS[0], hazard)


def test_marks_cost_two_queries_whatever_the_rows(as_clerk, school, clerk, leader):
    costs = []
    as_clerk.get(LEDGERS[0])
    for more in (1, 2):
        for _n in range(more):
            stop_ways.issued(stop_ways.major_at(school), clerk, leader, now=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            as_clerk.get(LEDGERS[0])
        costs.append(sum("stoporder" in each["sql"].lower() for each in asked))
    assert costs == [1, 1]
